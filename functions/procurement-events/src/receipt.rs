//! The record that a message was handled.
//!
//! A receipt says that a message's effect is stored, so that a second delivery costs one read.
//! Correctness never depends on it: without receipts every message would be applied again, with the same result.

use jiff::{SignedDuration, Timestamp};
use outbox::{stable_id, stable_id_of_bytes};
use store::HandledEvent;

use crate::message::EventMessage;
use crate::push_envelope::{Malformed, Push};

/// Longer than Pub/Sub keeps a message: 31 days at most.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(35 * 24);

/// How much is kept of a message that cannot be used, in characters.
const KEPT_BODY: usize = 2_000;

/// What became of a message about a resource that Google does not describe as documented.
pub(crate) const UNREADABLE: &str = "unreadable-resource";

/// The receipt for a message that can be applied. Its outcome is filled in when it is stored.
pub(crate) fn of_message(message: &EventMessage, push: &Push, now: Timestamp) -> HandledEvent {
    let operation = message.event_id.as_deref();
    let delivered = push.id.as_deref();
    let event = match message.kind {
        // Several messages of one operation share its id, and a message may have none.
        Some(_) => operation.or(delivered),
        // No documented type distinguishes the messages of one operation: each counts by itself.
        None => delivered.or(operation),
    };
    let content = push.data.as_deref().unwrap_or_default();
    let id = stable_id_of_bytes(&[
        message.type_name.as_bytes(),
        event.map_or(content, str::as_bytes),
        message.resource.id().as_bytes(),
    ]);
    receipt(id, &message.type_name, now)
}

/// The record of a message about a resource that Google does not describe as documented, for an operator. It is the
/// message's receipt, too.
pub(crate) fn of_unreadable(
    receipt: HandledEvent,
    message: &EventMessage,
    push: &Push,
) -> HandledEvent {
    HandledEvent {
        outcome: UNREADABLE.to_owned(),
        resource: Some(message.resource.to_string()),
        body: Some(bounded(push.data.as_deref().unwrap_or_default())),
        ..receipt
    }
}

/// The record of a message that cannot be used, for an operator.
pub(crate) fn of_unusable(
    malformed: Malformed,
    push: &Push,
    body: &[u8],
    now: Timestamp,
) -> HandledEvent {
    let id = match &push.id {
        Some(id) => stable_id(&["message", id]),
        None => stable_id_of_bytes(&[b"content", body]),
    };
    HandledEvent {
        outcome: malformed.code().to_owned(),
        body: Some(bounded(body)),
        ..receipt(id, "malformed", now)
    }
}

fn bounded(body: &[u8]) -> String {
    // A character has at most four bytes; what is no text grows when it is made one.
    let beginning = body.get(..4 * KEPT_BODY).unwrap_or(body);
    String::from_utf8_lossy(beginning)
        .chars()
        .take(KEPT_BODY)
        .collect()
}

fn receipt(id: String, type_name: &str, now: Timestamp) -> HandledEvent {
    HandledEvent {
        id,
        kind: type_name.to_owned(),
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

    fn push(id: Option<&str>, data: &[u8]) -> Push {
        Push {
            id: id.map(ToOwned::to_owned),
            delivery_attempt: None,
            published: None,
            data: Ok(data.to_vec()),
        }
    }

    fn message(type_name: &str, event: Option<&str>, subject: &str) -> Vec<u8> {
        let event = event.map_or(String::new(), |event| format!(r#""eventId":"{event}","#));
        format!(r#"{{"eventType":"{type_name}",{event}"entitlement":{{"id":"{subject}"}}}}"#)
            .into_bytes()
    }

    fn receipt(data: &[u8], delivered: Option<&str>) -> HandledEvent {
        let read = EventMessage::read(data).unwrap();
        of_message(&read, &push(delivered, data), Timestamp::UNIX_EPOCH)
    }

    fn id(type_name: &str, event: Option<&str>, subject: &str, delivered: &str) -> String {
        receipt(&message(type_name, event, subject), Some(delivered)).id
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
    fn of_a_type_that_is_not_documented_each_message_counts_by_itself() {
        for type_name in ["ENTITLEMENT_SUSPENDED", ""] {
            let first = id(type_name, Some("SUSPEND-1"), "E-1", "1");
            assert_eq!(first, id(type_name, Some("SUSPEND-1"), "E-1", "1"));
            assert_ne!(first, id(type_name, Some("SUSPEND-1"), "E-1", "2"));
        }
    }

    #[test]
    fn without_any_id_the_content_counts() {
        for type_name in ["ENTITLEMENT_ACTIVE", "ENTITLEMENT_SUSPENDED"] {
            let first = message(type_name, None, "E-1");
            let second = [first.as_slice(), b" "].concat();
            assert_eq!(receipt(&first, None), receipt(&first, None));
            assert_ne!(receipt(&first, None).id, receipt(&second, None).id);
        }
    }

    #[test]
    fn the_record_of_an_unusable_message_is_bounded() {
        let now = Timestamp::UNIX_EPOCH;
        for body in [
            vec![0xff; 100_000],
            "\u{1f600}".repeat(100_000).into_bytes(),
        ] {
            let record = of_unusable(Malformed::Json, &push(None, b""), &body, now);
            assert_eq!(record.body.map(|body| body.chars().count()), Some(2_000));
        }
    }

    #[test]
    fn the_record_of_a_message_about_an_unreadable_resource_is_bounded_and_its_receipt() {
        let data = message(&"X".repeat(10_000), Some("1"), "E-1");
        let (read, push) = (EventMessage::read(&data).unwrap(), push(Some("1"), &data));
        let receipt = of_message(&read, &push, Timestamp::UNIX_EPOCH);
        let record = of_unreadable(receipt.clone(), &read, &push);
        assert_eq!((&record.id, record.kind.len()), (&receipt.id, 100));
        assert_eq!(record.resource.as_deref(), Some("entitlements/E-1"));
        assert_eq!(record.body.map(|body| body.chars().count()), Some(2_000));
    }
}
