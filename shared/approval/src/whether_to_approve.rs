//! Whether an account or an order is approved: the rules, without asking Google or the store.

use marketplace::{ApprovalState, EntitlementId, EntitlementState, PlanId, Products};
use store::{Account, Approval, Entitlement};

use crate::{ApprovalPolicy, GoogleOrder};

/// Something to be done about an order that waits for the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalStep {
    /// The customer has signed up, and their account is not approved at Google yet.
    ApproveAccount,
    /// The order is approved.
    ApproveOrder,
    /// The change to this plan is approved.
    ApprovePlanChange(PlanId),
    /// The customer waits for an operator, and gets a message that says so.
    AskForPatience(CustomerRequest),
}

/// What a customer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerRequest {
    /// A new order.
    Order,
    /// Another plan of an order that is in force.
    PlanChange,
}

/// What is done about an order that waits for the vendor.
pub fn approval_steps(
    account: Option<&Account>,
    order: &GoogleOrder,
    policy: ApprovalPolicy,
) -> Vec<ApprovalStep> {
    let approval = match account {
        Some(account) if account.deleted.is_some() => Approval::None,
        Some(account) => account.approval,
        None => Approval::None,
    };
    let waits_for = match order.record.state {
        _ if approval == Approval::Rejected => return Vec::new(),
        _ if order.record.waits_for_approval() => CustomerRequest::Order,
        EntitlementState::PendingPlanChangeApproval => CustomerRequest::PlanChange,
        _ => return Vec::new(),
    };
    let mut steps = Vec::new();
    if policy == ApprovalPolicy::Manual && !order.has_message {
        steps.push(ApprovalStep::AskForPatience(waits_for));
    }
    match (approval, policy, &order.pending_plan) {
        (Approval::Approving, _, _) => steps.push(ApprovalStep::ApproveAccount),
        (Approval::Approved, ApprovalPolicy::Auto, pending) => {
            if waits_for == CustomerRequest::Order {
                steps.push(ApprovalStep::ApproveOrder);
            } else if let Some(plan) = pending {
                steps.push(ApprovalStep::ApprovePlanChange(plan.clone()));
            }
        }
        _ => {}
    }
    steps
}

/// The state of an account's approval `signup` at Google.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpState {
    /// It waits for the vendor.
    Pending,
    /// It was given.
    Approved,
    /// An operator refused it.
    Rejected,
    /// Google reports no such approval, or one in a state that is not documented.
    Unclear,
}

/// Only the approval says whether an account is signed up: Google creates accounts as active (discovery document,
/// schema `Account`).
pub fn sign_up_state(account: &procurement::Account) -> SignUpState {
    let approval = account.approval(procurement::Approval::SIGN_UP);
    match approval.map(|approval| &approval.state) {
        Some(ApprovalState::Pending) => SignUpState::Pending,
        Some(ApprovalState::Approved) => SignUpState::Approved,
        Some(ApprovalState::Rejected) => SignUpState::Rejected,
        Some(ApprovalState::Other(_)) | None => SignUpState::Unclear,
    }
}

/// The entitlements to approve once their account is approved.
pub(crate) fn orders_to_approve<'a>(
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
    use marketplace::{EntitlementState, ProductId};

    use super::*;
    use crate::tests::{entitlement, products};

    fn order(id: &str, product: &str, state: &EntitlementState) -> Entitlement {
        Entitlement {
            product: ProductId::parse(product).unwrap(),
            ..entitlement(id, state, 0)
        }
    }

    fn account(approval: Option<ApprovalState>) -> procurement::Account {
        let given = |state| procurement::Approval {
            name: procurement::Approval::SIGN_UP.to_owned(),
            state,
            reason: None,
            update_time: None,
        };
        let json = serde_json::json!({ "name": "providers/example-partner/accounts/A-1" });
        procurement::Account {
            approvals: approval.map(given).into_iter().collect(),
            ..serde_json::from_value(json).unwrap()
        }
    }

    #[test]
    fn only_a_pending_approval_is_approved() {
        for (state, step) in [
            (Some(ApprovalState::Pending), SignUpState::Pending),
            (Some(ApprovalState::Approved), SignUpState::Approved),
            (Some(ApprovalState::Rejected), SignUpState::Rejected),
            (
                Some(ApprovalState::Other("NEW".to_owned())),
                SignUpState::Unclear,
            ),
            (None, SignUpState::Unclear),
        ] {
            assert_eq!(sign_up_state(&account(state.clone())), step, "{state:?}");
        }
    }

    #[test]
    fn only_waiting_entitlements_of_our_products_are_approved() {
        let waits = EntitlementState::ActivationRequested;
        let new = EntitlementState::Other("NEW".to_owned());
        let known = EntitlementState::KNOWN.iter();
        let known = known.map(|state| order(state.as_str(), "ours", state));
        let later = Entitlement {
            starts: Some(Timestamp::MAX),
            ..order("begins-later", "ours", &waits)
        };
        let others = [
            order("unknown", "ours", &new),
            order("foreign", "theirs", &waits),
            later,
        ];
        let all: Vec<_> = known.chain(others).collect();
        let approved = orders_to_approve(ApprovalPolicy::Auto, &products(), &all);
        assert_eq!(approved, [EntitlementId::parse(waits.as_str()).unwrap()]);
    }

    #[test]
    fn the_manual_policy_approves_nothing() {
        let waits = [order("a", "ours", &EntitlementState::ActivationRequested)];
        let approved = orders_to_approve(ApprovalPolicy::Manual, &products(), &waits);
        assert_eq!(approved, []);
    }
}
