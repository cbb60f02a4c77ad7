//! What names a token without being one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// SHA-256 of a token's signing input (`header.payload`), by which a replay is recognised.
///
/// The signature is left out: whoever can vary it without breaking it would else make many tokens
/// of one. It is written as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenFingerprint([u8; 32]);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not 64 lower-case hexadecimal digits")]
pub struct InvalidFingerprint;

impl TokenFingerprint {
    /// From the SHA-256 of the signing input.
    pub const fn new(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }

    /// Reads what [`Display`](fmt::Display) wrote.
    pub fn parse(text: &str) -> Result<Self, InvalidFingerprint> {
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(InvalidFingerprint);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| InvalidFingerprint)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| InvalidFingerprint)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for TokenFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl TryFrom<String> for TokenFingerprint {
    type Error = InvalidFingerprint;

    fn try_from(text: String) -> Result<Self, InvalidFingerprint> {
        Self::parse(&text)
    }
}

impl From<TokenFingerprint> for String {
    fn from(fingerprint: TokenFingerprint) -> Self {
        fingerprint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_survives_its_text() {
        let fingerprint =
            TokenFingerprint::new(std::array::from_fn(|i| u8::try_from(i * 8).unwrap()));
        assert_eq!(
            TokenFingerprint::parse(&fingerprint.to_string()),
            Ok(fingerprint)
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "0",
            &"g".repeat(64),
            &"A".repeat(64),
            &"+1".repeat(32),
            &"ä".repeat(32),
        ] {
            assert_eq!(
                TokenFingerprint::parse(text),
                Err(InvalidFingerprint),
                "{text}"
            );
        }
    }
}
