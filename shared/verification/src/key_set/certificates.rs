//! From certificates to keys.
//!
//! The certificates are self-signed with SHA-1 and expire about when their keys do. What makes them
//! Google's is the TLS connection they came over, so only the public key in them is used: no library of
//! Google's looks at their signature or dates either.

use std::collections::HashMap;
use std::sync::Arc;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use webpki::EndEntityCert;

use crate::signature::{UnusableKey, VerifyingKey};
use crate::strict_json::{Json, Object};
use crate::verification_error::KeysUnavailable;

/// Usable keys by their id.
pub(super) type Keys = HashMap<String, Arc<VerifyingKey>>;

/// Reads the body of a key endpoint: a JSON object, key id to certificate in PEM.
///
/// An entry that cannot be used is left out and warned about, since the others still can.
pub(super) fn keys(body: &[u8]) -> Result<Keys, KeysUnavailable> {
    let entries = Object::parse(body).map_err(|_| KeysUnavailable::Malformed)?;
    let mut keys = Keys::new();
    for (key_id, certificate) in entries.into_members() {
        match key(&certificate) {
            Ok(key) => {
                keys.insert(key_id.into_owned(), Arc::new(key));
            }
            Err(reason) => {
                tracing::warn!(key_id = ?key_id, %reason, "a key of Google's is not used");
            }
        }
    }
    if keys.is_empty() {
        return Err(KeysUnavailable::NoUsableKey);
    }
    Ok(keys)
}

fn key(certificate: &Json<'_>) -> Result<VerifyingKey, UnusableKey> {
    let Json::Text(pem) = certificate else {
        return Err(UnusableKey::NotACertificate);
    };
    let der =
        CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| UnusableKey::NotACertificate)?;
    let certificate = EndEntityCert::try_from(&der).map_err(|_| UnusableKey::NotACertificate)?;
    VerifyingKey::rs256(&certificate.subject_public_key_info())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::Algorithm;
    use jsonwebtoken::crypto::JwtVerifier;
    use jsonwebtoken::signature::Verifier;
    use marketplace_simulator::tokens;
    use serde_json::json;

    use super::*;

    /// Public certificates of Google's, as `securetoken@system.gserviceaccount.com` had them in 2025.
    const GOOGLES: &str = include_str!("../../tests/data/securetoken-x509.json");

    fn ids(body: &str) -> Result<Vec<String>, KeysUnavailable> {
        let mut ids: Vec<String> = keys(body.as_bytes())?.into_keys().collect();
        ids.sort();
        Ok(ids)
    }

    #[test]
    fn certificates_as_google_publishes_them_are_read() {
        assert_eq!(
            ids(GOOGLES).unwrap(),
            [
                "71115235a6c61454efdedc45a77e4351367eebe0",
                "857081ca9cbb37c23498dd3943bf371a05883d28"
            ]
        );
    }

    #[test]
    fn the_key_of_a_certificate_is_the_one_that_signs() {
        let signer = tokens::foreign();
        let key = key(&Json::Text(signer.certificate_pem.into())).unwrap();
        let token = signer.sign_input("message");
        let (_, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert_eq!(key.algorithm(), Algorithm::RS256);
        assert!(key.verify(b"message", &signature).is_ok());
        assert!(key.verify(b"another", &signature).is_err());
    }

    #[test]
    fn entries_that_cannot_be_used_are_left_out_with_their_reason() {
        let (_, weak) = tokens::weak_certificate();
        let (_, elliptic) = tokens::elliptic_certificate();
        for (entry, reason) in [
            (json!(weak), UnusableKey::WrongSize),
            (json!(elliptic), UnusableKey::NotRsa),
            (json!(""), UnusableKey::NotACertificate),
            (json!("no certificate"), UnusableKey::NotACertificate),
            (json!(&weak[..200]), UnusableKey::NotACertificate),
            (
                json!("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
                UnusableKey::NotACertificate,
            ),
        ] {
            let Some(text) = entry.as_str() else {
                unreachable!()
            };
            assert_eq!(key(&Json::Text(text.into())).err(), Some(reason));
            let good = tokens::foreign();
            let body = json!({"bad": entry, good.kid.as_str(): good.certificate_pem});
            assert_eq!(ids(&body.to_string()).unwrap(), [good.kid.as_str()]);
        }
        assert_eq!(key(&Json::Null).err(), Some(UnusableKey::NotACertificate));
    }

    #[test]
    fn a_body_without_any_usable_key_is_an_outage() {
        let (id, weak) = tokens::weak_certificate();
        let weak = json!({ id: weak }).to_string();
        for (body, reason) in [
            ("", KeysUnavailable::Malformed),
            ("<html>", KeysUnavailable::Malformed),
            ("[]", KeysUnavailable::Malformed),
            (r#"{"a":1,"a":1}"#, KeysUnavailable::Malformed),
            ("{}", KeysUnavailable::NoUsableKey),
            (r#"{"a":1}"#, KeysUnavailable::NoUsableKey),
            (r#"{"keys":[]}"#, KeysUnavailable::NoUsableKey),
            (weak.as_str(), KeysUnavailable::NoUsableKey),
        ] {
            assert_eq!(ids(body), Err(reason), "{body}");
        }
    }
}
