//! The body of a push. Source: Pub/Sub's documentation of push delivery.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::push::Push;
use crate::messages::Message;

impl Push {
    /// The body in which a message is pushed. The first attempt has number 1.
    pub fn body_of(&self, message: &Message, attempt: u32) -> Value {
        envelope(self, message, attempt)
    }
}

/// The message in its wrapper. The first attempt has number 1.
pub(super) fn envelope(push: &Push, message: &Message, attempt: u32) -> Value {
    let time = message.publish_time.to_string();
    let mut inner = Map::from_iter([
        ("attributes".to_owned(), json!(message.attributes)),
        ("messageId".to_owned(), json!(message.message_id)),
        ("message_id".to_owned(), json!(message.message_id)),
        ("publishTime".to_owned(), json!(time)),
        ("publish_time".to_owned(), json!(time)),
    ]);
    if !message.data.is_empty() {
        let data = STANDARD.encode(&message.data);
        inner.insert("data".to_owned(), data.into());
    }
    if !message.ordering_key.is_empty() {
        let key = message.ordering_key.as_str();
        inner.insert("orderingKey".to_owned(), key.into());
    }
    let subscription = &push.subscription;
    match push.backoff.max_attempts {
        Some(_) => {
            json!({"message": inner, "subscription": subscription, "deliveryAttempt": attempt})
        }
        None => json!({"message": inner, "subscription": subscription}),
    }
}
