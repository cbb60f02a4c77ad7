//! Whose an access token is, for the program that acts with it.

use function_runtime::Request;
use jiff::Timestamp;
use serde_json::json;

use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

/// Answers for every token: one that is not known is taken for one of the account that Portico runs as.
pub(super) fn token_info(
    google: &SimulatedGoogle,
    request: &Request,
    machine_now: Timestamp,
) -> HostAnswer {
    let query = request.uri.query().unwrap_or_default();
    let mut given = form_urlencoded::parse(query.as_bytes());
    let token = given.find(|(name, value)| name == "access_token" && value.starts_with("ya29."));
    let Some((_, token)) = token else {
        return HostAnswer::error(&GoogleError::invalid_argument("Invalid Value"));
    };
    let holder = google.access_tokens.holder(&token, machine_now);
    let body = json!({
        "email": holder.as_ref().unwrap_or(&google.settings.service_account),
        "email_verified": "true",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
    });
    HostAnswer::json(&body, "whose the token is")
}
