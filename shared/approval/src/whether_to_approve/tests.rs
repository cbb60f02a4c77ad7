use jiff::Timestamp;
use marketplace::ProductId;
use store::{Closed, ClosedBecause, Unruled};

use super::*;
use crate::tests::{account_id, entitlement, products};

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

/// An order of an approved account, as Google describes it.
fn google_order(state: &EntitlementState, unruled: Option<Unruled>) -> GoogleOrder {
    GoogleOrder {
        record: Entitlement {
            unruled,
            ..order("a", "ours", state)
        },
        pending_plan: PlanId::parse("pro").ok(),
        has_message: false,
    }
}

fn customer(approval: Approval) -> Account {
    Account::new(&account_id(), approval, Timestamp::UNIX_EPOCH)
}

#[test]
fn an_order_that_fits_no_rule_is_never_approved() {
    let (order, change) = (
        EntitlementState::ActivationRequested,
        EntitlementState::PendingPlanChangeApproval,
    );
    let approved = customer(Approval::Approved);
    let steps = |state: &EntitlementState, unruled, policy| {
        approval_steps(Some(&approved), &google_order(state, unruled), policy)
    };
    for unruled in [
        Unruled::ChangeWithoutPlan,
        Unruled::ProductOnlyInOffer,
        Unruled::UnknownState,
    ] {
        for (state, waits_for) in [
            (&order, CustomerRequest::Order),
            (&change, CustomerRequest::PlanChange),
        ] {
            assert_eq!(steps(state, Some(unruled), ApprovalPolicy::Auto), []);
            let by_hand = steps(state, Some(unruled), ApprovalPolicy::Manual);
            assert_eq!(by_hand, [ApprovalStep::AskForPatience(waits_for)]);
        }
    }
    let ordered = steps(&order, None, ApprovalPolicy::Auto);
    assert_eq!(ordered, [ApprovalStep::ApproveOrder]);
    let pro = PlanId::parse("pro").unwrap();
    let changed = steps(&change, None, ApprovalPolicy::Auto);
    assert_eq!(changed, [ApprovalStep::ApprovePlanChange(pro)]);
}

#[test]
fn an_order_that_fits_no_rule_keeps_no_account_from_its_approval() {
    let unruled = Some(Unruled::ProductOnlyInOffer);
    let order = google_order(&EntitlementState::ActivationRequested, unruled);
    let approving = customer(Approval::Approving);
    let steps = approval_steps(Some(&approving), &order, ApprovalPolicy::Auto);
    assert_eq!(steps, [ApprovalStep::ApproveAccount]);
}

#[test]
fn an_order_that_fits_no_rule_is_not_among_the_held_ones() {
    let waits = Entitlement {
        unruled: Some(Unruled::ProductOnlyInOffer),
        ..order("a", "ours", &EntitlementState::ActivationRequested)
    };
    let approved = orders_to_approve(ApprovalPolicy::Auto, &products(), [&waits]);
    assert_eq!(approved, []);
}

#[test]
fn nothing_of_a_closed_account_is_approved() {
    let order = google_order(&EntitlementState::ActivationRequested, None);
    let closed = Account {
        closed: Some(Closed {
            at: Timestamp::UNIX_EPOCH,
            because: ClosedBecause::Absent,
        }),
        ..customer(Approval::Approved)
    };
    // As earlier versions recorded it.
    let erased = Account {
        erased: Some(Timestamp::UNIX_EPOCH),
        ..customer(Approval::Approving)
    };
    for account in [closed, erased] {
        let steps = approval_steps(Some(&account), &order, ApprovalPolicy::Auto);
        assert_eq!(steps, [], "{account:?}");
    }
}
