//! Tokens as an attacker or an accident makes them. Portico has to refuse every one.

use marketplace_simulator::Simulator;
use marketplace_simulator::tokens::{self, MarketplaceClaims, SigningKey};

use super::visitor::Visitor;

#[derive(Clone, Copy)]
pub(super) struct BadToken {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    /// How such a token is made, as the page explains it.
    pub(super) story: &'static str,
    break_claims: fn(&SigningKey, MarketplaceClaims) -> String,
}

/// Every bad token that the page offers.
pub(super) const ALL: &[BadToken] = &[
    BadToken {
        code: "expired",
        label: "Expired",
        story: "The customer left the tab open for an hour before pressing the button.",
        break_claims: |key, claims| {
            let now = claims.issued_at();
            claims
                .set("iat", now - 3_900)
                .set("exp", now - 3_600)
                .signed_by(key)
        },
    },
    BadToken {
        code: "audience",
        label: "For another vendor",
        story: "Google made this token for the product of somebody else, who now tries it here.",
        break_claims: |key, claims| claims.set("aud", "signup.other.example").signed_by(key),
    },
    BadToken {
        code: "issuer",
        label: "From another issuer",
        story: "The claims name an issuer that is not the Marketplace.",
        break_claims: |key, claims| {
            claims
                .set("iss", "https://accounts.google.com")
                .signed_by(key)
        },
    },
    BadToken {
        code: "forged",
        label: "Forged signature",
        story: "An attacker wrote the claims and signed them with their own key, under the \
                name of Google’s key.",
        break_claims: |key, claims| tokens::foreign().sign(&key.header(), &claims.json()),
    },
    BadToken {
        code: "unknown-key",
        label: "Signed with an unknown key",
        story: "A perfectly good signature, by a key that the Marketplace has never published.",
        break_claims: |_, claims| claims.signed_by(tokens::foreign()),
    },
    BadToken {
        code: "unsigned",
        label: "Not signed at all",
        story: "The header says that there is no signature, and hopes to be believed.",
        break_claims: |key, claims| {
            let header = format!(r#"{{"alg":"none","kid":"{}","typ":"JWT"}}"#, key.kid);
            SigningKey::unsigned(&header, &claims.json())
        },
    },
    BadToken {
        code: "hmac",
        label: "Signed with the public key",
        story: "The header changes the algorithm, so that Google’s public key would do as a \
                secret.",
        break_claims: |key, claims| {
            let header = format!(r#"{{"alg":"HS256","kid":"{}","typ":"JWT"}}"#, key.kid);
            key.sign_as_hmac(&header, &claims.json())
        },
    },
    BadToken {
        code: "long-lived",
        label: "Valid for a year",
        story: "A token of the Marketplace lives five minutes. This one would live for a year.",
        break_claims: |key, claims| {
            let year = claims.issued_at() + 365 * 86_400;
            claims.set("exp", year).signed_by(key)
        },
    },
    BadToken {
        code: "no-user",
        label: "Without a user",
        story: "The token says which account, but not which person.",
        break_claims: |key, claims| claims.without_google("user_identity").signed_by(key),
    },
    BadToken {
        code: "not-a-token",
        label: "Not a token",
        story: "Three words and two dots.",
        break_claims: |_, _| "open.sesame.please".to_owned(),
    },
];

impl BadToken {
    pub(super) fn find(code: &str) -> Option<Self> {
        ALL.iter().find(|token| token.code == code).copied()
    }

    pub(super) fn token(&self, simulator: &Simulator, visitor: Option<&Visitor>) -> String {
        let claims = match visitor {
            Some(visitor) => simulator.token_claims(&visitor.account.id, &visitor.person.identity),
            None => MarketplaceClaims::valid_at(simulator.now())
                .set("aud", simulator.settings().audience.as_str()),
        };
        (self.break_claims)(simulator.signing_key(), claims)
    }
}
