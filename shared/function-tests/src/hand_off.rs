//! A hand-off as the vendor's application receives and verifies it.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use marketplace_simulator::{Simulator, tokens};
use serde_json::Value;

use crate::environment::APPLICATION;
use crate::wire::{Answer, bare, exchange};

/// The claims that a hand-off page posts to the application, after the checks an application makes:
/// the page's target, the signature by a published key of the signer, issuer, audience, lifetime.
pub async fn handed_over(page: &Answer, simulator: &Simulator) -> Value {
    assert_eq!(page.status, 200, "{}", page.body);
    let form = format!("<form method=\"post\" action=\"{APPLICATION}/signup\">");
    assert!(page.body.contains(&form), "{}", page.body);
    let claims = verified(page.field("portico-token"), simulator).await;
    let issuer = issuer(simulator);
    assert_eq!(claims["iss"], issuer.as_str());
    assert_eq!(claims["aud"], APPLICATION);
    let (iat, exp) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    let now = jiff::Timestamp::now().as_second();
    assert_eq!(exp, iat.map(|iat| iat + 60));
    assert!(iat.is_some_and(|iat| (now - 60..=now).contains(&iat)));
    claims
}

fn issuer(simulator: &Simulator) -> String {
    let signer = &simulator.settings().hand_off_signer;
    format!("https://www.googleapis.com/service_accounts/v1/metadata/x509/{signer}")
}

async fn verified(token: &str, simulator: &Simulator) -> Value {
    let (input, signature) = token.rsplit_once('.').expect("a signature");
    let (header, payload) = input.split_once('.').expect("a header and a payload");
    let header: Value = serde_json::from_slice(&decoded(header)).expect("a JSON header");
    assert_eq!(header["alg"], "RS256");
    let key_id = header["kid"].as_str().expect("a key id");
    let certificates = published(simulator).await;
    let key = tokens::hand_off_signer()
        .iter()
        .find(|key| certificates[key_id] == key.certificate_pem)
        .expect("a published key");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key())
        .verify(input.as_bytes(), &decoded(signature))
        .expect("a good signature");
    serde_json::from_slice(&decoded(payload)).expect("JSON claims")
}

/// The signer's certificates, from the address that `iss` names.
async fn published(simulator: &Simulator) -> Value {
    let address = simulator.origin().replacen("http://", "", 1);
    let target = issuer(simulator).replacen("https:/", "", 1);
    let address = address.parse().expect("an address");
    let answer = exchange(address, bare("GET", &target, "")).await;
    serde_json::from_str(&answer.body).expect("JSON certificates")
}

fn decoded(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).expect("base64url")
}
