//! RSA keys that are parsed once, and the signature check with them.
//!
//! `jsonwebtoken` keeps a key as bytes and parses it at every verification, which is a fifth of its time. A
//! [`VerifyingKey`] is a verifier of that library which holds the parsed key itself.

use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::signature::{Error as SignatureError, Verifier};

/// A public key with the one algorithm that it verifies.
pub(crate) struct VerifyingKey {
    key: ParsedPublicKey,
    algorithm: Algorithm,
}

/// Why a key is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnusableKey {
    #[error("is not a certificate in PEM")]
    NotACertificate,
    #[error("is not an RSA key")]
    NotRsa,
    #[error("has not 2048 to 8192 bits")]
    WrongSize,
}

impl VerifyingKey {
    /// An RSA key that verifies RS256, the algorithm of every profile, from DER of `SubjectPublicKeyInfo`.
    pub(crate) fn rs256(der: &[u8]) -> Result<Self, UnusableKey> {
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der)
            .map_err(|_| UnusableKey::NotRsa)?;
        // The other type is not used: making one checks the size (RFC 7518, 3.3: at least 2048 bits).
        PublicEncryptingKey::from_der(der).map_err(|_| UnusableKey::WrongSize)?;
        Ok(Self {
            key,
            algorithm: Algorithm::RS256,
        })
    }
}

impl Verifier<Vec<u8>> for VerifyingKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        self.key
            .verify_sig(message, signature)
            .map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for VerifyingKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
