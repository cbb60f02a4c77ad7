//! The readers of a push, for arbitrary bytes. For fuzz targets only.

use lifecycle::Resource;

use crate::message::EventMessage;
use crate::push_envelope::Push;

/// What is used of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPush {
    /// Pub/Sub's id of the message.
    pub id: Option<String>,
    /// The message itself, if there is one.
    pub data: Option<Vec<u8>>,
}

/// What is used of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadEvent {
    /// The account or order that it is about.
    pub resource: Resource,
    /// The type as it was written.
    pub type_name: String,
    /// The operation's id.
    pub event_id: Option<String>,
    /// Whether its type is one that Google documents for such a resource.
    pub is_known: bool,
}

/// Reads the bytes as the body of a push.
pub fn push(body: &[u8]) -> ReadPush {
    let Push { id, data, .. } = Push::read(body);
    let data = data.ok();
    ReadPush { id, data }
}

/// Reads the bytes as a message; none if it is malformed.
pub fn event(data: &[u8]) -> Option<ReadEvent> {
    let message = EventMessage::read(data).ok()?;
    Some(ReadEvent {
        is_known: message.kind.is_some(),
        resource: message.resource,
        type_name: message.type_name,
        event_id: message.event_id,
    })
}
