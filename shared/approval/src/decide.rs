//! What follows from what is known, without asking anybody.

mod account;
#[cfg(test)]
mod account_table;
mod entitlement;
#[cfg(test)]
mod entitlement_age_table;
#[cfg(test)]
mod entitlement_table;
#[cfg(test)]
mod model;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod service_account_table;

use jiff::Timestamp;
use marketplace::{ApprovalState, EntitlementId, PlanId, Products};
use store::Entitlement;

#[cfg(any(test, feature = "follow"))]
pub(crate) use self::account::{newborn, on_account};
pub(crate) use self::entitlement::Order;
#[cfg(any(test, feature = "follow"))]
pub(crate) use self::entitlement::{Known, Rules, on_entitlement};
use crate::{ApprovalPolicy, Change};

/// What Google says of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer<T> {
    /// This.
    Found(T),
    /// That there is none, said at this moment.
    Absent(Absence, Timestamp),
}

/// Whether "there is none" can be believed. A resource that Google cannot find for a moment must
/// not cost a customer his access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absence {
    /// Google said so now.
    Unconfirmed,
    /// A reconciliation has asked again, while Google found other resources.
    Confirmed,
}

/// What follows for the record of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision<R> {
    /// Nothing: it is of a product that this deployment does not serve.
    Ignore,
    /// Nothing yet.
    Wait(Wait),
    /// This.
    Follow(Effect<R>),
}

/// Why nothing can be recorded yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Google's answer is older than what the event announces.
    Older,
    /// Google does not find the resource, and nothing says that it should be gone.
    Absence,
}

/// One commit, and what is to be done once it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect<R> {
    /// The record as it is from now on; none if it is so already.
    pub(crate) record: Option<R>,
    /// What the application is told.
    pub(crate) changes: Vec<Change>,
    /// What is done afterwards, and again until it has succeeded.
    pub(crate) then: Vec<Step>,
}

/// Something to be done at Google, or to be cleared away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A customer has signed up and Google has yet to be told.
    ApproveAccount,
    /// The account is approved, and its other entitlements may have waited for that.
    ApproveHeld,
    /// The entitlement waits for approval.
    ApproveEntitlement,
    /// The change to this plan waits for approval.
    ApprovePlanChange(PlanId),
    /// The customer waits for an operator and is told so.
    AskForPatience(Request),
    /// The customer's access has ended.
    DisableServiceAccount,
    /// The account is deleted: its links and sessions are.
    Erase,
}

/// What a customer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// A new order.
    Order,
    /// Another plan of an order that is in force.
    PlanChange,
}

impl<R> Default for Effect<R> {
    fn default() -> Self {
        Self {
            record: None,
            changes: Vec::new(),
            then: Vec::new(),
        }
    }
}

/// What the approval `signup` of an account asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountStep {
    /// It waits for us.
    Approve,
    /// It was given.
    AlreadyApproved,
    /// It was refused, by an operator.
    AlreadyRejected,
    /// Google reports no such approval, or one in a state we do not know.
    Unclear,
}

/// Accounts are born active, so only the approval tells (discovery document, schema `Account`).
pub(crate) fn account_step(approval: Option<&ApprovalState>) -> AccountStep {
    match approval {
        Some(ApprovalState::Pending) => AccountStep::Approve,
        Some(ApprovalState::Approved) => AccountStep::AlreadyApproved,
        Some(ApprovalState::Rejected) => AccountStep::AlreadyRejected,
        Some(ApprovalState::Other(_)) | None => AccountStep::Unclear,
    }
}

/// The entitlements to approve once their account is.
pub(crate) fn to_approve<'a>(
    policy: ApprovalPolicy,
    products: &Products,
    entitlements: impl IntoIterator<Item = &'a Entitlement>,
) -> Vec<EntitlementId> {
    if policy == ApprovalPolicy::Manual {
        return Vec::new();
    }
    entitlements
        .into_iter()
        .filter(|e| e.waits_for_approval() && products.serves(&e.product))
        .map(|e| e.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use marketplace::{EntitlementState, ProcurementAccountId, ProductId};

    use super::*;

    fn entitlement(id: &str, product: &str, state: EntitlementState) -> Entitlement {
        Entitlement {
            id: EntitlementId::parse(id).unwrap(),
            account: ProcurementAccountId::parse("account").unwrap(),
            product: ProductId::parse(product).unwrap(),
            plan: None,
            offer: None,
            state,
            usage_reporting_id: None,
            create_time: Timestamp::UNIX_EPOCH,
            update_time: Timestamp::UNIX_EPOCH,
            subscription_end: None,
            starts: None,
            deleted: None,
        }
    }

    fn products() -> Products {
        Products::new(vec![ProductId::parse("ours").unwrap()]).unwrap()
    }

    #[test]
    fn only_a_pending_approval_is_approved() {
        for (state, step) in [
            (Some(ApprovalState::Pending), AccountStep::Approve),
            (Some(ApprovalState::Approved), AccountStep::AlreadyApproved),
            (Some(ApprovalState::Rejected), AccountStep::AlreadyRejected),
            (
                Some(ApprovalState::Other("NEW".to_owned())),
                AccountStep::Unclear,
            ),
            (None, AccountStep::Unclear),
        ] {
            assert_eq!(account_step(state.as_ref()), step, "{state:?}");
        }
    }

    #[test]
    fn only_waiting_entitlements_of_our_products_are_approved() {
        let mut all: Vec<_> = EntitlementState::KNOWN
            .iter()
            .map(|state| entitlement(state.as_str(), "ours", state.clone()))
            .collect();
        all.push(entitlement(
            "unknown",
            "ours",
            EntitlementState::Other("NEW".to_owned()),
        ));
        all.push(entitlement(
            "foreign",
            "theirs",
            EntitlementState::ActivationRequested,
        ));
        all.push(Entitlement {
            starts: Some(Timestamp::MAX),
            ..entitlement(
                "begins-later",
                "ours",
                EntitlementState::ActivationRequested,
            )
        });
        let approved = to_approve(ApprovalPolicy::Auto, &products(), &all);
        assert_eq!(
            approved,
            [EntitlementId::parse("ENTITLEMENT_ACTIVATION_REQUESTED").unwrap()]
        );
    }

    #[test]
    fn the_manual_policy_approves_nothing() {
        let waits = [entitlement(
            "a",
            "ours",
            EntitlementState::ActivationRequested,
        )];
        assert_eq!(to_approve(ApprovalPolicy::Manual, &products(), &waits), []);
    }
}
