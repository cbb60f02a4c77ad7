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
}

#[test]
fn an_unknown_type_keeps_its_name() {
    let message =
        EventMessage::read(include_bytes!("../../tests/samples/unknown-type.json")).unwrap();
    assert_eq!(message.kind, None);
    assert_eq!(message.type_name, "ENTITLEMENT_SOMETHING_NEW");
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
        r#"{"eventType":"ENTITLEMENT_ACTIVE","account":{"id":"A"}}"#,
        r#"{"eventType":"ACCOUNT_ACTIVE","entitlement":{"id":"E"}}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{}}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":"E"}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":7}}"#,
    ];
    let no_id = [
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"a/b"}}"#,
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":".."}}"#,
        r#"{"eventType":"ACCOUNT_ACTIVE","account":{"id":"a?b"}}"#,
    ];
    let no_json = ["", "[]", "\"a\"", "\u{1}"].map(|data| (data, Malformed::Json));
    let no_resource = no_resource.map(|data| (data, Malformed::NoResource));
    let no_id = no_id.map(|data| (data, Malformed::Id));
    for (data, reason) in no_json.into_iter().chain(no_resource).chain(no_id) {
        assert_eq!(EventMessage::read(data.as_bytes()), Err(reason), "{data}");
    }
}
