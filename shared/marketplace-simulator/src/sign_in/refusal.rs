//! How Google says no to a program that wants somebody to sign in.

use http::StatusCode;
use serde_json::json;

use crate::host_answer::HostAnswer;

/// A request that Google does not take. The browser gets it as a page of Google's and goes no
/// further; a program gets it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {text}")]
pub struct SignInRefused {
    /// HTTP status.
    pub status: u16,
    /// Such as `redirect_uri_mismatch`.
    pub code: &'static str,
    /// What Google says about it.
    pub text: String,
}

impl SignInRefused {
    /// 400 `invalid_request`: the form of the request. These alone are recorded as violations, the
    /// others depend on values that a test may have chosen.
    pub(crate) fn invalid_request(text: impl Into<String>) -> Self {
        Self::new(400, "invalid_request", text)
    }

    /// 400, with this code.
    pub(crate) fn bad(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(400, code, text)
    }

    /// 401 `invalid_client`.
    pub(crate) fn invalid_client(text: impl Into<String>) -> Self {
        Self::new(401, "invalid_client", text)
    }

    /// 400 `invalid_grant`.
    pub(crate) fn invalid_grant(text: impl Into<String>) -> Self {
        Self::new(400, "invalid_grant", text)
    }

    /// 404: not the address that browsers are sent to.
    pub(crate) fn elsewhere(address: &str) -> Self {
        let text = format!("a browser is sent to sign in at {address}");
        Self::new(404, "not_found", text)
    }

    /// Whether the request has a form that Google does not document.
    pub(crate) fn is_violation(&self) -> bool {
        self.code == "invalid_request"
    }

    pub(crate) fn answer(&self) -> HostAnswer {
        let body = json!({"error": self.code, "error_description": self.text});
        let mut answer = HostAnswer::json(&body, self.to_string());
        answer.status = self.status();
        answer
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or_default()
    }

    fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { status, code, text }
    }
}
