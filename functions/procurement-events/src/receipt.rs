//! The record that a message was handled.
//!
//! A receipt says that a message's effect is stored, so that a second delivery costs one read.
//! Correctness never depends on it: without receipts every message would be applied again, with the same result.

use jiff::{SignedDuration, Timestamp};
use outbox::stable_id;
use store::HandledEvent;

use crate::message::EventMessage;
use crate::push_envelope::Push;

/// Longer than Pub/Sub keeps a message: 31 days at most.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(35 * 24);

/// How much is kept of a message that cannot be used, in characters.
const KEPT_BODY: usize = 2_000;

/// How much is kept of a type, in characters.
const KEPT_TYPE: usize = 100;

/// The receipt for a message that can be applied. Its outcome is filled in when it is stored.
pub(crate) fn of_message(message: &EventMessage, push: &Push, now: Timestamp) -> HandledEvent {
    // Several messages of one operation share its id, and a message may have none.
    let event = message
        .event_id
        .as_deref()
        .or(push.id.as_deref())
        .unwrap_or_default();
    let id = stable_id(&[&message.type_name, event, message.resource.id()]);
    receipt(id, &message.type_name, now)
}

/// The record of a message that cannot be used, for an operator.
pub(crate) fn of_unusable(
    type_name: &str,
    outcome: &str,
    push: &Push,
    body: &[u8],
    now: Timestamp,
) -> HandledEvent {
    let content = String::from_utf8_lossy(body);
    let id = match &push.id {
        Some(id) => stable_id(&["message", id]),
        None => stable_id(&["content", &content]),
    };
    HandledEvent {
        outcome: outcome.to_owned(),
        body: Some(content.chars().take(KEPT_BODY).collect()),
        ..receipt(id, type_name, now)
    }
}

fn receipt(id: String, type_name: &str, now: Timestamp) -> HandledEvent {
    HandledEvent {
        id,
        kind: type_name.chars().take(KEPT_TYPE).collect(),
        outcome: String::new(),
        resource: None,
        body: None,
        handled: now,
        keep_until: now.saturating_add(KEPT_FOR).unwrap_or(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(type_name: &str, event: Option<&str>, subject: &str, message: &str) -> String {
        let event = event.map_or(String::new(), |event| format!(r#""eventId":"{event}","#));
        let json =
            format!(r#"{{"eventType":"{type_name}",{event}"entitlement":{{"id":"{subject}"}}}}"#);
        let read = EventMessage::read(json.as_bytes()).unwrap();
        let push = Push {
            id: Some(message.to_owned()),
            delivery_attempt: None,
            data: Ok(vec![]),
        };
        of_message(&read, &push, Timestamp::UNIX_EPOCH).id
    }

    #[test]
    fn messages_of_one_operation_are_not_one() {
        let id = |kind, event, subject, message| id(kind, Some(event), subject, message);
        let first = id("ENTITLEMENT_ACTIVE", "CREATE-1", "E-1", "1");
        assert_eq!(first, id("ENTITLEMENT_ACTIVE", "CREATE-1", "E-1", "2"));
        for other in [
            id("ENTITLEMENT_RENEWED", "CREATE-1", "E-1", "1"),
            id("ENTITLEMENT_ACTIVE", "CREATE-1", "E-2", "1"),
            id("ENTITLEMENT_ACTIVE", "CREATE-2", "E-1", "1"),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn without_an_event_id_the_message_s_own_counts() {
        let first = id("ENTITLEMENT_ACTIVE", None, "E-1", "1");
        assert_eq!(first, id("ENTITLEMENT_ACTIVE", None, "E-1", "1"));
        assert_ne!(first, id("ENTITLEMENT_ACTIVE", None, "E-1", "2"));
    }

    #[test]
    fn the_record_of_an_unusable_message_is_bounded() {
        let push = Push {
            id: None,
            delivery_attempt: None,
            data: Ok(vec![]),
        };
        let body = vec![0xff; 100_000];
        let (kind, now) = ("x".repeat(1_000), Timestamp::UNIX_EPOCH);
        let record = of_unusable(&kind, "malformed", &push, &body, now);
        assert_eq!(record.kind.len(), 100);
        assert_eq!(record.body.map(|body| body.chars().count()), Some(2_000));
    }
}
