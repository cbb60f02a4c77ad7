//! What the application is told about a customer it receives.
//!
//! The hand-off has the shape of the Marketplace's own token, so that whoever can verify that one
//! can verify this one by changing two constants. [HAND-OFF.md](../HAND-OFF.md) describes it for
//! application developers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use marketplace::{Access, EntitlementId, Role, UserIdentity};
use serde::Serialize;
use store::{HandOffRecord, Purpose, Session};
use verification::VerifiedCustomer;

use crate::landings::last_session_expires;

/// How long a hand-off can be used: the time of one redirect, not of a visit.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// Whether Google sign-in proved that the person at the browser is the token's user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonAtBrowser {
    /// Google sign-in returned the same identity.
    Proven,
    /// Only the Marketplace's token says so.
    Unproven,
}

impl PersonAtBrowser {
    /// Who sits there, by what this landing has passed.
    pub fn of(session: Option<&Session>) -> Self {
        let sign_in = session.and_then(|session| session.sign_in.as_ref());
        match sign_in.and_then(|sign_in| sign_in.passed) {
            Some(_) => Self::Proven,
            None => Self::Unproven,
        }
    }
}

/// Everything a hand-off says, but for the parties.
#[derive(Debug, Clone, Copy)]
pub struct HandOff<'a> {
    /// The customer, from this landing's token.
    pub customer: &'a VerifiedCustomer,
    /// The customer's user: [`VerifiedCustomer::user`], which a hand-off requires.
    pub user: &'a UserIdentity,
    /// What was recorded for this token: a repeat is told the same.
    pub record: &'a HandOffRecord,
    /// Why the customer comes.
    pub purpose: Purpose,
    /// Who sits there.
    pub person: PersonAtBrowser,
    /// What the customer may use.
    pub access: Access,
    /// What this user typed in the registration form.
    pub unverified_profile: &'a BTreeMap<String, String>,
}

/// The parties of every hand-off of one deployment.
#[derive(Debug, Clone)]
pub struct Parties {
    /// `iss`: the address of the signer's public keys.
    pub issuer: String,
    /// `aud`: the application's origin.
    pub audience: String,
}

impl Parties {
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
    pub fn claims(&self, hand_off: &HandOff<'_>) -> serde_json::Result<String> {
        let HandOff {
            customer, record, ..
        } = hand_off;
        serde_json::to_string(&Claims {
            iss: &self.issuer,
            aud: &self.audience,
            sub: customer.account().as_str(),
            google: GoogleClaims {
                user_identity: hand_off.user.as_str(),
                roles: customer.roles(),
                orders: customer.orders(),
            },
            jti: &record.jti,
            iat: record.issued.as_second(),
            exp: record.expires.as_second(),
            purpose: hand_off.purpose.as_str(),
            order: record.order.as_ref(),
            verified_user: hand_off.person == PersonAtBrowser::Proven,
            new_user: record.new_user,
            access: hand_off.access,
            unverified_profile: hand_off.unverified_profile,
        })
    }
}

/// The record of a new hand-off for this customer's token, with the order that was chosen.
///
/// It is kept at least as long as any session that the token may have begun, at whichever function:
/// a form or a choice that is still open must not yield a second hand-off.
pub fn new_record(
    customer: &VerifiedCustomer,
    seen: Seen,
    order: Option<EntitlementId>,
    now: Timestamp,
) -> Result<HandOffRecord, getrandom::Error> {
    let mut jti = [0; 16];
    getrandom::fill(&mut jti)?;
    // Whole seconds, because the claims are.
    let issued = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let expires = issued.saturating_add(LIFETIME).unwrap_or(issued);
    Ok(HandOffRecord {
        token: customer.fingerprint(),
        jti: URL_SAFE_NO_PAD.encode(jti),
        issued,
        expires,
        order,
        new_user: seen == Seen::FirstTime,
        keep_until: last_session_expires(customer).max(expires),
    })
}

/// Whether this user of this account was known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The link is made by this landing.
    FirstTime,
    /// There was a link.
    Before,
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
    unverified_profile: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct GoogleClaims<'a> {
    user_identity: &'a str,
    roles: &'a [Role],
    orders: &'a [EntitlementId],
}
