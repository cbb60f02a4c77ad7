//! Google identity tokens: services that call each other.

use std::fmt;

use jiff::Timestamp;
use marketplace::{At, UserIdentity};

use crate::accepted_emails::{AcceptedEmails, Refusal};
use crate::audiences::Audiences;
use crate::broken_rule::BrokenRule;
use crate::claims::Profile;
use crate::key_set::KeySet;
use crate::strict_json::Json;
use crate::unverified::SignedPayload;
use crate::verification_error::VerificationError;

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

/// A service that proved its identity: Pub/Sub's push, Cloud Scheduler, or the vendor's application.
///
/// Only verification makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedCaller {
    email: String,
    subject: String,
}

impl VerifiedCaller {
    pub(crate) const fn new(email: String, subject: String) -> Self {
        Self { email, subject }
    }

    /// The caller's e-mail, exactly as it was accepted. Not for logs.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The caller's unique id at Google: `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl fmt::Debug for VerifiedCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedCaller(…)")
    }
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

    /// Checks every rule of this profile, in the order of [`BrokenRule`]. The token is what follows
    /// `Bearer ` in the request's `Authorization`.
    pub async fn verify(
        &self,
        unverified_token: &str,
        at: At,
    ) -> Result<VerifiedCaller, VerificationError> {
        let payload = self.keys.signed_payload(unverified_token, at).await?;
        Ok(caller(&payload, &self.audiences, &self.callers, at.now)?)
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
) -> Result<VerifiedCaller, BrokenRule> {
    let claims = payload.claims()?;
    claims.check(&PROFILE, audiences, now)?;
    let subject: UserIdentity = claims.subject()?;
    if claims.claim("email").is_none() {
        return Err(BrokenRule::EmailMissing);
    }
    let email = claims.text("email").ok_or(BrokenRule::Email)?;
    let accepted = callers.accept(email, subject.as_str());
    accepted.map_err(|refusal| match refusal {
        Refusal::Stranger => BrokenRule::Email,
        Refusal::Replaced => BrokenRule::UniqueId,
    })?;
    if claims.claim("email_verified") != Some(&Json::Bool(true)) {
        return Err(BrokenRule::EmailNotVerified);
    }
    Ok(VerifiedCaller::new(email.to_owned(), subject.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_the_caller_is_is_not_shown() {
        let caller = VerifiedCaller::new("push@example.com".to_owned(), "112233".to_owned());
        assert_eq!(format!("{caller:?}"), "VerifiedCaller(…)");
    }
}
