//! How an application verifies a hand-off: the checks of any JWT, with two constants of its own.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use marketplace_simulator::Simulator;
use serde::Deserialize;
use serde_json::Value;

/// How far two clocks may differ, in seconds.
const SKEW: i64 = 30;

/// A hand-off whose signature, issuer, audience and times are right.
#[derive(Debug, Clone)]
pub(super) struct HandOff {
    pub(super) claims: Claims,
    /// The claims as they were signed, for the page.
    pub(super) text: String,
    pub(super) key_id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    pub(super) google: GoogleClaims,
    pub(super) jti: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) purpose: String,
    pub(super) order: Option<String>,
    pub(super) verified_user: bool,
    pub(super) new_user: bool,
    pub(super) access: String,
    #[serde(default)]
    pub(super) unverified_profile: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct GoogleClaims {
    pub(super) user_identity: String,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) orders: Vec<String>,
}

/// Why a hand-off is rejected. The page does not say which it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum InvalidHandOff {
    #[error("failed to verify the hand-off")]
    Token(#[from] jsonwebtoken::errors::Error),
    #[error("the hand-off's key is not published")]
    UnknownKey,
    #[error("failed to read the hand-off's claims or the signer's keys")]
    Json(#[from] serde_json::Error),
    #[error("the hand-off has no id, has expired, or was issued in the future")]
    Claims,
}

impl HandOff {
    /// Verifies it against the signer's published keys.
    pub(super) fn verify(
        simulator: &Simulator,
        unverified_token: &str,
        now: Timestamp,
    ) -> Result<Self, InvalidHandOff> {
        // Only the name of the key is taken from what is not verified yet.
        let unverified_header = decode_header(unverified_token)?;
        let key_id = unverified_header.kid.ok_or(InvalidHandOff::UnknownKey)?;
        let key = published_key(&simulator.signed_jwt_keys(), &key_id)?;
        let validation = expectations(simulator);
        let verified = decode::<Value>(unverified_token, &key, &validation)?.claims;
        let text = format!("{verified:#}");
        let claims: Claims = serde_json::from_value(verified)?;
        let is_now = claims.iat <= now.as_second() + SKEW && now.as_second() < claims.exp + SKEW;
        if claims.jti.is_empty() || !is_now {
            return Err(InvalidHandOff::Claims);
        }
        Ok(Self {
            claims,
            text,
            key_id,
        })
    }

    /// Whether it is about the same person of the same customer. Never by an e-mail address.
    pub(super) fn is_same_person(&self, other: &Self) -> bool {
        let person = |claims: &Claims| (claims.sub.clone(), claims.google.user_identity.clone());
        person(&self.claims) == person(&other.claims)
    }
}

/// The two constants: who signs, and who we are.
pub(super) fn issuer(simulator: &Simulator) -> String {
    let signer = &simulator.settings().hand_off_signer;
    format!("https://www.googleapis.com/service_accounts/v1/metadata/x509/{signer}")
}

fn expectations(simulator: &Simulator) -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    validation.set_issuer(&[issuer(simulator)]);
    validation.set_audience(&[simulator.origin()]);
    // The library would read this machine's clock, and the world's may be ahead: see `verify`.
    validation.validate_exp = false;
    validation
}

/// An application in a process of its own fetches these keys from the signer's address.
pub(super) fn published_key(jwk_set: &str, key_id: &str) -> Result<DecodingKey, InvalidHandOff> {
    let keys: JwkSet = serde_json::from_str(jwk_set)?;
    let key = keys.find(key_id).ok_or(InvalidHandOff::UnknownKey)?;
    Ok(DecodingKey::from_jwk(key)?)
}

#[cfg(test)]
mod tests {
    use marketplace_simulator::Settings;
    use marketplace_simulator::tokens::{self, SigningKey};
    use serde_json::json;

    use super::*;

    fn simulator() -> Simulator {
        Simulator::new(Settings::default(), "http://127.0.0.1:9090")
    }

    fn good() -> Value {
        let now = Timestamp::now().as_second();
        json!({
            "iss": issuer(&simulator()), "aud": "http://127.0.0.1:9090", "sub": "account",
            "google": {"user_identity": "1", "roles": [], "orders": []},
            "jti": "a", "iat": now, "exp": now + 60, "purpose": "signup", "verified_user": false,
            "new_user": true, "access": "live",
        })
    }

    fn verify(key: &SigningKey, claims: &Value) -> Result<HandOff, InvalidHandOff> {
        let token = key.sign(&key.header(), &claims.to_string());
        HandOff::verify(&simulator(), &token, Timestamp::now())
    }

    #[test]
    fn a_good_hand_off_is_accepted() {
        let verified = verify(&tokens::hand_off_signer()[0], &good()).unwrap();
        assert_eq!(verified.claims.sub, "account");
        assert_eq!(verified.claims.jti, "a");
    }

    #[test]
    fn the_marketplace_s_own_key_signs_no_hand_off() {
        let verified = verify(&tokens::marketplace()[0], &good());
        assert!(matches!(verified, Err(InvalidHandOff::UnknownKey)));
    }

    #[test]
    fn a_hand_off_with_another_claim_is_refused() {
        let now = Timestamp::now().as_second();
        for (claim, value) in [
            ("iss", json!(tokens::MARKETPLACE_ISSUER)),
            ("aud", json!("http://127.0.0.1:9091")),
            ("exp", json!(now - 60)),
            ("iat", json!(now + 60)),
            ("jti", json!("")),
        ] {
            let mut claims = good();
            claims[claim] = value;
            let verified = verify(&tokens::hand_off_signer()[0], &claims);
            assert!(verified.is_err(), "{claim}");
        }
    }

    #[test]
    fn a_signature_over_other_claims_is_refused() {
        let simulator = simulator();
        let key = &tokens::hand_off_signer()[0];
        let token = key.sign(&key.header(), &good().to_string());
        let other = key.sign(&key.header(), &json!({"sub": "b"}).to_string());
        let (input, _) = token.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        let broken = format!("{input}.{signature}");
        assert!(HandOff::verify(&simulator, &broken, Timestamp::now()).is_err());
    }
}
