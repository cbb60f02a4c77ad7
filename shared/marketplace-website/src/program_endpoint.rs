//! An address of a program that the vendor's own programs call.

use std::time::Duration;

use bytes::Bytes;
use marketplace_simulator::{Simulator, http_client};
use serde_json::Value;

/// Longer than a function takes at most.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Where a program of the vendor's is called, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramEndpoint {
    /// Such as `http://localhost:8080/usage`.
    pub url: String,
    /// `aud` of the caller's identity token.
    pub audience: String,
    /// E-mail of the service account that the caller runs as.
    pub caller: String,
}

impl ProgramEndpoint {
    /// Posts JSON with an identity token of the caller's, which in Google Cloud the metadata server gives
    /// it. The answer's status and body, or none if it did not come.
    pub async fn post(&self, simulator: &Simulator, body: &Value) -> Option<(u16, Bytes)> {
        let token = simulator.identity_token(&self.caller, &self.audience);
        let request = http_client(ANSWERED_WITHIN)
            .post(&self.url)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.bytes().await.ok()?))
    }
}
