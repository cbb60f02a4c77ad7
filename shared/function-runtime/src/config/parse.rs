//! Parsers of values. What they expect is all that they say about a value they refuse.

use std::fmt;
use std::num::NonZeroU32;

use jiff::SignedDuration;
use marketplace::{ProductId, Products, pasted_text};
use url::{Host, Url};

use super::Secret;

/// What a value should have been. It holds nothing that was read, so that no value, which may be a
/// secret, is ever shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A phrase that reads after "must be".
    Phrase(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Text of at most this many characters that can be seen, without control characters.
    TextUpTo(usize),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phrase(phrase) => f.write_str(phrase),
            Self::OneOf(words) => write!(f, "one of `{}`", words.join("`, `")),
            Self::TextUpTo(length) => {
                write!(f, "one line of text of at most {length} characters")
            }
        }
    }
}

impl From<&'static str> for Expected {
    fn from(phrase: &'static str) -> Self {
        Self::Phrase(phrase)
    }
}

/// A TCP port; 0 lets the system choose one.
pub fn port(text: &str) -> Result<u16, Expected> {
    text.parse()
        .map_err(|_| "a port number from 0 to 65535".into())
}

/// A whole number above zero.
pub fn count(text: &str) -> Result<NonZeroU32, Expected> {
    text.parse().map_err(|_| "a whole number above zero".into())
}

/// A whole number of days, at most ten years of them; 0 is allowed.
pub fn days(text: &str) -> Result<SignedDuration, Expected> {
    let expected = Expected::Phrase("a whole number of days from 0 to 3650");
    let days = text.parse().ok().filter(|days: &u16| *days <= 3_650);
    let days = days.ok_or(expected)?;
    Ok(SignedDuration::from_hours(24 * i64::from(days)))
}

/// Product ids, separated by commas.
pub fn products(text: &str) -> Result<Products, Expected> {
    let expected = Expected::Phrase("a comma-separated list of product ids");
    let ids = list(text, |id| ProductId::parse(id).map_err(|_| expected))?;
    Products::new(ids).ok_or(expected)
}

/// One line of text of at most `length` characters that can be seen.
pub fn text(text: &str, length: usize) -> Result<String, Expected> {
    let seen = pasted_text::line(text);
    if seen.is_empty() || seen.chars().count() > length || text.chars().any(char::is_control) {
        return Err(Expected::TextUpTo(length));
    }
    Ok(seen)
}

/// One of a fixed set of words. `words` and `values` belong together by position.
pub fn one_of<T: Copy, const N: usize>(
    text: &str,
    words: &'static [&'static str; N],
    values: [T; N],
) -> Result<T, Expected> {
    words
        .iter()
        .zip(values)
        .find_map(|(word, value)| (*word == text).then_some(value))
        .ok_or(Expected::OneOf(words))
}

/// A comma-separated list with at least one item; blanks around items do not count, empty items
/// are refused.
pub fn list<T>(text: &str, item: impl Fn(&str) -> Result<T, Expected>) -> Result<Vec<T>, Expected> {
    text.split(',')
        .map(str::trim)
        .map(|part| match part {
            "" => Err("a comma-separated list without empty items".into()),
            part => item(part),
        })
        .collect()
}

/// An item of a list that is taken as it stands: any text without blanks, of at most 256 bytes.
pub fn word(text: &str) -> Result<String, Expected> {
    if text.is_empty() || text.len() > 256 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("visible ASCII characters without blanks, at most 256".into());
    }
    Ok(text.to_owned())
}

/// An address that a browser is sent to: `https`, or `http` on this very machine; without user
/// name, password and fragment.
pub fn web_url(text: &str) -> Result<Url, Expected> {
    let expected = Expected::Phrase("an https URL, such as https://app.example.com/login");
    let url = Url::parse(text).map_err(|_| expected)?;
    let scheme = match url.scheme() {
        "https" => true,
        "http" => url.host().is_some_and(|host| is_loopback(&host)),
        _ => false,
    };
    if !scheme || !url.username().is_empty() || url.password().is_some() || url.fragment().is_some()
    {
        return Err(expected);
    }
    Ok(url)
}

/// The e-mail address of a service account, such as
/// `hand-off@project.iam.gserviceaccount.com`, in lower case as Google writes it.
pub fn service_account(text: &str) -> Result<String, Expected> {
    let expected = "the e-mail address of a service account, ending in .gserviceaccount.com";
    let safe = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
    };
    match text.split_once('@') {
        Some((name, domain))
            if text.len() <= 256
                && safe(name)
                && safe(domain)
                && domain.ends_with(".gserviceaccount.com") =>
        {
            Ok(text.to_owned())
        }
        _ => Err(expected.into()),
    }
}

/// A Google Cloud project id, also of the older form `example.com:project`.
pub fn project(text: &str) -> Result<String, Expected> {
    let safe = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b':'));
    if !safe || !(2..=64).contains(&text.len()) {
        return Err("a Google Cloud project id, such as vendor-marketplace".into());
    }
    Ok(text.to_owned())
}

/// A Firestore database id: `(default)`, or 4 to 63 lower-case letters, digits and hyphens.
pub fn database(text: &str) -> Result<String, Expected> {
    let named = (4..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !named && text != "(default)" {
        return Err("a Firestore database id, such as (default) or portico".into());
    }
    Ok(text.to_owned())
}

/// A secret of one line.
pub fn secret(text: &str) -> Result<Secret, Expected> {
    self::text(text, 4096).map(Secret::new)
}

/// Whether a host, as the `url` crate understands it, can be nothing but this very machine.
///
/// The crate reads addresses as browsers do (`127.1` is `127.0.0.1`), and what was read is what is
/// called later, never the text it was read from.
pub(super) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_items() {
        assert_eq!(list("a, b", word).unwrap(), ["a", "b"]);
        for text in ["", ",", "a,", "a,,b", "a b"] {
            assert!(list(text, word).is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_choose_their_values() {
        let read = |text| one_of(text, &["auto", "form"], [1, 2]);
        assert_eq!(read("form"), Ok(2));
        assert_eq!(read("Form"), Err(Expected::OneOf(&["auto", "form"])));
    }

    #[test]
    fn browsers_are_sent_to_https_only() {
        for text in [
            "https://app.example.com/a?b=c",
            "http://localhost:8080/a",
            "http://127.0.0.1/",
        ] {
            assert_eq!(web_url(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "/a",
            "http://app.example.com/",
            "javascript:alert(1)",
            "https://user@app.example.com/",
            "https://:secret@app.example.com/",
            "https://app.example.com/#a",
            "http://localhost.example.com/",
            "data:text/html,a",
        ] {
            assert!(web_url(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn service_accounts_are_google_s() {
        for text in [
            "hand-off@vendor-1.iam.gserviceaccount.com",
            "123-compute@developer.gserviceaccount.com",
        ] {
            assert_eq!(service_account(text).unwrap(), text);
        }
        for text in [
            "",
            "a",
            "a@example.com",
            "@a.iam.gserviceaccount.com",
            "a@gserviceaccount.com.example.com",
            "a@b@c.iam.gserviceaccount.com",
            "a/b@c.iam.gserviceaccount.com",
            "A@c.iam.gserviceaccount.com",
        ] {
            assert!(service_account(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_of_projects_and_databases_are_safe_in_paths() {
        assert_eq!(
            project("example.com:vendor-1").unwrap(),
            "example.com:vendor-1"
        );
        assert_eq!(database("(default)").unwrap(), "(default)");
        assert_eq!(database("portico").unwrap(), "portico");
        for text in ["", "a/b", "a b", "../x", "A1"] {
            assert!(project(text).is_err(), "{text:?}");
            assert!(database(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn text_is_bounded_and_of_one_line() {
        assert_eq!(text("Ä b", 3).unwrap(), "Ä b");
        assert_eq!(text("\u{200b}Ä\u{a0}b\u{202c}", 3).unwrap(), "Ä b");
        assert_eq!(text("\u{3164}", 3), Err(Expected::TextUpTo(3)));
        assert_eq!(text("abcd", 3), Err(Expected::TextUpTo(3)));
        assert_eq!(text("a\nb", 3), Err(Expected::TextUpTo(3)));
    }
}
