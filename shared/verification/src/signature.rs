//! RSA keys that are parsed once, and the signature check with them.
//!
//! `jsonwebtoken` keeps a key as bytes and parses it at every verification, which is a fifth of its
//! time. Its crypto provider can be replaced: ours hands out the parsed form of keys that are in use
//! here and leaves everything else, signing included, as it was.

use std::sync::{Arc, LazyLock, Once, PoisonError, RwLock, Weak};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier};
use jsonwebtoken::signature::{Error as SignatureError, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey};

/// The fewest bits an RSA key may have (RFC 7518, 3.3).
const MIN_BITS: usize = 2048;

/// An RSA public key that verifies RS256.
pub(crate) struct VerifyingKey {
    key: DecodingKey,
    /// Keeps the parsed form alive in [`PARSED`].
    _parsed: Arc<ParsedPublicKey>,
}

/// Why a key is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnusableKey {
    #[error("is not a certificate in PEM")]
    NotACertificate,
    #[error("is not an RSA key")]
    NotRsa,
    #[error("has less than 2048 bits")]
    Weak,
}

impl VerifyingKey {
    /// From DER of `SubjectPublicKeyInfo`.
    pub(crate) fn new(der: &[u8]) -> Result<Self, UnusableKey> {
        install_provider();
        let (modulus, _) = (DEFAULT_PROVIDER
            .key_utils
            .rsa_pub_components_from_public_key)(der)
        .map_err(|_| UnusableKey::NotRsa)?;
        if bits(&modulus) < MIN_BITS {
            return Err(UnusableKey::Weak);
        }
        let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der)
            .map_err(|_| UnusableKey::NotRsa)?;
        let parsed = Arc::new(parsed);
        register(der, &parsed);
        Ok(Self {
            key: DecodingKey::from_rsa_der(der),
            _parsed: parsed,
        })
    }

    /// Whether this base64url text is this key's RS256 signature of the message.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &str) -> bool {
        jsonwebtoken::crypto::verify(signature, message, &self.key, Algorithm::RS256)
            .unwrap_or(false)
    }
}

/// The parsed form of every key in use, beside its DER. They are a handful, so that comparing them in
/// turn is faster than hashing one.
static PARSED: RwLock<Vec<Registered>> = RwLock::new(Vec::new());

type Registered = (Box<[u8]>, Weak<ParsedPublicKey>);

static PROVIDER: LazyLock<CryptoProvider> = LazyLock::new(|| CryptoProvider {
    verifier_factory: verifier,
    ..DEFAULT_PROVIDER.clone()
});

fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Another library may have been first. Verification is then slower and just as strict.
        if LazyLock::force(&PROVIDER).install_default().is_err() {
            tracing::debug!("signatures are verified without parsed keys");
        }
    });
}

fn register(der: &[u8], parsed: &Arc<ParsedPublicKey>) {
    let mut keys = PARSED.write().unwrap_or_else(PoisonError::into_inner);
    keys.retain(|(known, key)| &**known != der && key.strong_count() > 0);
    keys.push((der.into(), Arc::downgrade(parsed)));
}

fn registered(der: &[u8]) -> Option<Arc<ParsedPublicKey>> {
    let keys = PARSED.read().unwrap_or_else(PoisonError::into_inner);
    let (_, key) = keys.iter().find(|(known, _)| &**known == der)?;
    key.upgrade()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the provider's function has this signature"
)]
fn verifier(
    algorithm: &Algorithm,
    key: &DecodingKey,
) -> jsonwebtoken::errors::Result<Box<dyn JwtVerifier>> {
    let parsed = match (algorithm, key.try_get_as_bytes()) {
        (Algorithm::RS256, Ok(der)) => registered(der),
        _ => None,
    };
    match parsed {
        Some(key) => Ok(Box::new(Rs256(key))),
        None => (DEFAULT_PROVIDER.verifier_factory)(algorithm, key),
    }
}

struct Rs256(Arc<ParsedPublicKey>);

impl Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        self.0
            .verify_sig(message, signature)
            .map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

fn bits(modulus: &[u8]) -> usize {
    let significant = modulus.iter().skip_while(|byte| **byte == 0);
    let mut bits = 0;
    for (index, byte) in significant.enumerate() {
        bits += 8;
        if index == 0 {
            bits -= byte.leading_zeros() as usize;
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_no_bits_of_a_key() {
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0, 0x80, 0]), 16);
        assert_eq!(bits(&[0x01, 0]), 9);
    }

    #[test]
    fn keys_that_are_no_longer_in_use_are_forgotten() {
        let der = marketplace_simulator::tokens::hand_off_signer()[1].public_key();
        let key = VerifyingKey::new(der).unwrap();
        assert!(registered(der).is_some());
        drop(key);
        assert!(registered(der).is_none());
    }

    #[test]
    fn a_key_that_is_fetched_again_outlives_its_first_form() {
        let der = marketplace_simulator::tokens::hand_off_signer()[0].public_key();
        let first = VerifyingKey::new(der).unwrap();
        let again = VerifyingKey::new(der).unwrap();
        drop(first);
        assert!(registered(der).is_some());
        drop(again);
        assert!(registered(der).is_none());
    }
}
