//! What a hand-off says about the customer: its claims.
//!
//! The hand-off has the shape of the Marketplace's own token, so that software that can verify that one
//! can verify this one by changing two constants. [HAND-OFF.md](../HAND-OFF.md) describes it for
//! application developers.

use std::collections::BTreeMap;

use marketplace::{Access, EntitlementId, Role, pasted_text};
use serde::Serialize;
use store::{HandOffRecord, Landing, Purpose};

use crate::entry::{Entry, PersonAtBrowser};

/// Everything a hand-off says, but for the parties.
#[derive(Debug, Clone, Copy)]
pub struct HandOff<'a> {
    /// The customer.
    pub entry: &'a Entry,
    /// What was recorded for this token: a repeat says the same.
    pub record: &'a HandOffRecord,
    /// What the customer may use.
    pub access: Access,
    /// What this user typed in the registration form.
    pub unverified_profile: &'a BTreeMap<String, String>,
}

/// The parties of every hand-off of one deployment.
#[derive(Debug, Clone)]
pub struct HandOffParties {
    /// `iss`: the address of the signer's public keys.
    pub issuer: String,
    /// `aud`: the application's origin.
    pub audience: String,
}

impl HandOffParties {
    /// The parties of hand-offs that this service account signs for this application.
    pub fn new(signer: &str, application: &url::Url) -> Self {
        Self {
            issuer: format!(
                "https://www.googleapis.com/service_accounts/v1/metadata/x509/{signer}"
            ),
            audience: application.origin().ascii_serialization(),
        }
    }

    /// The claims as the JSON text that is signed.
    pub fn claims(&self, purpose: Purpose, hand_off: &HandOff<'_>) -> serde_json::Result<String> {
        let HandOff { entry, record, .. } = hand_off;
        let customer = entry.customer();
        serde_json::to_string(&Claims {
            iss: &self.issuer,
            aud: &self.audience,
            sub: customer.account().as_str(),
            google: GoogleClaims {
                user_identity: entry.user().as_str(),
                roles: customer.roles(),
                orders: customer.orders(),
            },
            jti: &record.jti,
            iat: record.issued.as_second(),
            exp: record.expires.as_second(),
            purpose: purpose.as_str(),
            order: record.order.as_ref(),
            verified_user: entry.person() == PersonAtBrowser::Proven,
            new_user: record.new_user,
            access: hand_off.access,
            unverified_profile: seen(hand_off.unverified_profile),
        })
    }
}

/// What the customer may use, by everything that is stored of their account.
///
/// Every stored order counts: a product that is not served any more ends no access.
pub fn access(landing: &Landing) -> Access {
    let orders = landing.entitlements.iter().map(|stored| &stored.record);
    match &landing.account {
        Some(account) => account.record.access(orders),
        None => Access::from_states(orders.map(|order| &order.state)),
    }
}

/// What can be seen of what was typed. Earlier versions stored it as it was pasted.
fn seen(profile: &BTreeMap<String, String>) -> BTreeMap<&str, String> {
    let seen = profile
        .iter()
        .map(|(name, typed)| (name.as_str(), pasted_text::line(typed)));
    seen.filter(|(_, typed)| !typed.is_empty()).collect()
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    google: GoogleClaims<'a>,
    jti: &'a str,
    iat: i64,
    exp: i64,
    purpose: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'a EntitlementId>,
    verified_user: bool,
    new_user: bool,
    access: Access,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unverified_profile: BTreeMap<&'a str, String>,
}

#[derive(Serialize)]
struct GoogleClaims<'a> {
    user_identity: &'a str,
    roles: &'a [Role],
    orders: &'a [EntitlementId],
}
