//! Claims that are valid until a test breaks one.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::signing_key::SigningKey;

/// `iss` of every Marketplace token, and the address of its certificates.
pub const MARKETPLACE_ISSUER: &str = "https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com";

macro_rules! claims {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name(Map<String, Value>);

        impl $name {
            /// With this claim set to any JSON value, of the right type or not.
            #[must_use]
            pub fn set(mut self, claim: &str, value: impl Into<Value>) -> Self {
                self.0.insert(claim.to_owned(), value.into());
                self
            }

            /// Without this claim.
            #[must_use]
            pub fn without(mut self, claim: &str) -> Self {
                self.0.remove(claim);
                self
            }

            /// The claims as JSON text, as they go into the payload.
            pub fn json(&self) -> String {
                Value::Object(self.0.clone()).to_string()
            }

            /// A token with these claims and a good header.
            pub fn signed_by(&self, key: &SigningKey) -> String {
                key.sign(&key.header(), &self.json())
            }
        }
    };
}

claims! {
    /// Claims of a Marketplace sign-up or login token.
    ///
    /// By default: audience `signup.example.com`, account `0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f`, user
    /// `108437912365498732145`, role `account_admin`, no orders, 300 seconds from `now`.
    MarketplaceClaims
}

claims! {
    /// Claims of a Google identity token, as Pub/Sub push, Cloud Scheduler and service accounts send them.
    ///
    /// By default: audience `https://events.example.com/events`, e-mail
    /// `push@example-project.iam.gserviceaccount.com`, an hour from `now`.
    IdentityClaims
}

impl MarketplaceClaims {
    /// Valid claims, issued at `now`.
    pub fn valid_at(now: Timestamp) -> Self {
        Self(object(json!({
            "iss": MARKETPLACE_ISSUER,
            "iat": now.as_second(),
            "exp": now.as_second() + 300,
            "aud": "signup.example.com",
            "sub": "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f",
            "google": {"roles": ["account_admin"], "user_identity": "108437912365498732145"},
        })))
    }

    /// With this member of `google` set to any JSON value.
    #[must_use]
    pub fn set_google(mut self, member: &str, value: impl Into<Value>) -> Self {
        if let Some(Value::Object(google)) = self.0.get_mut("google") {
            google.insert(member.to_owned(), value.into());
        }
        self
    }

    /// `iat`, in seconds since 1970; 0 if a test took it away.
    pub fn issued_at(&self) -> i64 {
        self.0
            .get("iat")
            .and_then(Value::as_i64)
            .unwrap_or_default()
    }

    /// Without this member of `google`.
    #[must_use]
    pub fn without_google(mut self, member: &str) -> Self {
        if let Some(Value::Object(google)) = self.0.get_mut("google") {
            google.remove(member);
        }
        self
    }
}

impl IdentityClaims {
    /// Valid claims, issued at `now`.
    pub fn valid_at(now: Timestamp) -> Self {
        Self(object(json!({
            "iss": "https://accounts.google.com",
            "iat": now.as_second(),
            "exp": now.as_second() + 3600,
            "aud": "https://events.example.com/events",
            "azp": "112233445566778899222",
            "sub": "112233445566778899222",
            "email": "push@example-project.iam.gserviceaccount.com",
            "email_verified": true,
        })))
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_breaks_one_claim_and_keeps_the_rest() {
        let claims = MarketplaceClaims::valid_at(Timestamp::UNIX_EPOCH);
        let broken = claims
            .clone()
            .without("exp")
            .set("aud", json!(["a"]))
            .set_google("orders", json!([]))
            .without_google("roles");
        assert_eq!(
            serde_json::from_str::<Value>(&broken.json()).unwrap(),
            json!({
                "iss": MARKETPLACE_ISSUER,
                "iat": 0,
                "aud": ["a"],
                "sub": "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f",
                "google": {"user_identity": "108437912365498732145", "orders": []},
            })
        );
        assert!(claims.json().contains("\"exp\":300"));
    }
}
