//! The keys that sign, and those that are published.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::tokens::{self, SigningKey};

/// One signer of Google's. Two keys are published at a time: the one that signs, and the one before.
///
/// So a token that was just signed still verifies after one rotation, and a cached set does not
/// know the new key.
#[derive(Debug)]
pub(crate) struct KeyRing {
    keys: &'static [SigningKey],
    rotations: AtomicUsize,
}

#[derive(Debug)]
pub(crate) struct KeyRings {
    pub(crate) marketplace: KeyRing,
    pub(crate) identity: KeyRing,
    pub(crate) hand_off: KeyRing,
}

impl KeyRings {
    pub(crate) fn new() -> Self {
        Self {
            marketplace: KeyRing::of(tokens::marketplace()),
            identity: KeyRing::of(tokens::google_identity()),
            hand_off: KeyRing::of(tokens::hand_off_signer()),
        }
    }

    pub(crate) fn rotate(&self) {
        for ring in [&self.marketplace, &self.identity, &self.hand_off] {
            ring.rotations.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl KeyRing {
    fn of(keys: &'static [SigningKey]) -> Self {
        Self {
            keys,
            // Not zero, so that there is a key before the first.
            rotations: AtomicUsize::new(keys.len()),
        }
    }

    pub(crate) fn current(&self) -> &'static SigningKey {
        self.key(self.rotations.load(Ordering::SeqCst))
    }

    /// As Google publishes them for its libraries: key id to certificate.
    pub(crate) fn certificates(&self) -> String {
        tokens::key_set_json(self.published())
    }

    pub(crate) fn jwk_set(&self) -> String {
        let keys: Vec<Value> = self.published().into_iter().map(jwk).collect();
        format!("{:#}\n", json!({ "keys": keys }))
    }

    /// The key that signs, and the one before.
    pub(crate) fn published(&self) -> [&'static SigningKey; 2] {
        let rotations = self.rotations.load(Ordering::SeqCst);
        [self.key(rotations), self.key(rotations - 1)]
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "the index is below the length, which is not zero"
    )]
    fn key(&self, rotations: usize) -> &'static SigningKey {
        &self.keys[rotations % self.keys.len()]
    }
}

fn jwk(key: &SigningKey) -> Value {
    let (modulus, exponent) = public_numbers(key.public_key()).unwrap_or_default();
    json!({
        "alg": "RS256",
        "e": URL_SAFE_NO_PAD.encode(exponent),
        "kid": key.kid,
        "kty": "RSA",
        "n": URL_SAFE_NO_PAD.encode(modulus),
        "use": "sig",
    })
}

/// Modulus and exponent of a DER `RSAPublicKey`: a sequence of two integers.
fn public_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(0x30, der)?;
    let (modulus, rest) = element(0x02, sequence)?;
    let (exponent, _) = element(0x02, rest)?;
    // DER puts a zero before a number whose first bit is set.
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    Some((modulus, exponent))
}

/// The content of the DER element with this tag, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        let length = digits
            .iter()
            .fold(0, |length, digit| (length << 8) | usize::from(*digit));
        (length, rest)
    };
    (first == tag).then_some(rest.split_at_checked(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_publishes_a_key_nobody_has_seen_and_keeps_the_one_before() {
        let ring = KeyRing::of(tokens::marketplace());
        let before = ring.published().map(|key| key.kid.as_str());
        ring.rotations.fetch_add(1, Ordering::SeqCst);
        let after = ring.published().map(|key| key.kid.as_str());
        assert!(!before.contains(&after[0]));
        assert_eq!(after[1], before[0]);
        assert_eq!(ring.current().kid, after[0]);
    }

    #[test]
    fn a_jwk_has_the_key_s_numbers() {
        let key = jwk(tokens::foreign());
        let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        assert_eq!(modulus.len(), 256);
        assert!(modulus[0] >= 0x80);
        assert_eq!(key["e"], "AQAB");
        assert_eq!(key["kid"], tokens::foreign().kid);
    }
}
