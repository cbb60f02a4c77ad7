//! `generateIdToken`: an identity token of a service account.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::ApiResult;
use super::acted_as;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

const PERMISSION: &str = "iam.serviceAccounts.getOpenIdToken";

pub(super) fn generate_id_token(
    google: &SimulatedGoogle,
    operation: &Operation,
    caller: &str,
    now: Timestamp,
) -> ApiResult {
    let Some(audience) = operation.text("audience") else {
        let text = "Audience must be a non-empty string.";
        return Err(GoogleError::invalid_argument(text));
    };
    let account = acted_as(google, operation, caller, PERMISSION, now)?;
    let mut claims = account.claims(google.application_now(), audience);
    let is_set = |field: &str| operation.body.get(field).and_then(Value::as_bool) == Some(true);
    if !is_set("includeEmail") {
        claims = claims.without("email").without("email_verified");
    }
    if is_set("useEmailAzp") {
        claims = claims.set("azp", account.email.as_str());
    }
    let token = claims.signed_by(google.keys.identity.current());
    let body = json!({ "token": token });
    Ok(HostAnswer::json(&body, "an identity token"))
}
