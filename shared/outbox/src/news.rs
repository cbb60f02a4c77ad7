//! Builds the news for the vendor's application: one outbox entry for each change.
//!
//! Kinds and data are an interface: `CLOUDEVENTS.md` describes them, and they only ever grow.

use jiff::Timestamp;
use marketplace::{Access, ProcurementAccountId};
use serde_json::{Value, json};
use store::{Commit, Entitlement, OutboxEntry};

use crate::{OrderChange, stable_id};

/// Whether the vendor's application is notified of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// Changes are written to the outbox, from where they are published.
    On,
    /// There is no topic, so no entry is written: it would never be published.
    Off,
}

impl Notify {
    /// The commit with this entry, if the application is notified.
    pub fn add_to(self, commit: Commit, entry: OutboxEntry) -> Commit {
        match self {
            Self::On => commit.put(entry),
            Self::Off => commit,
        }
    }
}

/// A customer has signed up: a user with an accepted role registered for this account.
pub fn signed_up(
    account: &ProcurementAccountId,
    company: Option<&str>,
    now: Timestamp,
) -> OutboxEntry {
    let data = json!({ "account": account, "unverified_company": company });
    Subject::of_account(account, now).entry("portico.account.signed-up", data)
}

/// Google deleted the account, and what was stored about its users was erased.
pub fn account_deleted(account: &ProcurementAccountId, deleted: Timestamp) -> OutboxEntry {
    let data = json!({ "account": account });
    Subject::of_account(account, deleted).entry("portico.account.deleted", data)
}

/// Something has changed about an entitlement. `access` is what the account has now, by all of its
/// entitlements together.
pub fn order_changed(
    change: &OrderChange,
    entitlement: &Entitlement,
    access: Access,
) -> OutboxEntry {
    let mut data = json!({
        "account": entitlement.account,
        "entitlement": entitlement.id,
        "product": entitlement.product,
        "plan": entitlement.plan,
        "state": entitlement.state.as_str(),
        "access": access,
        "subscription_end": entitlement.subscription_end,
    });
    if let (OrderChange::PlanChanged { previous }, Some(data)) = (change, data.as_object_mut()) {
        data.insert("previous_plan".to_owned(), json!(previous));
    }
    let changed = entitlement.deleted.unwrap_or(entitlement.update_time);
    Subject::of_order(entitlement, changed).entry(change.kind(), data)
}

/// Google said that it can no longer bill this entitlement's customer; `reason` is one of its codes. The
/// entitlement itself may still be in force.
pub fn stop_serving(entitlement: &Entitlement, reason: &str, now: Timestamp) -> OutboxEntry {
    let mut data = data_on_usage(entitlement);
    if let Some(data) = data.as_object_mut() {
        data.insert("reason".to_owned(), reason.into());
    }
    Subject::of_order(entitlement, now).entry("portico.usage.stop-serving", data)
}

/// Google said that it can bill the customer again.
pub fn resume_serving(entitlement: &Entitlement, now: Timestamp) -> OutboxEntry {
    let data = data_on_usage(entitlement);
    Subject::of_order(entitlement, now).entry("portico.usage.resume-serving", data)
}

fn data_on_usage(entitlement: &Entitlement) -> Value {
    json!({
        "account": entitlement.account,
        "entitlement": entitlement.id,
        "product": entitlement.product,
        "plan": entitlement.plan,
        "state": entitlement.state.as_str(),
    })
}

impl OrderChange {
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

struct Subject<'a> {
    account: &'a ProcurementAccountId,
    /// The id of the account or of the order.
    resource: &'a str,
    occurred: Timestamp,
}

impl<'a> Subject<'a> {
    fn of_account(account: &'a ProcurementAccountId, occurred: Timestamp) -> Self {
        Self {
            account,
            resource: account.as_str(),
            occurred,
        }
    }

    fn of_order(entitlement: &'a Entitlement, occurred: Timestamp) -> Self {
        Self {
            account: &entitlement.account,
            resource: entitlement.id.as_str(),
            occurred,
        }
    }

    /// An entry whose id is the same whenever the same change of the same resource is found.
    fn entry(&self, kind: &str, data: Value) -> OutboxEntry {
        OutboxEntry {
            id: stable_id(&[self.resource, kind, &self.occurred.to_string()]),
            kind: kind.to_owned(),
            account: self.account.clone(),
            data,
            occurred: self.occurred,
        }
    }
}

#[cfg(test)]
mod tests {
    use marketplace::EntitlementState;

    use super::*;
    use crate::tests::{at, entitlement};

    #[test]
    fn the_same_change_has_the_same_id_and_no_other() {
        let now = entitlement(&EntitlementState::Active, 5);
        let id = |change, entitlement: &Entitlement| {
            order_changed(&change, entitlement, Access::Live).id
        };
        let granted = id(OrderChange::AccessGranted, &now);
        assert_eq!(granted, id(OrderChange::AccessGranted, &now));
        let later = entitlement(&EntitlementState::Active, 6);
        assert_ne!(granted, id(OrderChange::AccessGranted, &later));
        assert_ne!(granted, id(OrderChange::AccessEnded, &now));
    }

    #[test]
    fn the_application_is_asked_to_stop_and_why() {
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
        let entry = order_changed(&OrderChange::PlanChanged { previous }, &now, Access::Live);
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
