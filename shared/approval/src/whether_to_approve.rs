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

/// What is done about an order that waits for the vendor. One that fits no rule is never approved by itself.
pub fn approval_steps(
    account: Option<&Account>,
    order: &GoogleOrder,
    policy: ApprovalPolicy,
) -> Vec<ApprovalStep> {
    let approval = match account {
        Some(account) if account.is_closed() => Approval::None,
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
        (Approval::Approved, ApprovalPolicy::Auto, pending) if order.record.unruled.is_none() => {
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

/// Whether Google says nothing of a sign-up, neither that it waits nor what was decided.
pub(crate) fn reports_no_sign_up(account: &procurement::Account) -> bool {
    account.approval(procurement::Approval::SIGN_UP).is_none()
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
        .filter(|e| e.waits_for_approval() && e.unruled.is_none() && products.serves(&e.product))
        .map(|e| e.id.clone())
        .collect()
}

#[cfg(test)]
mod tests;
