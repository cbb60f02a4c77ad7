//! What a message says, read leniently: a type, one resource, a time.
//!
//! Nothing else of it is used; everything is fetched from the Procurement API. So the formats of 2020, 2025 and 2026
//! are all accepted, and fields that Google adds do no harm.

use jiff::Timestamp;
use lifecycle::{EventType, Resource};
use marketplace::{EntitlementId, ProcurementAccountId};
use serde_json::Value;

use crate::push::Malformed;

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// What has happened; none for a type that is not documented.
    pub(crate) kind: Option<EventType>,
    /// The type as it was written.
    pub(crate) type_name: String,
    /// The operation's id, which several messages share.
    pub(crate) event_id: Option<String>,
    /// The account or order that it is about.
    pub(crate) resource: Resource,
    /// The resource's `updateTime`.
    pub(crate) announced: Option<Timestamp>,
}

impl Message {
    /// Reads a message.
    pub(crate) fn read(data: &[u8]) -> Result<Self, Malformed> {
        let json: Value = serde_json::from_slice(data).map_err(|_| Malformed::Json)?;
        if !json.is_object() {
            return Err(Malformed::Json);
        }
        let written = text(&json, "eventType").map(ToOwned::to_owned);
        let event_id = text(&json, "eventId").map(ToOwned::to_owned);
        let (json, resource) = resource(&json, written.as_deref())?;
        let type_name = written.unwrap_or_else(|| unnamed(&resource));
        Ok(Self {
            kind: EventType::parse(&type_name),
            type_name,
            event_id,
            resource,
            announced: text(json, "updateTime").and_then(|time| time.parse().ok()),
        })
    }
}

/// The documents show a message about a new account that has no type.
fn unnamed(resource: &Resource) -> String {
    match resource {
        Resource::Account(_) => EventType::AccountActive.as_str().to_owned(),
        Resource::Entitlement(_) => String::new(),
    }
}

/// The resource that the type is about, or the only one there is.
fn resource<'a>(json: &'a Value, kind: Option<&str>) -> Result<(&'a Value, Resource), Malformed> {
    let about_account = match kind.and_then(EventType::parse) {
        Some(kind) => kind.is_about_account(),
        None => json.get("entitlement").is_none(),
    };
    let name = if about_account {
        "account"
    } else {
        "entitlement"
    };
    let json = json.get(name).ok_or(Malformed::NoResource)?;
    let id = text(json, "id").ok_or(Malformed::NoResource)?;
    let resource = if about_account {
        ProcurementAccountId::parse(id).map(Resource::Account)
    } else {
        EntitlementId::parse(id).map(Resource::Entitlement)
    };
    Ok((json, resource.map_err(|_| Malformed::Id)?))
}

/// A text; Google writes absent ones as nothing, `null` or an empty text.
fn text<'a>(json: &'a Value, name: &str) -> Option<&'a str> {
    json.get(name)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "7a1c9e52-08d4-4b6f-a3e1-5f60718293a4";
    const ACCOUNT: &str = "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f";

    macro_rules! samples {
        ($($name:literal,)*) => {
            [$(($name, include_bytes!(concat!("../tests/samples/", $name, ".json")).as_slice()),)*]
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
            let message = Message::read(sample).unwrap();
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
    fn an_account_message_without_a_type_tells_of_a_new_account() {
        let sample = include_bytes!("../tests/samples/account-message-without-eventType.json");
        let message = Message::read(sample).unwrap();
        assert_eq!(message.kind, Some(EventType::AccountActive));
    }

    #[test]
    fn an_unknown_type_keeps_its_name() {
        let message = Message::read(include_bytes!("../tests/samples/unknown-type.json")).unwrap();
        assert_eq!(message.kind, None);
        assert_eq!(message.type_name, "ENTITLEMENT_SOMETHING_NEW");
    }

    #[test]
    fn only_type_and_id_are_needed() {
        let bare =
            br#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"E-1","updateTime":7}}"#;
        let expected = Message {
            kind: Some(EventType::Active),
            type_name: "ENTITLEMENT_ACTIVE".to_owned(),
            event_id: None,
            resource: Resource::Entitlement(EntitlementId::parse("E-1").unwrap()),
            announced: None,
        };
        assert_eq!(Message::read(bare), Ok(expected));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (data, reason) in [
            ("", Malformed::Json),
            ("[]", Malformed::Json),
            ("\"a\"", Malformed::Json),
            ("\u{1}", Malformed::Json),
            ("{}", Malformed::NoResource),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE"}"#,
                Malformed::NoResource,
            ),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE","account":{"id":"A"}}"#,
                Malformed::NoResource,
            ),
            (
                r#"{"eventType":"ACCOUNT_ACTIVE","entitlement":{"id":"E"}}"#,
                Malformed::NoResource,
            ),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{}}"#,
                Malformed::NoResource,
            ),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":"E"}"#,
                Malformed::NoResource,
            ),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":7}}"#,
                Malformed::NoResource,
            ),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"a/b"}}"#,
                Malformed::Id,
            ),
            (
                r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":".."}}"#,
                Malformed::Id,
            ),
            (
                r#"{"eventType":"ACCOUNT_ACTIVE","account":{"id":"a?b"}}"#,
                Malformed::Id,
            ),
        ] {
            assert_eq!(Message::read(data.as_bytes()), Err(reason), "{data}");
        }
    }
}
