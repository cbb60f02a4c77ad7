//! From JSON to a typed resource of our own provider.

use std::borrow::Cow;

use marketplace::{EntitlementId, InvalidId, ProcurementAccountId, ProviderId};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Account, Entitlement};

/// Why something in Google's answer cannot be used. It never carries the answer itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnusableResource {
    /// Its name is missing or not of the documented form, or the id in it is not safe.
    #[error("the resource has no proper name")]
    Name,
    /// It belongs to another provider.
    #[error("the resource belongs to another provider")]
    OtherProvider,
    /// The account it belongs to is missing, or its name is not of the documented form.
    #[error("the entitlement names no proper account")]
    Account,
    /// It is not the resource that was asked for.
    #[error("the resource is not the one that was asked for")]
    OtherResource,
    /// A field does not have the documented type or form.
    #[error("a field of the resource is not as documented")]
    Fields,
}

/// A resource with a name of the form `providers/{provider}/{collection}/{id}`.
pub(crate) trait Resource: DeserializeOwned {
    /// What its id is parsed to.
    type Id: TryFrom<String, Error = InvalidId> + PartialEq;
    /// The name's third segment.
    const COLLECTION: &'static str;

    fn id(&self) -> &Self::Id;

    /// An id as a segment of a path.
    fn segment(id: &Self::Id) -> Cow<'_, str>;

    /// What this type requires beyond its own name.
    fn check(_json: &Value, _provider: &ProviderId) -> Result<(), UnusableResource> {
        Ok(())
    }

    /// Warns of what was left out although Google names it.
    fn warn_of_missing(&self, _json: &Value) {}
}

impl Resource for Account {
    type Id = ProcurementAccountId;
    const COLLECTION: &'static str = "accounts";

    fn id(&self) -> &Self::Id {
        &self.id
    }

    fn segment(id: &Self::Id) -> Cow<'_, str> {
        id.percent_encoded()
    }
}

impl Resource for Entitlement {
    type Id = EntitlementId;
    const COLLECTION: &'static str = "entitlements";

    fn id(&self) -> &Self::Id {
        &self.id
    }

    fn segment(id: &Self::Id) -> Cow<'_, str> {
        id.percent_encoded()
    }

    fn check(json: &Value, provider: &ProviderId) -> Result<(), UnusableResource> {
        check_name::<Account>(json, "account", provider).map_err(|error| match error {
            UnusableResource::Name => UnusableResource::Account,
            other => other,
        })
    }

    fn warn_of_missing(&self, json: &Value) {
        let plans = [
            ("plan", &self.plan),
            ("newPendingPlan", &self.new_pending_plan),
        ];
        for (field, plan) in plans {
            let is_named = json.get(field).is_some_and(|it| !it.is_null() && it != "");
            if is_named && plan.is_none() {
                tracing::warn!(
                    entitlement_id = %self.id,
                    field,
                    "the name of a plan is unreadable, so the order counts as one without"
                );
            }
        }
    }
}

/// Reads one resource. It must be this provider's, in whose name everything else is done.
pub(crate) fn parse<R: Resource>(
    json: &Value,
    provider: &ProviderId,
) -> Result<R, UnusableResource> {
    check_name::<R>(json, "name", provider)?;
    R::check(json, provider)?;
    let read = serde::Deserialize::deserialize(json);
    let resource: R = read.map_err(|_: serde_json::Error| UnusableResource::Fields)?;
    resource.warn_of_missing(json);
    Ok(resource)
}

/// Checks that a field names a resource of this type and provider.
///
/// The documents also show names that begin at the collection; then the field `provider` decides.
fn check_name<R: Resource>(
    json: &Value,
    field: &str,
    provider: &ProviderId,
) -> Result<(), UnusableResource> {
    let text = |field: &str| json.get(field).and_then(Value::as_str);
    let name: Vec<&str> = text(field).unwrap_or_default().split('/').collect();
    let (owner, collection, id) = match *name.as_slice() {
        ["providers", owner, collection, id] => (owner, collection, id),
        [collection, id] => (text("provider").unwrap_or_default(), collection, id),
        _ => return Err(UnusableResource::Name),
    };
    if collection != R::COLLECTION || R::Id::try_from(id.to_owned()).is_err() {
        return Err(UnusableResource::Name);
    }
    if owner != provider.as_str() {
        return Err(UnusableResource::OtherProvider);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
