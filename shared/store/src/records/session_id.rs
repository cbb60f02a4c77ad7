//! The secret by which a browser comes back to its session.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::documents::document::hexadecimal;

/// 128 random bits, known to one browser. The store knows only their hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId([u8; 16]);

/// The text is no session id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not 32 lower-case hexadecimal digits")]
pub struct InvalidSessionId;

impl SessionId {
    /// A new id from the operating system's random numbers.
    ///
    /// # Panics
    /// If the operating system has none.
    #[expect(
        clippy::expect_used,
        reason = "without random numbers no session may be made, and Linux does not run out of them"
    )]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system has random numbers");
        Self(bytes)
    }

    /// Reads a cookie's value: 32 lower-case hexadecimal digits. No store is asked.
    pub fn parse(text: &str) -> Result<Self, InvalidSessionId> {
        if text.len() != 32 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(InvalidSessionId);
        }
        let value = u128::from_str_radix(text, 16).map_err(|_| InvalidSessionId)?;
        Ok(Self(value.to_be_bytes()))
    }

    /// The cookie's value. It is a secret: it goes into `Set-Cookie` and nowhere else.
    pub fn cookie_value(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    /// The bits themselves, to derive other secrets of the session from.
    pub fn secret(&self) -> &[u8; 16] {
        &self.0
    }

    /// What the session is stored under: SHA-256 of the bits, in hexadecimal.
    pub(crate) fn hash(&self) -> String {
        hexadecimal(&Sha256::digest(self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_cookie() {
        let id = SessionId::random();
        assert_eq!(SessionId::parse(&id.cookie_value()), Ok(id));
        let small = SessionId([0; 16]);
        assert_eq!(SessionId::parse(&small.cookie_value()), Ok(small));
    }

    #[test]
    fn two_ids_differ() {
        assert_ne!(SessionId::random(), SessionId::random());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "0",
            &"g".repeat(32),
            &"A".repeat(32),
            &"0".repeat(33),
            &format!("+{}", "1".repeat(31)),
            &"ä".repeat(16),
        ] {
            assert_eq!(SessionId::parse(text), Err(InvalidSessionId), "{text}");
        }
    }

    #[test]
    fn an_id_is_not_shown_and_not_what_is_stored() {
        let id = SessionId::random();
        assert_eq!(format!("{id:?}"), "SessionId(…)");
        assert_eq!(id.hash().len(), 64);
        assert!(!id.hash().contains(&id.cookie_value()));
    }
}
