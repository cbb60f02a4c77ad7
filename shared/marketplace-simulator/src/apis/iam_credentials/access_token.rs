//! `generateAccessToken`: an access token of a service account.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::ApiResult;
use super::acted_as;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

const PERMISSION: &str = "iam.serviceAccounts.getAccessToken";
/// The longest lifetime, and the one of a token for which none is asked, in seconds.
const MAX_LIFETIME: f64 = 3_600.0;

pub(super) fn generate_access_token(
    google: &SimulatedGoogle,
    operation: &Operation,
    caller: &str,
    now: Timestamp,
) -> ApiResult {
    let scopes = operation.body.get("scope").and_then(Value::as_array);
    if scopes.is_none_or(Vec::is_empty) {
        let text = "At least one scope must be provided.";
        return Err(GoogleError::invalid_argument(text));
    }
    let lifetime = lifetime(operation)?;
    let account = acted_as(google, operation, caller, PERMISSION, now)?;
    // Access tokens live by the machine's clock.
    let end = Timestamp::now() + lifetime;
    let body = json!({
        "accessToken": google.access_tokens.issue(&account.email, end),
        "expireTime": end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    Ok(HostAnswer::json(&body, "an access token"))
}

fn lifetime(operation: &Operation) -> Result<SignedDuration, GoogleError> {
    let given = operation.text("lifetime");
    let given = given.and_then(|text| text.strip_suffix('s')?.parse::<f64>().ok());
    let seconds = given.unwrap_or(MAX_LIFETIME);
    if seconds > 0.0 && seconds <= MAX_LIFETIME {
        return Ok(SignedDuration::from_secs_f64(seconds));
    }
    let text = "The lifetime must be more than 0s and at most 3600s.";
    Err(GoogleError::invalid_argument(text))
}
