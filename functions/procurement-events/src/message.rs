//! What a message says, read leniently: a type, one resource, a time.
//!
//! Nothing else of it is used; everything is fetched from the Procurement API. So the formats of 2020, 2025 and 2026
//! are all accepted, and fields that Google adds do no harm. The type does not decide whether a resource is looked at:
//! Google adds types, and what it says of the resource counts anyway.

use jiff::Timestamp;
use lifecycle::{EventType, Resource};
use marketplace::{EntitlementId, ProcurementAccountId};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::members;
use crate::push_envelope::{Malformed, id};

/// How much is kept of a type, in characters. Google's have less than fifty.
const KEPT_TYPE: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventMessage {
    /// What has happened; none for a type that is not documented, or not of such a resource.
    pub(crate) kind: Option<EventType>,
    /// The type as it was written, its beginning if it is long; empty if there is none.
    pub(crate) type_name: String,
    /// The operation's id, which several messages share.
    pub(crate) event_id: Option<String>,
    /// The account or order that it is about.
    pub(crate) resource: Resource,
    /// The resource's `updateTime`.
    pub(crate) announced: Option<Timestamp>,
}

/// What is used of a message.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, rename = "eventType")]
    event_type: Option<&'a RawValue>,
    #[serde(borrow, rename = "eventId")]
    event_id: Option<&'a RawValue>,
    #[serde(borrow)]
    account: Option<&'a RawValue>,
    #[serde(borrow)]
    entitlement: Option<&'a RawValue>,
}

/// What is used of what it says of a resource.
#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "updateTime")]
    updated: Option<&'a RawValue>,
}

/// A resource, and its `updateTime`.
type Named = (Resource, Option<Timestamp>);

impl EventMessage {
    pub(crate) fn read(data: &[u8]) -> Result<Self, Malformed> {
        let message: Message<'_> = members::of_text(data).ok_or(Malformed::Json)?;
        let written = members::text(message.event_type, beginning).filter(|name| !name.is_empty());
        let (resource, announced) = resource(&message, written.as_deref())?;
        let type_name = written.unwrap_or_else(|| unnamed(&resource).to_owned());
        let is_of_accounts = resource.account().is_some();
        Ok(Self {
            kind: EventType::parse(&type_name)
                .filter(|kind| kind.is_about_account() == is_of_accounts),
            type_name,
            event_id: id(message.event_id),
            resource,
            announced,
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

/// What is looked at: the resource that the type is about, or else the other one.
///
/// If the type is not documented, an order comes first: its account is known from it.
fn resource(message: &Message<'_>, written: Option<&str>) -> Result<Named, Malformed> {
    let kind = written.and_then(EventType::parse);
    let account = named(message.account, |id| {
        ProcurementAccountId::parse(id).ok().map(Resource::Account)
    });
    let entitlement = named(message.entitlement, |id| {
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

/// The resource whose id a part of a message has. Google writes an absent id as nothing, `null` or an empty text.
fn named(
    part: Option<&RawValue>,
    parse: impl Fn(&str) -> Option<Resource>,
) -> Result<Named, Malformed> {
    let about: About<'_> = members::of(part).ok_or(Malformed::NoResource)?;
    let resource = members::text(about.id, |id| match id {
        "" => Err(Malformed::NoResource),
        id => parse(id).ok_or(Malformed::Id),
    });
    let updated = members::text(about.updated, |time| time.parse().ok()).flatten();
    Ok((resource.unwrap_or(Err(Malformed::NoResource))?, updated))
}

fn beginning(text: &str) -> String {
    text.chars().take(KEPT_TYPE).collect()
}

#[cfg(test)]
mod tests;
