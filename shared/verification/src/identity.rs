//! Google identity tokens: services that call each other.

use jiff::Timestamp;
use marketplace::{Deadline, UserIdentity};

use crate::audiences::{AcceptedEmails, Audiences};
use crate::caller::VerifiedCaller;
use crate::claims::Profile;
use crate::key_set::KeySet;
use crate::rejected::{Rejected, VerificationError};
use crate::strict_json::Json;
use crate::unverified::SignedPayload;

/// Issuer and lifetime as in "Authenticate push subscriptions" and "Verify the Google ID token on your
/// server side". Both spellings of the issuer are documented.
pub(crate) const PROFILE: Profile = Profile {
    issuers: &["https://accounts.google.com", "accounts.google.com"],
    lifetime: 3600,
};

/// Verifies the identity tokens of Pub/Sub push, Cloud Scheduler and service accounts, for one route.
#[derive(Debug, Clone)]
pub struct IdentityVerifier {
    keys: KeySet,
    audiences: Audiences,
    callers: AcceptedEmails,
}

impl IdentityVerifier {
    /// With the keys of [`KeySet::google_identity`], shared by all routes.
    pub fn new(keys: KeySet, audiences: Audiences, callers: AcceptedEmails) -> Self {
        Self {
            keys,
            audiences,
            callers,
        }
    }

    /// Checks every rule of this profile, in the order of [`Rejected`]. The token is what follows
    /// `Bearer ` in the request's `Authorization`.
    pub async fn verify(
        &self,
        unverified_token: &str,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<VerifiedCaller, VerificationError> {
        let payload = self
            .keys
            .signed_payload(unverified_token, now, deadline)
            .await?;
        Ok(caller(&payload, &self.audiences, &self.callers, now)?)
    }

    /// Fetches the keys ahead of the first token. A failure is logged, and left to that token.
    pub async fn warm_up(&self) {
        self.keys.warm_up().await;
    }
}

pub(crate) fn caller(
    payload: &SignedPayload,
    audiences: &Audiences,
    callers: &AcceptedEmails,
    now: Timestamp,
) -> Result<VerifiedCaller, Rejected> {
    let claims = payload.claims()?;
    claims.check(&PROFILE, audiences, now)?;
    let subject: UserIdentity = claims.subject()?;
    let email = claims
        .text("email")
        .filter(|email| callers.accept(email))
        .ok_or(Rejected::Email)?;
    if claims.claim("email_verified") != Some(&Json::Bool(true)) {
        return Err(Rejected::EmailNotVerified);
    }
    Ok(VerifiedCaller::new(email.to_owned(), subject.into()))
}
