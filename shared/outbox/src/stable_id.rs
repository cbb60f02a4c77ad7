//! Document ids that come out the same whenever the same thing happens again.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A document id for a list of texts: their hash. Each text is prefixed by its length, so that `["ab", "c"]` and
/// `["a", "bc"]` differ.
pub fn stable_id(parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    stable_id_of_bytes(&parts)
}

/// The same for what need not be text; of what is text, it is the same id.
pub fn stable_id_of_bytes(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_split_elsewhere_has_another_id() {
        assert_eq!(stable_id(&["ab", "c"]), stable_id(&["ab", "c"]));
        assert_ne!(stable_id(&["ab", "c"]), stable_id(&["a", "bc"]));
    }

    #[test]
    fn text_as_bytes_has_the_same_id() {
        assert_eq!(stable_id_of_bytes(&[b"ab", b"c"]), stable_id(&["ab", "c"]));
        assert_ne!(stable_id_of_bytes(&[b"\xff"]), stable_id(&["\u{fffd}"]));
    }
}
