//! What a message says, read leniently: a type, one resource, a time.
//!
//! Nothing else of it is used; everything is fetched from the Procurement API. So the formats of 2020, 2025 and 2026
//! are all accepted, and fields that Google adds do no harm.

use jiff::Timestamp;
use lifecycle::{EventType, Resource};
use marketplace::{EntitlementId, ProcurementAccountId};
use serde_json::Value;

use crate::push_envelope::Malformed;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventMessage {
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

impl EventMessage {
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
mod tests;
