//! Google's samples and everything that a message may lack.

use super::*;

const ORDER: &str = "7a1c9e52-08d4-4b6f-a3e1-5f60718293a4";
const ACCOUNT: &str = "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f";

macro_rules! samples {
    ($($name:literal,)*) => {
        [$(($name, include_bytes!(concat!("../../tests/samples/", $name, ".json")).as_slice()),)*]
    };
}

#[test]
fn every_sample_of_google_s_is_read() {
    for (name, sample) in samples![
        "ACCOUNT_ACTIVE",
        "ACCOUNT_CREATION_REQUESTED",
        "ACCOUNT_DELETED",
        "ENTITLEMENT_ACTIVE",
        "ENTITLEMENT_CANCELLATION_REVERTED",
        "ENTITLEMENT_CANCELLED",
        "ENTITLEMENT_CANCELLING",
        "ENTITLEMENT_CREATION_REQUESTED",
        "ENTITLEMENT_CREATION_REQUESTED.minimal",
        "ENTITLEMENT_CREATION_REQUESTED.offer-duration",
        "ENTITLEMENT_CREATION_REQUESTED.offer-end",
        "ENTITLEMENT_DELETED",
        "ENTITLEMENT_OFFER_ACCEPTED",
        "ENTITLEMENT_OFFER_ACCEPTED.scheduled",
        "ENTITLEMENT_OFFER_ENDED",
        "ENTITLEMENT_PENDING_CANCELLATION",
        "ENTITLEMENT_PLAN_CHANGED",
        "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
        "ENTITLEMENT_PLAN_CHANGE_REQUESTED",
        "ENTITLEMENT_PLAN_CHANGE_REQUESTED.offer",
        "ENTITLEMENT_RENEWED",
    ] {
        let message = EventMessage::read(sample).unwrap();
        let written = name.split('.').next().unwrap();
        assert_eq!(message.kind.map(EventType::as_str), Some(written), "{name}");
        let id = if name.starts_with("ACCOUNT") {
            ACCOUNT
        } else {
            ORDER
        };
        assert_eq!(message.resource.id(), id, "{name}");
        assert!(
            message.event_id.is_some() && message.announced.is_some(),
            "{name}"
        );
    }
}

#[test]
fn an_account_message_without_a_type_is_about_a_new_account() {
    let sample = include_bytes!("../../tests/samples/account-message-without-eventType.json");
    let message = EventMessage::read(sample).unwrap();
    assert_eq!(message.kind, Some(EventType::AccountActive));
    assert_eq!(message.resource.id(), ACCOUNT);
}

#[test]
fn an_order_s_message_without_a_type_is_about_the_order() {
    let sample = include_bytes!("../../tests/samples/entitlement-message-without-eventType.json");
    let message = EventMessage::read(sample).unwrap();
    assert_eq!((message.kind, message.type_name.as_str()), (None, ""));
    assert_eq!(message.resource.id(), ORDER);
    assert!(!message.is_of_unknown_type());
}

#[test]
fn an_unknown_type_keeps_its_name_and_its_resource() {
    let message =
        EventMessage::read(include_bytes!("../../tests/samples/unknown-type.json")).unwrap();
    assert_eq!(message.kind, None);
    assert_eq!(message.type_name, "ENTITLEMENT_SOMETHING_NEW");
    assert_eq!(message.resource.id(), ORDER);
    assert!(message.is_of_unknown_type() && message.announced.is_some());
}

#[test]
fn any_proper_id_is_looked_at_whatever_the_type() {
    let order = Resource::Entitlement(EntitlementId::parse("E").unwrap());
    let account = Resource::Account(ProcurementAccountId::parse("A").unwrap());
    let deleted = (Some(EventType::Deleted), &order);
    for (data, expected) in [
        (
            r#"{"eventType":"NEW","entitlement":{"id":"E"}}"#,
            (None, &order),
        ),
        (
            r#"{"eventType":"NEW","account":{"id":"A"}}"#,
            (None, &account),
        ),
        // The order comes first, since its account is known from it.
        (
            r#"{"eventType":"NEW","account":{"id":"A"},"entitlement":{"id":"E"}}"#,
            (None, &order),
        ),
        (
            r#"{"account":{"id":"A"},"entitlement":{"id":"E"}}"#,
            (None, &order),
        ),
        (
            r#"{"eventType":"NEW","account":{"id":"A"},"entitlement":{"id":"a/b"}}"#,
            (None, &account),
        ),
        (
            r#"{"eventType":"ENTITLEMENT_DELETED","account":{"id":"A"},"entitlement":{"id":"E"}}"#,
            deleted,
        ),
        // A type about something else says nothing about this: it deletes nothing.
        (
            r#"{"eventType":"ENTITLEMENT_DELETED","account":{"id":"A"}}"#,
            (None, &account),
        ),
        (
            r#"{"eventType":"ACCOUNT_DELETED","entitlement":{"id":"E"}}"#,
            (None, &order),
        ),
        (
            r#"{"eventType":"ACCOUNT_DELETED","account":{"id":".."},"entitlement":{"id":"E"}}"#,
            (None, &order),
        ),
    ] {
        let message = EventMessage::read(data.as_bytes()).unwrap();
        assert_eq!((message.kind, &message.resource), expected, "{data}");
    }
}

#[test]
fn only_type_and_id_are_needed() {
    let bare = br#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"E-1","updateTime":7}}"#;
    let expected = EventMessage {
        kind: Some(EventType::Active),
        type_name: "ENTITLEMENT_ACTIVE".to_owned(),
        event_id: None,
        resource: Resource::Entitlement(EntitlementId::parse("E-1").unwrap()),
        announced: None,
    };
    assert_eq!(EventMessage::read(bare), Ok(expected));
}

#[test]
fn the_reason_why_a_message_cannot_be_used_is_named() {
    let no_resource = [
        "{}",
        r#"{"eventType":"ENTITLEMENT_ACTIVE"}"#,
        r#"{"account":{},"entitlement":null}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{}}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":"E"}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":7}}"#,
    ];
    let no_id = [
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"a/b"}}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":".."}}"#,
        r#"{"eventType":"ACCOUNT_ACTIVE","account":{"id":"a?b"}}"#,
        r#"{"account":{"id":"a?b"}}"#,
    ];
    let unknown_type = [
        r#"{"eventType":"NEW"}"#,
        r#"{"eventType":"NEW","offer":{"id":"O"}}"#,
        r#"{"eventType":"NEW","entitlement":{"id":"a/b"}}"#,
    ];
    let no_json = ["", "[]", "\"a\"", "\u{1}"].map(|data| (data, Malformed::Json));
    let no_resource = no_resource.map(|data| (data, Malformed::NoResource));
    let no_id = no_id.map(|data| (data, Malformed::Id));
    let unknown_type = unknown_type.map(|data| (data, Malformed::UnknownType));
    let all = no_json.into_iter().chain(no_resource).chain(no_id);
    for (data, reason) in all.chain(unknown_type) {
        assert_eq!(EventMessage::read(data.as_bytes()), Err(reason), "{data}");
    }
}
