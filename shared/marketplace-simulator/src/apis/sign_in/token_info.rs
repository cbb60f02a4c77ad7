//! Whose an access token is, for the program that acts with it.

use function_runtime::Request;
use serde_json::json;

use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

/// Answers for every token: they are all of the account that the program runs as.
pub(super) fn token_info(google: &SimulatedGoogle, request: &Request) -> HostAnswer {
    let query = request.uri.query().unwrap_or_default();
    if !query.starts_with("access_token=ya29.") {
        return HostAnswer::error(&GoogleError::invalid_argument("Invalid Value"));
    }
    let body = json!({
        "email": google.settings.service_account,
        "email_verified": "true",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
    });
    HostAnswer::json(&body, "whose the token is")
}
