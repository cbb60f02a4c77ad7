//! The fixed keys of `keys/`, each loaded once.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::signing_key::{SigningKey, key_id};

/// When [`weak_token`] was issued, in seconds since 1970: 2030-01-01T00:00:00Z.
pub const WEAK_TOKEN_ISSUED_AT: i64 = 1_893_456_000;

/// The private key of every service account file, as PEM.
pub(crate) const SERVICE_ACCOUNT_PRIVATE_KEY: &str =
    include_str!("../../keys/service-account.key.pem");

macro_rules! key {
    ($name:literal) => {
        SigningKey::of(
            include_str!(concat!("../../keys/", $name, ".key.pem")),
            include_str!(concat!("../../keys/", $name, ".cert.pem")),
        )
    };
}

static MARKETPLACE: LazyLock<[SigningKey; 3]> = LazyLock::new(|| {
    [
        key!("marketplace-1"),
        key!("marketplace-2"),
        key!("marketplace-3"),
    ]
});
static GOOGLE_IDENTITY: LazyLock<[SigningKey; 2]> =
    LazyLock::new(|| [key!("google-identity-1"), key!("google-identity-2")]);
static HAND_OFF_SIGNER: LazyLock<[SigningKey; 2]> =
    LazyLock::new(|| [key!("hand-off-signer-1"), key!("hand-off-signer-2")]);
static SERVICE_ACCOUNT: LazyLock<SigningKey> = LazyLock::new(|| key!("service-account"));
static FOREIGN: LazyLock<SigningKey> = LazyLock::new(|| key!("foreign"));

/// The keys of the Marketplace's issuer, in the order in which they rotate.
pub fn marketplace() -> &'static [SigningKey; 3] {
    &MARKETPLACE
}

/// The keys of Google's identity tokens, in the order in which they rotate.
pub fn google_identity() -> &'static [SigningKey; 2] {
    &GOOGLE_IDENTITY
}

/// The keys of the service account that signs hand-offs, in the order in which they rotate.
pub fn hand_off_signer() -> &'static [SigningKey; 2] {
    &HAND_OFF_SIGNER
}

/// The key of every service account file.
pub fn service_account() -> &'static SigningKey {
    &SERVICE_ACCOUNT
}

/// A good key of somebody else.
pub fn foreign() -> &'static SigningKey {
    &FOREIGN
}

/// Key id and certificate of a key with only 1024 bits.
pub fn weak_certificate() -> (String, &'static str) {
    with_key_id(include_str!("../../keys/weak.cert.pem"))
}

/// A token signed by the weak key at [`WEAK_TOKEN_ISSUED_AT`], valid in every other respect for the
/// audience `signup.example.com`.
pub fn weak_token() -> &'static str {
    include_str!("../../keys/weak.token")
}

/// Key id and certificate of a key that is not RSA.
pub fn elliptic_certificate() -> (String, &'static str) {
    with_key_id(include_str!("../../keys/elliptic.cert.pem"))
}

/// The body of a key endpoint that publishes these keys: a JSON object, key id to certificate.
pub fn key_set_json<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> String {
    let entries: Map<String, Value> = keys
        .into_iter()
        .map(|key| (key.kid.clone(), Value::from(key.certificate_pem)))
        .collect();
    format!("{:#}\n", Value::Object(entries))
}

fn with_key_id(certificate_pem: &'static str) -> (String, &'static str) {
    (key_id(certificate_pem), certificate_pem)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    #[test]
    fn every_key_signs_and_has_an_id_of_its_own() {
        let keys: Vec<&SigningKey> = marketplace()
            .iter()
            .chain(google_identity())
            .chain(hand_off_signer())
            .chain([service_account(), foreign()])
            .collect();
        let mut ids: Vec<&str> = keys.iter().map(|key| key.kid.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 9);
        assert!(ids.iter().all(|id| id.len() == 40));
        for key in keys {
            assert_eq!(key.signature(b"message").len(), 256);
        }
    }

    #[test]
    fn a_signature_is_of_the_signing_input() {
        let key = foreign();
        let token = key.sign(&key.header(), "{}");
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature =
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, signature)
                .unwrap();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key())
            .verify(input.as_bytes(), &signature)
            .unwrap();
    }

    #[test]
    fn the_key_endpoint_maps_ids_to_certificates() {
        let [first, second, _] = marketplace();
        let body: Map<String, Value> =
            serde_json::from_str(&key_set_json([first, second])).unwrap();
        assert_eq!(body.len(), 2);
        assert_eq!(body[&first.kid], first.certificate_pem);
        assert!(
            weak_certificate()
                .1
                .starts_with("-----BEGIN CERTIFICATE-----\n")
        );
        assert!(weak_token().matches('.').count() == 2);
    }
}
