//! What Pub/Sub pushes.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
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

/// The body with which a message is pushed that was published just now. The same message has the same id.
pub(crate) fn envelope(data: &[u8]) -> Vec<u8> {
    published(data, Timestamp::now())
}

/// The body with which a message is pushed that was published at this time.
pub(crate) fn published(data: &[u8], at: Timestamp) -> Vec<u8> {
    let mut id = DefaultHasher::new();
    data.hash(&mut id);
    let id = id.finish().to_string();
    let body = json!({
        "message": {
            "data": BASE64_STANDARD.encode(data),
            "messageId": id,
            "message_id": id,
            "publishTime": at,
            "publish_time": at,
        },
        "subscription": "projects/example-project/subscriptions/marketplace-push",
        "deliveryAttempt": 1,
    });
    body.to_string().into_bytes()
}
