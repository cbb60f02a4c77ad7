//! Google's pages, as plain as they can be. They need nothing but themselves, so that they look the same
//! where the simulator has no other pages.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::host_answer::HostAnswer;

/// What every page of Google's carries within itself.
pub(crate) const STYLE: &str = include_str!("../templates/google/style.css");

const HTML: &str = "text/html; charset=utf-8";

/// A page, and what the log says about it.
pub(crate) fn answer(status: StatusCode, page: &impl Template, summary: &str) -> HostAnswer {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    // No `form-action`: browsers would apply it to the redirect that follows.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    // Rendering writes to memory and cannot fail; an empty page is still no panic.
    let mut answer = HostAnswer::ok(HTML, page.render().unwrap_or_default(), summary);
    answer.status = status;
    answer.with_header(header::CONTENT_SECURITY_POLICY, &policy)
}

/// Sends the browser back to where it came from.
pub(crate) fn back(location: &str, summary: &str) -> HostAnswer {
    let mut answer = HostAnswer::ok(HTML, String::new(), summary);
    answer.status = StatusCode::FOUND;
    answer.with_header(header::LOCATION, location)
}

/// The value of a cookie, empty if there is none.
pub fn cookie(headers: &HeaderMap, name: &str) -> String {
    let all = headers.get_all(header::COOKIE).into_iter();
    all.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(cookie, _)| *cookie == name)
        .map_or_else(String::new, |(_, value)| value.to_owned())
}

/// The first letters of a person's first two names.
pub fn initials(name: &str) -> String {
    let words = name.split_whitespace().take(2);
    words.filter_map(|word| word.chars().next()).collect()
}
