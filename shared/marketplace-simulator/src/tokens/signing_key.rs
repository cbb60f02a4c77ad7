//! A private key with its certificate, and what can be signed or forged with it.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// A test key pair that signs as Google does, and forges as an attacker would.
pub struct SigningKey {
    /// The key id: lower-case hexadecimal SHA-1 of the certificate's DER.
    pub kid: String,
    /// The certificate as Google publishes it: PEM, `\n` line ends, one at the end.
    pub certificate_pem: &'static str,
    pair: RsaKeyPair,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

impl SigningKey {
    #[expect(clippy::expect_used, reason = "the keys are files of this crate")]
    pub(crate) fn of(private_pem: &str, certificate_pem: &'static str) -> Self {
        let private = PrivatePkcs8KeyDer::from_pem_slice(private_pem.as_bytes())
            .expect("a test key is a PEM file");
        Self {
            kid: key_id(certificate_pem),
            certificate_pem,
            pair: RsaKeyPair::from_pkcs8(private.secret_pkcs8_der())
                .expect("a test key is an RSA key of 2048 bits"),
        }
    }

    /// The header of a good token: `{"alg":"RS256","kid":…,"typ":"JWT"}`.
    pub fn header(&self) -> String {
        format!(r#"{{"alg":"RS256","kid":"{}","typ":"JWT"}}"#, self.kid)
    }

    /// A token with exactly this text as header and this text as payload, signed with RS256.
    pub fn sign(&self, header: &str, payload: &str) -> String {
        self.sign_bytes(header.as_bytes(), payload.as_bytes())
    }

    /// As [`sign`](Self::sign), for what is not even text.
    pub fn sign_bytes(&self, header: &[u8], payload: &[u8]) -> String {
        self.sign_input(&signing_input(header, payload))
    }

    /// Appends a valid signature to any signing input, well formed or not.
    pub fn sign_input(&self, signing_input: &str) -> String {
        let signature = URL_SAFE_NO_PAD.encode(self.signature(signing_input.as_bytes()));
        format!("{signing_input}.{signature}")
    }

    /// The bare RS256 signature (RSASSA-PKCS1-v1_5 with SHA-256), for `signJwt` and `signBlob`.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a key that was loaded can sign"
    )]
    pub fn signature(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .expect("an RSA key of 2048 bits signs any message");
        signature
    }

    /// The public key as DER of `RSAPublicKey`.
    pub fn public_key(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// The classic confusion: an HMAC with the public certificate as its secret.
    pub fn sign_as_hmac(&self, header: &str, payload: &str) -> String {
        let input = signing_input(header.as_bytes(), payload.as_bytes());
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.certificate_pem.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, input.as_bytes()));
        format!("{input}.{signature}")
    }

    /// A token without a signature, its last part empty.
    pub fn unsigned(header: &str, payload: &str) -> String {
        format!("{}.", signing_input(header.as_bytes(), payload.as_bytes()))
    }
}

fn signing_input(header: &[u8], payload: &[u8]) -> String {
    let (header, payload) = (
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload),
    );
    format!("{header}.{payload}")
}

#[expect(
    clippy::expect_used,
    reason = "the certificates are files of this crate"
)]
pub(crate) fn key_id(certificate_pem: &str) -> String {
    let der = CertificateDer::from_pem_slice(certificate_pem.as_bytes())
        .expect("a test certificate is a PEM file");
    let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
    sha1.as_ref()
        .iter()
        .fold(String::new(), |id, byte| format!("{id}{byte:02x}"))
}
