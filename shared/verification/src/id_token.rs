//! ID tokens of Google sign-in: who the person at the browser is.

use jiff::Timestamp;
use marketplace::{At, UserIdentity};

use crate::audiences::Audiences;
use crate::broken_rule::BrokenRule;
use crate::identity::PROFILE;
use crate::key_set::KeySet;
use crate::strict_json::Json;
use crate::unverified::SignedPayload;
use crate::verification_error::VerificationError;

/// Verifies the ID token that Google's token endpoint answers to the code flow (OpenID Connect Core,
/// 3.1.3.7).
#[derive(Debug, Clone)]
pub struct SignInVerifier {
    keys: KeySet,
    client_id: Audiences,
}

impl SignInVerifier {
    /// With the keys of [`KeySet::google_identity`] and the OAuth client that the token is for.
    pub fn new(keys: KeySet, client_id: Audiences) -> Self {
        Self { keys, client_id }
    }

    /// Checks every rule of this profile, in the order of [`BrokenRule`]. `nonce` is the one that was
    /// made for this browser's sign-in; an empty one matches nothing.
    pub async fn verify(
        &self,
        unverified_token: &str,
        nonce: &str,
        at: At,
    ) -> Result<UserIdentity, VerificationError> {
        let payload = self.keys.signed_payload(unverified_token, at).await?;
        Ok(user(&payload, &self.client_id, nonce, at.now)?)
    }

    /// Fetches the keys ahead of the first token. A failure is logged, and left to that token.
    pub async fn warm_up(&self) {
        self.keys.warm_up().await;
    }
}

pub(crate) fn user(
    payload: &SignedPayload,
    client_id: &Audiences,
    nonce: &str,
    now: Timestamp,
) -> Result<UserIdentity, BrokenRule> {
    let claims = payload.claims()?;
    claims.check(&PROFILE, client_id, now)?;
    let user = claims.subject()?;
    if nonce.is_empty() || claims.text("nonce") != Some(nonce) {
        return Err(BrokenRule::Nonce);
    }
    match claims.claim("azp") {
        None => {}
        Some(Json::Text(azp)) if client_id.accept(azp) => {}
        Some(_) => return Err(BrokenRule::AuthorizedParty),
    }
    Ok(user)
}
