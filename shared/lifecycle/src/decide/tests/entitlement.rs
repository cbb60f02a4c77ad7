//! The decisions about entitlements as tables: every type of event, every state.

use approval::{ApprovalPolicy, ApprovalStep, CustomerRequest, GoogleOrder};
use marketplace::{EntitlementState as State, PlanId, ProductId};
use outbox::OrderChange;
use store::{Approval, Entitlement};

use super::records::{
    account, at, changes, effect, entitlement, found, order, products, provider, states, stored,
};
use crate::decide::{Decision, OrderRules, ResourceAnswer, Step, StoredState, on_entitlement};
use crate::{EventType, Trigger};

const POLICIES: [ApprovalPolicy; 2] = [ApprovalPolicy::Auto, ApprovalPolicy::Manual];

/// Every trigger for an entitlement: each documented type, and reconciliation.
pub(super) fn triggers() -> Vec<Trigger> {
    let types = EventType::ALL
        .iter()
        .filter(|kind| !kind.is_about_account());
    let events = types.map(|kind| event(*kind, 5));
    events.chain([Trigger::Reconciliation]).collect()
}

pub(super) fn event(kind: EventType, announced: i64) -> Trigger {
    Trigger::Event {
        kind: Some(kind),
        announced: Some(at(announced)),
        published: None,
    }
}

pub(super) fn decided(
    known: StoredState<'_>,
    answer: &ResourceAnswer<GoogleOrder>,
    trigger: Trigger,
    policy: ApprovalPolicy,
) -> Decision<Entitlement> {
    let rules = OrderRules {
        policy,
        products: &products(),
        provider: &provider(),
        now: at(10),
    };
    on_entitlement(known, answer, trigger, rules)
}

/// The decision of reconciliation where orders are approved.
pub(super) fn reconciled(
    known: StoredState<'_>,
    answer: &ResourceAnswer<GoogleOrder>,
) -> Decision<Entitlement> {
    decided(known, answer, Trigger::Reconciliation, ApprovalPolicy::Auto)
}

fn asks_for_nothing(decision: Decision<Entitlement>) -> bool {
    matches!(decision, Decision::Apply(effect) if effect.steps.is_empty())
}

pub(super) fn nothing<R>() -> Decision<R> {
    Decision::nothing()
}

/// What an approved account's entitlement in this state asks for.
fn expected_steps(state: &State, policy: ApprovalPolicy) -> Vec<Step> {
    let premium = PlanId::parse("premium").unwrap();
    let step = match (state, policy) {
        (State::ActivationRequested, ApprovalPolicy::Auto) => ApprovalStep::ApproveOrder,
        (State::PendingPlanChangeApproval, ApprovalPolicy::Auto) => {
            ApprovalStep::ApprovePlanChange(premium)
        }
        (State::ActivationRequested, ApprovalPolicy::Manual) => {
            ApprovalStep::AskForPatience(CustomerRequest::Order)
        }
        (State::PendingPlanChangeApproval, ApprovalPolicy::Manual) => {
            ApprovalStep::AskForPatience(CustomerRequest::PlanChange)
        }
        _ => return vec![],
    };
    vec![Step::Approval(step)]
}

fn expected_change(before: Option<&State>, after: &State) -> Vec<OrderChange> {
    let mut changes = match (before.is_some_and(State::is_live), after.is_live()) {
        (true, false) => vec![OrderChange::AccessEnded],
        (false, true) => vec![OrderChange::AccessGranted],
        _ => vec![],
    };
    let ends = |state: &State| state == &State::PendingCancellation;
    match (before.is_some_and(ends), ends(after)) {
        (false, true) => changes.push(OrderChange::CancellationScheduled),
        (true, false) if after.is_live() => changes.push(OrderChange::CancellationReverted),
        _ => {}
    }
    changes
}

#[test]
fn what_google_says_decides_and_not_the_type_of_the_event() {
    let approved = account(Approval::Approved);
    for trigger in triggers() {
        for before in [None].into_iter().chain(states().into_iter().map(Some)) {
            for after in states() {
                for policy in POLICIES {
                    let before_it = before.as_ref().map(|state| entitlement(state, 1));
                    let known = stored(Some(&approved), before_it.as_ref());
                    let decision = decided(known, &found(&after, 5), trigger, policy);
                    let case = format!("{trigger:?}: {before:?} → {after:?}, {policy:?}");
                    let effect = effect(decision);
                    assert_eq!(effect.record, Some(entitlement(&after, 5)), "{case}");
                    assert_eq!(
                        changes(&effect),
                        expected_change(before.as_ref(), &after),
                        "{case}"
                    );
                    assert_eq!(effect.steps, expected_steps(&after, policy), "{case}");
                    assert_eq!(effect.journal, [], "{case}");
                }
            }
        }
    }
}

#[test]
fn only_an_approved_account_s_entitlements_are_approved() {
    for (approval, auto, asked) in [
        (None, vec![], true),
        (Some(Approval::None), vec![], true),
        (
            Some(Approval::Approving),
            vec![Step::Approval(ApprovalStep::ApproveAccount)],
            true,
        ),
        (Some(Approval::Rejected), vec![], false),
    ] {
        let account = approval.map(account);
        let known = stored(account.as_ref(), None);
        for (state, request) in [
            (State::ActivationRequested, CustomerRequest::Order),
            (
                State::PendingPlanChangeApproval,
                CustomerRequest::PlanChange,
            ),
        ] {
            let patience = asked.then_some(Step::Approval(ApprovalStep::AskForPatience(request)));
            let manual: Vec<_> = patience.into_iter().chain(auto.clone()).collect();
            for (policy, steps) in [
                (ApprovalPolicy::Auto, &auto),
                (ApprovalPolicy::Manual, &manual),
            ] {
                let decision = decided(known, &found(&state, 5), Trigger::Reconciliation, policy);
                let effect = effect(decision);
                assert_eq!(&effect.steps, steps, "{approval:?} {state:?} {policy:?}");
                assert_eq!(effect.record, Some(entitlement(&state, 5)));
            }
        }
    }
}

#[test]
fn a_closed_account_s_entitlement_is_held() {
    let mut deleted = account(Approval::Approved);
    deleted.erased = Some(at(3));
    let answer = found(&State::ActivationRequested, 5);
    let decision = reconciled(stored(Some(&deleted), None), &answer);
    assert!(asks_for_nothing(decision));
}

#[test]
fn a_customer_is_asked_for_patience_once() {
    let approved = account(Approval::Approved);
    let answer = ResourceAnswer::Found(GoogleOrder {
        has_message: true,
        ..order(&State::ActivationRequested, 5)
    });
    let known = stored(Some(&approved), None);
    let (trigger, policy) = (Trigger::Reconciliation, ApprovalPolicy::Manual);
    assert!(asks_for_nothing(decided(known, &answer, trigger, policy)));
}

#[test]
fn an_order_that_is_approved_and_begins_later_asks_for_nothing() {
    let mut order = order(&State::ActivationRequested, 5);
    order.record.starts = Some(at(9_000));
    let record = order.record.clone();
    let answer = ResourceAnswer::Found(order);
    for approval in [Approval::Approving, Approval::Approved] {
        let account = account(approval);
        let known = stored(Some(&account), None);
        for policy in POLICIES {
            let decision = decided(known, &answer, Trigger::Reconciliation, policy);
            let effect = effect(decision);
            assert_eq!(effect.record, Some(record.clone()));
            assert_eq!((effect.steps, effect.news), (vec![], vec![]));
        }
    }
}

#[test]
fn a_change_to_an_unknown_plan_is_not_approved() {
    let approved = account(Approval::Approved);
    let answer = ResourceAnswer::Found(GoogleOrder {
        pending_plan: None,
        ..order(&State::PendingPlanChangeApproval, 5)
    });
    let decision = reconciled(stored(Some(&approved), None), &answer);
    assert!(asks_for_nothing(decision));
}

#[test]
fn foreign_products_are_ignored() {
    let mut order = order(&State::ActivationRequested, 5);
    order.record.product = ProductId::parse("theirs").unwrap();
    let answer = ResourceAnswer::Found(order);
    for trigger in triggers() {
        let known = StoredState::default();
        let decision = decided(known, &answer, trigger, ApprovalPolicy::Auto);
        assert_eq!(decision, Decision::Ignore);
    }
}

#[test]
fn an_order_of_a_product_that_is_not_served_any_more_is_followed_and_not_approved() {
    let approved = account(Approval::Approved);
    let theirs = ProductId::parse("theirs").unwrap();
    let before = Entitlement {
        product: theirs.clone(),
        ..entitlement(&State::Active, 1)
    };
    for state in states() {
        let mut order = order(&state, 5);
        order.record.product = theirs.clone();
        let answer = ResourceAnswer::Found(order.clone());
        let effect = effect(reconciled(stored(Some(&approved), Some(&before)), &answer));
        assert_eq!(effect.record, Some(order.record));
        assert_eq!(effect.steps, [], "{state:?}");
    }
}

#[test]
fn an_order_that_google_moves_counts_as_bought_for_the_account_that_gets_it() {
    let approved = account(Approval::Approved);
    for before in states() {
        let before = Entitlement {
            account: marketplace::ProcurementAccountId::parse("A-0").unwrap(),
            ..entitlement(&before, 5)
        };
        let known = stored(Some(&approved), Some(&before));
        let effect = effect(reconciled(known, &found(&State::Active, 5)));
        assert_eq!(effect.record, Some(entitlement(&State::Active, 5)));
        assert_eq!(changes(&effect), [OrderChange::AccessGranted]);
        assert_eq!(effect.journal.len(), 1);
    }
}
