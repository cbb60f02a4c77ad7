//! Lists of exact texts that an operator configures.

/// The longest entry accepted, in bytes.
const MAX_ENTRY: usize = 512;

/// Why a configured list is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidList {
    /// There is no entry: nothing would ever be accepted, or everything by mistake.
    #[error("is empty")]
    Empty,
    /// An entry is empty.
    #[error("has an empty entry")]
    EmptyEntry,
    /// An entry is longer than 512 bytes.
    #[error("has an entry of more than 512 bytes")]
    TooLong,
    /// An entry has white space, a control character or something beyond ASCII.
    #[error("has an entry with a character that is not printable ASCII")]
    Character,
    /// An entry of a list of e-mail addresses is none.
    #[error("has an entry without `@`")]
    NotAnEmail,
    /// What follows an e-mail address and `=` is not 1 to 30 digits.
    #[error("has a unique id that is not 1 to 30 digits")]
    UniqueId,
    /// An e-mail address is there with a unique id and without one, which would accept every account.
    #[error("has an e-mail address both with and without a unique id")]
    OnlyPartlyPinned,
}

/// The accepted values of `aud`: exact strings, at least one.
///
/// They come from configuration and never from a request's `Host`, which its sender chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audiences(Vec<String>);

impl Audiences {
    /// Accepts a non-empty list of printable ASCII texts.
    pub fn parse(list: Vec<String>) -> Result<Self, InvalidList> {
        check(&list)?;
        Ok(Self(list))
    }

    pub(crate) fn accept(&self, aud: &str) -> bool {
        self.0.iter().any(|accepted| accepted == aud)
    }
}

/// What every list demands of its entries.
pub(crate) fn check(list: &[String]) -> Result<(), InvalidList> {
    if list.is_empty() {
        return Err(InvalidList::Empty);
    }
    for entry in list {
        if entry.is_empty() {
            return Err(InvalidList::EmptyEntry);
        }
        if entry.len() > MAX_ENTRY {
            return Err(InvalidList::TooLong);
        }
        if !entry.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidList::Character);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    #[test]
    fn a_list_that_would_accept_nothing_or_anything_is_refused() {
        for (entries, reason) in [
            (list(&[]), InvalidList::Empty),
            (list(&[""]), InvalidList::EmptyEntry),
            (list(&["a", ""]), InvalidList::EmptyEntry),
            (list(&["a b"]), InvalidList::Character),
            (list(&["a\n"]), InvalidList::Character),
            (list(&["ä"]), InvalidList::Character),
            (list(&[&"a".repeat(513)]), InvalidList::TooLong),
        ] {
            assert_eq!(Audiences::parse(entries), Err(reason));
        }
    }

    #[test]
    fn entries_are_compared_exactly() {
        let audiences =
            Audiences::parse(list(&["example.com", "https://a.example.com/x"])).unwrap();
        assert!(audiences.accept("example.com"));
        assert!(audiences.accept("https://a.example.com/x"));
        for other in [
            "",
            "Example.com",
            "example.com/",
            "a.example.com",
            "example.co",
        ] {
            assert!(!audiences.accept(other), "{other}");
        }
    }
}
