//! The changes that the vendor's application is told of, as they wait in the store.
//!
//! Kinds and data are an interface: `CLOUDEVENTS.md` describes them, and they only ever grow.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jiff::Timestamp;
use marketplace::{Access, ProcurementAccountId};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use store::{Commit, Entitlement, OutboxEntry};

use crate::Change;

/// Whether the vendor's application is told of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Changes are written to the outbox, from where they are published.
    Told,
    /// There is no topic, so nothing is written that nobody would ever fetch.
    Untold,
}

impl Telling {
    /// The commit with this entry, if anybody is told.
    pub fn tell(self, commit: Commit, entry: OutboxEntry) -> Commit {
        match self {
            Self::Told => commit.put(entry),
            Self::Untold => commit,
        }
    }
}

/// A customer has signed up: somebody with an accepted role registered for this account.
pub fn signed_up(
    account: &ProcurementAccountId,
    company: Option<&str>,
    now: Timestamp,
) -> OutboxEntry {
    let data = json!({ "account": account, "unverified_company": company });
    entry(
        "portico.account.signed-up",
        account,
        (account.as_str(), now),
        data,
    )
}

/// Google deleted the account, and with it went what was known of its users.
pub(crate) fn account_deleted(account: &ProcurementAccountId, deleted: Timestamp) -> OutboxEntry {
    let data = json!({ "account": account });
    entry(
        "portico.account.deleted",
        account,
        (account.as_str(), deleted),
        data,
    )
}

/// Something has changed about an entitlement. `access` is what the account has now, by all of its
/// entitlements together.
pub(crate) fn changed(change: &Change, entitlement: &Entitlement, access: Access) -> OutboxEntry {
    let mut data = json!({
        "account": entitlement.account,
        "entitlement": entitlement.id,
        "product": entitlement.product,
        "plan": entitlement.plan,
        "state": entitlement.state.as_str(),
        "access": access,
        "subscription_end": entitlement.subscription_end,
    });
    if let (Change::PlanChanged { previous }, Some(data)) = (change, data.as_object_mut()) {
        data.insert("previous_plan".to_owned(), json!(previous));
    }
    let changed = entitlement.deleted.unwrap_or(entitlement.update_time);
    entry(
        change.kind(),
        &entitlement.account,
        (entitlement.id.as_str(), changed),
        data,
    )
}

/// Google says that it can bill this entitlement's customer no more, for a reason that is one of its
/// codes. The entitlement itself may still be in force.
pub fn stop_serving(entitlement: &Entitlement, reason: &str, now: Timestamp) -> OutboxEntry {
    let mut data = of_usage(entitlement);
    data.insert("reason".to_owned(), json!(reason));
    of_serving("portico.usage.stop-serving", entitlement, now, data)
}

/// Google can bill the customer again, of whom it said that it cannot.
pub fn resume_serving(entitlement: &Entitlement, now: Timestamp) -> OutboxEntry {
    let data = of_usage(entitlement);
    of_serving("portico.usage.resume-serving", entitlement, now, data)
}

fn of_usage(entitlement: &Entitlement) -> Map<String, Value> {
    let members = [
        ("account", json!(entitlement.account)),
        ("entitlement", json!(entitlement.id)),
        ("product", json!(entitlement.product)),
        ("plan", json!(entitlement.plan)),
        ("state", json!(entitlement.state.as_str())),
    ];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    Map::from_iter(members)
}

fn of_serving(
    kind: &str,
    entitlement: &Entitlement,
    now: Timestamp,
    data: Map<String, Value>,
) -> OutboxEntry {
    let resource = (entitlement.id.as_str(), now);
    entry(kind, &entitlement.account, resource, Value::Object(data))
}

impl Change {
    /// The type of the `CloudEvent`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AccessGranted => "portico.access.granted",
            Self::PlanChanged { .. } => "portico.plan.changed",
            Self::CancellationScheduled => "portico.cancellation.scheduled",
            Self::CancellationReverted => "portico.cancellation.reverted",
            Self::OrderEnded => "portico.order.ended",
            Self::AccessEnded => "portico.access.ended",
        }
    }
}

/// An entry whose id is the same whenever the same change of the same resource is found.
fn entry(
    kind: &str,
    account: &ProcurementAccountId,
    (resource, changed): (&str, Timestamp),
    data: Value,
) -> OutboxEntry {
    OutboxEntry {
        id: hash(&[resource, kind, &changed.to_string()]),
        kind: kind.to_owned(),
        account: account.clone(),
        data,
        occurred: changed,
    }
}

/// A document id for a list of texts. Each is prefixed by its length, so that no two lists read the
/// same.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use marketplace::EntitlementState;

    use super::*;
    use crate::decide::samples::{at, entitlement};

    #[test]
    fn the_same_change_has_the_same_id_and_no_other() {
        let now = entitlement(&EntitlementState::Active, 5);
        let id = |change, entitlement: &Entitlement| changed(&change, entitlement, Access::Live).id;
        let granted = id(Change::AccessGranted, &now);
        assert_eq!(granted, id(Change::AccessGranted, &now));
        let later = entitlement(&EntitlementState::Active, 6);
        assert_ne!(granted, id(Change::AccessGranted, &later));
        assert_ne!(granted, id(Change::AccessEnded, &now));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }

    #[test]
    fn the_application_is_told_to_stop_and_why() {
        let now = entitlement(&EntitlementState::Active, 5);
        let stop = stop_serving(&now, "BILLING_DISABLED", at(7));
        let mut data = json!({
            "account": "A-1",
            "entitlement": "E-1",
            "product": "ours",
            "plan": "standard",
            "state": "ENTITLEMENT_ACTIVE",
        });
        let resume = resume_serving(&now, at(7));
        assert_eq!(resume.kind, "portico.usage.resume-serving");
        assert_eq!(resume.data, data);
        data["reason"] = "BILLING_DISABLED".into();
        assert_eq!(stop.kind, "portico.usage.stop-serving");
        assert_eq!((stop.data, stop.occurred), (data, at(7)));
        assert_ne!(stop.id, resume.id);
    }

    #[test]
    fn a_change_of_plan_names_both_plans() {
        let now = entitlement(&EntitlementState::Active, 5);
        let previous = marketplace::PlanId::parse("starter").ok();
        let entry = changed(&Change::PlanChanged { previous }, &now, Access::Live);
        let expected = OutboxEntry {
            id: entry.id.clone(),
            kind: "portico.plan.changed".to_owned(),
            account: now.account.clone(),
            data: json!({
                "account": "A-1",
                "entitlement": "E-1",
                "product": "ours",
                "plan": "standard",
                "previous_plan": "starter",
                "state": "ENTITLEMENT_ACTIVE",
                "access": "live",
                "subscription_end": null,
            }),
            occurred: at(5),
        };
        assert_eq!(entry, expected);
    }
}
