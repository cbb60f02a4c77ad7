//! `generateIdToken`: an identity token of a service account, for one that may act as it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::ApiResult;
use super::super::account_identity::AccountIdentity;
use super::check_delegates;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

/// A service account may act as itself, and everybody as one that IAM made: those are the customers', which
/// Portico hands out to act as.
pub(super) fn generate_id_token(
    google: &SimulatedGoogle,
    operation: &Operation,
    caller: &str,
    now: Timestamp,
) -> ApiResult {
    check_delegates(operation)?;
    let Some(audience) = operation.text("audience") else {
        let text = "Audience must be a non-empty string.";
        return Err(GoogleError::invalid_argument(text));
    };
    let account = AccountIdentity::find(google, operation.variable(1), now);
    let account = account.filter(|it| it.email == caller || is_made_by_iam(google, &it.email));
    let account = account
        .ok_or_else(|| GoogleError::permission_missing("iam.serviceAccounts.getOpenIdToken"))?;
    let mut claims = account.claims(google.application_now(), audience);
    let is_set = |field: &str| operation.body.get(field).and_then(Value::as_bool) == Some(true);
    if !is_set("includeEmail") {
        claims = claims.without("email").without("email_verified");
    }
    if is_set("useEmailAzp") {
        claims = claims.set("azp", account.email.as_str());
    }
    let token = claims.signed_by(google.keys.identity.current());
    Ok(HostAnswer::json(
        &json!({ "token": token }),
        "an identity token",
    ))
}

fn is_made_by_iam(google: &SimulatedGoogle, email: &str) -> bool {
    google.service_accounts().find("-", email).is_some()
}
