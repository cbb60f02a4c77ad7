//! The Marketplace's sign-up and login token.

use jiff::Timestamp;
use marketplace::{At, EntitlementId, Role, UserIdentity};

use crate::audiences::Audiences;
use crate::broken_rule::BrokenRule;
use crate::claims::{Profile, SignedClaims};
use crate::customer::{CustomerParts, VerifiedCustomer};
use crate::key_set::KeySet;
use crate::strict_json::{Json, Object};
use crate::unverified::SignedPayload;
use crate::verification_error::VerificationError;

/// Issuer and lifetime as documented in "Integrating your app's frontend".
const PROFILE: Profile = Profile {
    issuers: &[
        "https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com",
    ],
    lifetime: 300,
};

/// The most roles a token may carry. Google documents two.
const MAX_ROLES: usize = 16;

/// The longest role, in bytes.
const MAX_ROLE: usize = 64;

/// The most orders a token may carry.
const MAX_ORDERS: usize = 256;

/// Verifies the tokens that Google's Marketplace posts through a customer's browser.
#[derive(Debug, Clone)]
pub struct MarketplaceVerifier {
    keys: KeySet,
    audiences: Audiences,
}

impl MarketplaceVerifier {
    /// With the keys of [`KeySet::marketplace`] and the domains that the product is hosted on.
    pub fn new(keys: KeySet, audiences: Audiences) -> Self {
        Self { keys, audiences }
    }

    /// Checks every rule of this profile, in the order of [`BrokenRule`].
    pub async fn verify(
        &self,
        unverified_token: &str,
        at: At,
    ) -> Result<VerifiedCustomer, VerificationError> {
        let payload = self.keys.signed_payload(unverified_token, at).await?;
        Ok(customer(&payload, &self.audiences, at.now)?)
    }

    /// Fetches the keys ahead of the first token. A failure is logged, and left to that token.
    pub async fn warm_up(&self) {
        self.keys.warm_up().await;
    }
}

pub(crate) fn customer(
    payload: &SignedPayload,
    audiences: &Audiences,
    now: Timestamp,
) -> Result<VerifiedCustomer, BrokenRule> {
    let claims = payload.claims()?;
    let validity = claims.check(&PROFILE, audiences, now)?;
    let account = claims.subject()?;
    let google = google(&claims)?;
    Ok(VerifiedCustomer::new(CustomerParts {
        account,
        user: user(google)?,
        roles: roles(google)?,
        orders: orders(google)?,
        fingerprint: payload.fingerprint,
        issued_at: validity.issued_at,
        expires_at: validity.expires_at,
    }))
}

fn google<'c, 'p>(claims: &'c SignedClaims<'p>) -> Result<&'c Object<'p>, BrokenRule> {
    match claims.claim("google") {
        Some(Json::Object(google)) => Ok(google),
        Some(_) => Err(BrokenRule::GoogleInvalid),
        None => Err(BrokenRule::GoogleMissing),
    }
}

/// An integrator has seen the identity empty: that is no bad token, but one that names nobody.
fn user(google: &Object<'_>) -> Result<Option<UserIdentity>, BrokenRule> {
    match google.member("user_identity") {
        None => Ok(None),
        Some(Json::Text(text)) if text.is_empty() => Ok(None),
        Some(Json::Text(text)) => UserIdentity::parse(text.as_ref())
            .map(Some)
            .map_err(|_| BrokenRule::UserInvalid),
        Some(_) => Err(BrokenRule::UserInvalid),
    }
}

fn roles(google: &Object<'_>) -> Result<Vec<Role>, BrokenRule> {
    texts(google.member("roles"), MAX_ROLES)
        .and_then(|texts| {
            texts
                .into_iter()
                .map(|text| (text.len() <= MAX_ROLE).then(|| Role::from(text.to_owned())))
                .collect()
        })
        .ok_or(BrokenRule::RolesInvalid)
}

fn orders(google: &Object<'_>) -> Result<Vec<EntitlementId>, BrokenRule> {
    texts(google.member("orders"), MAX_ORDERS)
        .and_then(|texts| {
            texts
                .into_iter()
                .map(|text| EntitlementId::parse(text).ok())
                .collect()
        })
        .ok_or(BrokenRule::OrdersInvalid)
}

/// A list of strings, empty if it is absent; `None` if it is anything else.
fn texts<'j>(list: Option<&'j Json<'_>>, at_most: usize) -> Option<Vec<&'j str>> {
    let list = match list {
        None => return Some(Vec::new()),
        Some(Json::List(list)) if list.len() <= at_most => list,
        Some(_) => return None,
    };
    list.iter()
        .map(|entry| match entry {
            Json::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect()
}
