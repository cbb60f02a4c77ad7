//! Pages of a list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::discovery::Operation;
use crate::google_error::GoogleError;

/// The page that a request asks for.
pub(super) struct ListPage {
    /// The place of its first record, among those of the shelf.
    start: usize,
    size: usize,
    /// What the list was restricted to: a token is good for the same list only.
    list: String,
}

impl ListPage {
    /// Reads `pageSize` and `pageToken`. Larger sizes than the maximum are cut, as Google does.
    pub(super) fn of(operation: &Operation, sizes: Sizes) -> Result<Self, GoogleError> {
        let size: i64 = match operation.parameter("pageSize") {
            Some(text) => text.parse().unwrap_or_default(),
            None => 0,
        };
        let size = match usize::try_from(size) {
            Ok(0) => sizes.default,
            Ok(size) => size.min(sizes.max),
            Err(_) => return Err(GoogleError::invalid_argument("page_size is negative.")),
        };
        let list = digest(operation.parameter("filter").unwrap_or_default());
        let start = match operation.parameter("pageToken") {
            Some(token) => start_of(token, &list)
                .ok_or_else(|| GoogleError::invalid_argument("Invalid page_token."))?,
            None => 0,
        };
        Ok(Self { start, size, list })
    }

    /// The page's records, and the token of the page after it if there is one.
    pub(super) fn cut<'a, T>(
        &self,
        records: impl Iterator<Item = (usize, &'a T)>,
        wanted: impl Fn(&T) -> bool,
    ) -> (Vec<&'a T>, Option<String>) {
        let mut found = records
            .skip_while(|(place, _)| *place < self.start)
            .filter(|(_, record)| wanted(record));
        let page = found.by_ref().take(self.size).map(|(_, r)| r).collect();
        let next = found
            .next()
            .map(|(place, _)| URL_SAFE_NO_PAD.encode(format!("{place} {}", self.list)));
        (page, next)
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Where the request does not say.
    pub(super) default: usize,
    /// At most.
    pub(super) max: usize,
}

fn start_of(token: &str, list: &str) -> Option<usize> {
    let text = URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = String::from_utf8(text).ok()?;
    let (place, of) = text.split_once(' ')?;
    (of == list).then_some(place.parse().ok()?)
}

fn digest(filter: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(filter))
}
