//! How an application calls Portico: from its own server, as itself.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::delivery::http_client;
use crate::simulator::Simulator;

use super::super::ProgramEndpoint;

/// Longer than Portico takes at most.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Posts JSON with an identity token of the application's own, which in Google Cloud the metadata
/// server gives it. The answer's status and body, or none if it did not come.
pub(super) async fn post(
    simulator: &Simulator,
    endpoint: &ProgramEndpoint,
    body: &Value,
) -> Option<(u16, Bytes)> {
    let token = simulator.identity_token(&endpoint.caller, &endpoint.audience);
    let request = http_client(ANSWERED_WITHIN)
        .post(&endpoint.url)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(body.to_string());
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.bytes().await.ok()?))
}
