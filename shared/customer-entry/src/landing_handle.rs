//! A landing's public name.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;

/// Handles are 64 random bits: enough to keep tabs apart, secret of nothing.
const HANDLE_BYTES: usize = 8;

/// A landing's public name: it may stand in a URL and in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LandingHandle(String);

impl LandingHandle {
    /// A handle that no other landing of this browser has.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; HANDLE_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads a handle from a form or a query; anything but 64 bits in base64url is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == HANDLE_BYTES).then(|| Self(text.to_owned()))
    }

    /// The handle in the query of a page of ours.
    pub(crate) fn in_query(query: Option<&str>) -> Option<Self> {
        query?.strip_prefix("landing=").and_then(Self::parse)
    }

    /// The handle as it stands in a URL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_bits_are_a_handle() {
        let handle = LandingHandle::random().unwrap();
        assert_eq!(LandingHandle::parse(handle.as_str()), Some(handle));
        for text in [
            "",
            "AAAA",
            "AAAAAAAAAAA=",
            "AAAAAAAAAA;",
            "AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(LandingHandle::parse(text), None, "{text}");
        }
    }
}
