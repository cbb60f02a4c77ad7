//! What a message says, read leniently: a type, one resource, a time.
//!
//! Nothing else of it is used; everything is fetched from the Procurement API. So the formats of 2020, 2025 and 2026
//! are all accepted, and fields that Google adds do no harm. The type does not decide whether a resource is looked at:
//! Google adds types, and what it says of the resource counts anyway.

use jiff::Timestamp;
use lifecycle::{EventType, Resource};
use marketplace::{EntitlementId, ProcurementAccountId};
use serde_json::Value;

use crate::push_envelope::Malformed;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventMessage {
    /// What has happened; none for a type that is not documented, or not of such a resource.
    pub(crate) kind: Option<EventType>,
    /// The type as it was written; empty if there is none.
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
        let written = text(&json, "eventType");
        let (about, resource) = resource(&json, written)?;
        let type_name = written.unwrap_or_else(|| unnamed(&resource));
        let is_of_accounts = resource.account().is_some();
        Ok(Self {
            kind: EventType::parse(type_name)
                .filter(|kind| kind.is_about_account() == is_of_accounts),
            type_name: type_name.to_owned(),
            event_id: text(&json, "eventId").map(ToOwned::to_owned),
            resource,
            announced: text(about, "updateTime").and_then(|time| time.parse().ok()),
        })
    }

    /// Whether it names a type that Google's documents do not have for such a resource.
    pub(crate) fn is_of_unknown_type(&self) -> bool {
        self.kind.is_none() && !self.type_name.is_empty()
    }
}

/// The documents show messages without a type: about a new account, and about the order of a private offer.
fn unnamed(resource: &Resource) -> &'static str {
    match resource {
        Resource::Account(_) => EventType::AccountActive.as_str(),
        Resource::Entitlement(_) => "",
    }
}

/// What is looked at, and what the message says of it: the resource that the type is about, or else the other one.
///
/// If the type is not documented, an order comes first: its account is known from it.
fn resource<'a>(
    json: &'a Value,
    written: Option<&str>,
) -> Result<(&'a Value, Resource), Malformed> {
    let kind = written.and_then(EventType::parse);
    let account = named(json, "account", |id| {
        ProcurementAccountId::parse(id).ok().map(Resource::Account)
    });
    let entitlement = named(json, "entitlement", |id| {
        EntitlementId::parse(id).ok().map(Resource::Entitlement)
    });
    let (first, second) = if kind.is_some_and(EventType::is_about_account) {
        (account, entitlement)
    } else {
        (entitlement, account)
    };
    match (first, second) {
        (Ok(found), _) | (_, Ok(found)) => Ok(found),
        _ if written.is_some() && kind.is_none() => Err(Malformed::UnknownType),
        (Err(Malformed::Id), _) | (_, Err(Malformed::Id)) => Err(Malformed::Id),
        _ => Err(Malformed::NoResource),
    }
}

/// The part of a message with this name, and the resource whose id it has.
fn named<'a>(
    json: &'a Value,
    name: &str,
    parse: impl Fn(&str) -> Option<Resource>,
) -> Result<(&'a Value, Resource), Malformed> {
    let about = json.get(name).ok_or(Malformed::NoResource)?;
    let id = text(about, "id").ok_or(Malformed::NoResource)?;
    Ok((about, parse(id).ok_or(Malformed::Id)?))
}

/// A text; Google writes absent ones as nothing, `null` or an empty text.
fn text<'a>(json: &'a Value, name: &str) -> Option<&'a str> {
    json.get(name)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
