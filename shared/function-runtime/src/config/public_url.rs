//! Where a function is reached.

use url::{Origin, Url};

use super::Expected;
use super::parse::is_loopback;

const EXPECTED: Expected = Expected::Phrase(
    "an https origin without a path, such as https://signup.example.com, or http on localhost",
);

/// The origin under which browsers and callers reach a function: `https`, or `http` on this very
/// machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    loopback: bool,
}

impl PublicUrl {
    /// Reads an origin. A path, query, fragment or user name is refused: they would be lost.
    pub fn parse(text: &str) -> Result<Self, Expected> {
        let url = origin_only(text).ok_or(EXPECTED)?;
        let loopback = url.host().is_some_and(|host| is_loopback(&host));
        if url.scheme() == "http" && !loopback {
            return Err(EXPECTED);
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            loopback,
        })
    }

    /// The origin as browsers write it in `Origin`: no trailing slash, no default port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of a path, which starts with a slash.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Whether it is on this very machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// An `http` or `https` URL that is nothing but an origin.
pub(super) fn origin_only(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let bare = matches!(url.scheme(), "http" | "https")
        && matches!(url.origin(), Origin::Tuple(..))
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    bare.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for (text, origin) in [
            ("https://Signup.Example.com/", "https://signup.example.com"),
            (
                "https://signup.example.com:443",
                "https://signup.example.com",
            ),
            (
                "https://signup.example.com:8443",
                "https://signup.example.com:8443",
            ),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(PublicUrl::parse(text).unwrap().origin(), origin);
        }
        let url = PublicUrl::parse("https://signup.example.com").unwrap();
        assert_eq!(url.at("/signup"), "https://signup.example.com/signup");
        assert!(!url.is_loopback());
        assert!(PublicUrl::parse("https://localhost").unwrap().is_loopback());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "signup.example.com",
            "http://signup.example.com",
            "https://signup.example.com/signup",
            "https://signup.example.com?a",
            "https://signup.example.com#a",
            "https://user@signup.example.com",
            "http://localhost@signup.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://0.0.0.0",
            "http://[::ffff:127.0.0.1]",
            "ftp://localhost",
            "file:///",
        ] {
            assert_eq!(PublicUrl::parse(text), Err(EXPECTED), "{text:?}");
        }
    }
}
