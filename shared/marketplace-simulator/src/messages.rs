//! Messages of a Pub/Sub topic, and what became of each.

mod message_log;
mod queue;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

pub use message_log::MessageLog;
pub(crate) use queue::{AttemptVerdict, Draft};

/// A message, with what was done to bring it to its subscriber.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Counts from 1, in the order of publication.
    pub number: u64,
    /// As Pub/Sub gives it; an emulator that the message went through gives its own.
    pub message_id: String,
    /// When it was published.
    pub publish_time: Timestamp,
    /// Full name of the topic; empty for that of the Marketplace.
    pub topic: String,
    /// The content, as bytes.
    pub data: Vec<u8>,
    /// What stands beside the content.
    pub attributes: BTreeMap<String, String>,
    /// Empty without ordering.
    pub ordering_key: String,
    /// Every attempt to deliver it, oldest first.
    pub attempts: Vec<Attempt>,
    /// What became of it.
    pub outcome: MessageOutcome,
}

/// One attempt to deliver a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When the answer came, or the attempt was given up.
    pub time: Timestamp,
    /// The status of the answer; none if there was no answer in time.
    pub status: Option<u16>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageOutcome {
    /// Not delivered yet.
    Waiting,
    /// Kept back until it is released.
    HeldBack,
    /// The subscriber has it.
    Acknowledged,
    /// Given up after too many attempts.
    DeadLettered,
    /// Lost on purpose.
    Dropped,
}

impl Message {
    /// The content as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.data).unwrap_or_default()
    }

    /// `eventType` of a message of the Marketplace; empty if it has none.
    pub fn event_type(&self) -> String {
        let body = self.json();
        let kind = body.get("eventType").and_then(Value::as_str);
        kind.unwrap_or_default().to_owned()
    }

    /// Id of the account or entitlement that a message of the Marketplace is about; empty if none.
    pub fn resource(&self) -> String {
        let body = self.json();
        let resource = body.get("entitlement").or_else(|| body.get("account"));
        let id = resource.and_then(|resource| resource.get("id")?.as_str());
        id.unwrap_or_default().to_owned()
    }
}

impl Attempt {
    /// Whether Pub/Sub takes the answer for an acknowledgement.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self.status, Some(102 | 200 | 201 | 202 | 204))
    }
}
