//! IAM Credentials: `signJwt`, and tokens of service accounts for those that may act as them.

mod access_token;
mod id_token;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ApiResult;
use super::account_identity::AccountIdentity;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

/// The longest time that `exp` may be ahead, in seconds: 12 hours.
const MAX_AHEAD: i64 = 12 * 60 * 60;

pub(super) fn perform(
    google: &SimulatedGoogle,
    operation: &Operation,
    caller: &str,
    now: Timestamp,
) -> ApiResult {
    // The documentation calls any project but the wildcard invalid.
    if operation.variable(0) != "-" {
        return Err(GoogleError::invalid_argument(
            "Resource name must be projects/-/serviceAccounts/{ACCOUNT_EMAIL_OR_UNIQUEID}.",
        ));
    }
    match operation.id {
        "iamcredentials.projects.serviceAccounts.signJwt" => {
            sign_jwt(google, operation, caller, now)
        }
        "iamcredentials.projects.serviceAccounts.generateIdToken" => {
            id_token::generate_id_token(google, operation, caller, now)
        }
        "iamcredentials.projects.serviceAccounts.generateAccessToken" => {
            access_token::generate_access_token(google, operation, caller, now)
        }
        _ => Err(GoogleError::unimplemented()),
    }
}

/// The service account that the caller wants a token of; none without this permission.
///
/// A service account may act as itself, and everybody as one that IAM made: those are the customers', which
/// Portico hands out to act as.
fn acted_as(
    google: &SimulatedGoogle,
    operation: &Operation,
    caller: &str,
    permission: &str,
    now: Timestamp,
) -> Result<AccountIdentity, GoogleError> {
    check_delegates(operation)?;
    let is_made_by_iam = |email: &str| google.service_accounts().find("-", email).is_some();
    AccountIdentity::find(google, operation.variable(1), now)
        .filter(|it| it.email == caller || is_made_by_iam(&it.email))
        .ok_or_else(|| GoogleError::permission_missing(permission))
}

/// Portico alone may have the signer sign.
fn sign_jwt(
    google: &SimulatedGoogle,
    operation: &Operation,
    caller: &str,
    now: Timestamp,
) -> ApiResult {
    let settings = &google.settings;
    if operation.variable(1) != settings.hand_off_signer || caller != settings.service_account {
        return Err(GoogleError::permission_denied());
    }
    check_delegates(operation)?;
    let payload = operation.text("payload").unwrap_or_default();
    check_claims(payload, now)?;
    let key = google.keys.hand_off.current();
    let answer = json!({
        "keyId": key.kid,
        "signedJwt": key.sign(&key.header(), payload),
    });
    Ok(HostAnswer::json(&answer, "signed"))
}

fn check_delegates(operation: &Operation) -> Result<(), GoogleError> {
    let delegates = operation.body.get("delegates").and_then(Value::as_array);
    if delegates.is_some_and(|delegates| !delegates.iter().all(is_account_name)) {
        return Err(GoogleError::invalid_argument("Invalid delegate."));
    }
    Ok(())
}

fn is_account_name(delegate: &Value) -> bool {
    let name = delegate.as_str().unwrap_or_default();
    name.strip_prefix("projects/-/serviceAccounts/")
        .is_some_and(|account| !account.is_empty() && !account.contains('/'))
}

/// The payload must be the text of a JSON object; `exp`, if there, must be a whole number of
/// seconds between now and 12 hours from now.
fn check_claims(payload: &str, now: Timestamp) -> Result<(), GoogleError> {
    let claims: serde_json::Map<String, Value> = serde_json::from_str(payload).map_err(|_| {
        GoogleError::invalid_argument("JWT payload must be a serialized JSON object.")
    })?;
    let Some(expiry) = claims.get("exp") else {
        return Ok(());
    };
    let allowed = now.as_second()..=now.as_second() + MAX_AHEAD;
    match expiry.as_i64() {
        Some(expiry) if allowed.contains(&expiry) => Ok(()),
        _ => Err(GoogleError::invalid_argument(
            "JWT exp must be an integer timestamp, not in the past and at most 12 hours ahead.",
        )),
    }
}
