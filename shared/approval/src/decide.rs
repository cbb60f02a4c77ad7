//! What follows from what is known, without asking anybody.

use link_store::Entitlement;
use marketplace::{ApprovalState, EntitlementId, EntitlementState, Products};

use crate::ApprovalPolicy;

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
        .filter(|e| e.state == EntitlementState::ActivationRequested && products.serves(&e.product))
        .map(|e| e.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use marketplace::{ProcurementAccountId, ProductId};

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
