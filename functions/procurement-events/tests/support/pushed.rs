//! What Pub/Sub pushes.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use marketplace::EntitlementId;
use marketplace_simulator::Simulator;
use serde_json::{Value, json};

/// The type of the event about a new order.
pub(crate) const REQUESTED: &str = "ENTITLEMENT_CREATION_REQUESTED";

/// The message about an entitlement as it is now.
pub(crate) fn message(simulator: &Simulator, kind: &str, id: &EntitlementId) -> Value {
    let updated = simulator.entitlement(id).map(|it| it.update_time);
    json!({
        "eventId": format!("CREATE_ENTITLEMENT-{id}"),
        "eventType": kind,
        "entitlement": { "id": id, "updateTime": updated },
        "providerId": simulator.settings().provider,
    })
}

/// The body with which a message is pushed.
pub(crate) fn envelope(data: &[u8]) -> Vec<u8> {
    let data = BASE64_STANDARD.encode(data);
    let id = data.len().to_string();
    let body = json!({
        "message": { "data": data, "messageId": id, "message_id": id },
        "subscription": "projects/example-project/subscriptions/marketplace-push",
        "deliveryAttempt": 1,
    });
    body.to_string().into_bytes()
}
