//! Messages of a Pub/Sub topic, and what became of each.

mod message_log;
mod obstacle;
mod pace;
mod queue;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

pub use message_log::MessageLog;
pub use obstacle::Obstacle;
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
    /// Why there was no answer, as far as it is known.
    pub obstacle: Option<Obstacle>,
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
    /// Why the last attempt did not bring it there; none if that attempt did, or there was none.
    pub fn why_not(&self) -> Option<String> {
        self.attempts.last()?.why_not()
    }

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
    /// An attempt that ends now with this status, or without an answer.
    pub(crate) fn ended(time: Timestamp, answer: Result<u16, Obstacle>) -> Self {
        Self {
            time,
            status: answer.ok(),
            obstacle: answer.err(),
        }
    }

    /// Whether Pub/Sub takes the answer for an acknowledgement.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self.status, Some(102 | 200 | 201 | 202 | 204))
    }

    /// Why the message was not taken, in plain words such as `answered 500`; none if it was.
    pub fn why_not(&self) -> Option<String> {
        match (self.status, self.obstacle) {
            _ if self.is_acknowledged() => None,
            (Some(status @ 300..=399), _) => Some(format!(
                "answered {status}: a redirect to another place is not followed"
            )),
            (Some(status), _) => Some(format!("answered {status}")),
            (None, Some(obstacle)) => Some(obstacle.to_string()),
            (None, None) => Some("no answer".to_owned()),
        }
    }
}
