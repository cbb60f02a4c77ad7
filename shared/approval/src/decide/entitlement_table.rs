//! The decisions about entitlements as tables: every type of event, every state.

use marketplace::{EntitlementState as State, PlanId, ProductId};
use store::{Approval, Entitlement};

use super::samples::{account, at, entitlement, found, products, states};
use super::{Answer, Decision, Effect, Known, Order, Request, Rules, Step, on_entitlement};
use crate::{ApprovalPolicy, Change, EventType, Occasion};

const POLICIES: [ApprovalPolicy; 2] = [ApprovalPolicy::Auto, ApprovalPolicy::Manual];

/// Every occasion for an entitlement: each documented type, and reconciliation.
pub(super) fn occasions() -> Vec<Occasion> {
    let types = EventType::ALL
        .iter()
        .filter(|kind| !kind.is_about_account());
    let events = types.map(|kind| event(*kind, 5));
    events.chain([Occasion::Reconciliation]).collect()
}

pub(super) fn event(kind: EventType, announced: i64) -> Occasion {
    Occasion::Event {
        kind,
        announced: Some(at(announced)),
    }
}

pub(super) fn decided(
    known: Known<'_>,
    answer: &Answer<Order>,
    occasion: Occasion,
    policy: ApprovalPolicy,
) -> Decision<Entitlement> {
    let products = products();
    on_entitlement(
        known,
        answer,
        occasion,
        Rules {
            policy,
            products: &products,
        },
    )
}

pub(super) fn nothing<R>() -> Decision<R> {
    Decision::Follow(Effect::default())
}

/// What an approved account's entitlement in this state asks for.
fn expected_steps(state: &State, policy: ApprovalPolicy) -> Vec<Step> {
    match (state, policy) {
        (State::ActivationRequested, ApprovalPolicy::Auto) => vec![Step::ApproveEntitlement],
        (State::PendingPlanChangeApproval, ApprovalPolicy::Auto) => {
            vec![Step::ApprovePlanChange(PlanId::parse("premium").unwrap())]
        }
        (State::ActivationRequested, ApprovalPolicy::Manual) => {
            vec![Step::AskForPatience(Request::Order)]
        }
        (State::PendingPlanChangeApproval, ApprovalPolicy::Manual) => {
            vec![Step::AskForPatience(Request::PlanChange)]
        }
        _ => vec![],
    }
}

fn expected_change(before: Option<&State>, after: &State) -> Vec<Change> {
    let mut changes = match (before.is_some_and(State::is_live), after.is_live()) {
        (true, false) => vec![Change::AccessEnded],
        (false, true) => vec![Change::AccessGranted],
        _ => vec![],
    };
    let ends = |state: &State| state == &State::PendingCancellation;
    match (before.is_some_and(ends), ends(after)) {
        (false, true) => changes.push(Change::CancellationScheduled),
        (true, false) if after.is_live() => changes.push(Change::CancellationReverted),
        _ => {}
    }
    changes
}

#[test]
fn what_google_says_decides_whatever_the_event_is_called() {
    let approved = account(Approval::Approved);
    for occasion in occasions() {
        for before in [None].into_iter().chain(states().into_iter().map(Some)) {
            for after in states() {
                for policy in POLICIES {
                    let stored = before.as_ref().map(|state| entitlement(state, 1));
                    let known = Known {
                        account: Some(&approved),
                        entitlement: stored.as_ref(),
                        others: &[],
                    };
                    let decision = decided(known, &found(&after, 5), occasion, policy);
                    let expected = Effect {
                        record: Some(entitlement(&after, 5)),
                        changes: expected_change(before.as_ref(), &after),
                        then: expected_steps(&after, policy),
                    };
                    let case = format!("{occasion:?}: {before:?} → {after:?}, {policy:?}");
                    assert_eq!(decision, Decision::Follow(expected), "{case}");
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
        (Some(Approval::Approving), vec![Step::ApproveAccount], true),
        (Some(Approval::Rejected), vec![], false),
    ] {
        let account = approval.map(account);
        let known = Known {
            account: account.as_ref(),
            ..Known::default()
        };
        for (state, request) in [
            (State::ActivationRequested, Request::Order),
            (State::PendingPlanChangeApproval, Request::PlanChange),
        ] {
            let patience = asked.then_some(Step::AskForPatience(request));
            let manual: Vec<_> = patience.into_iter().chain(auto.clone()).collect();
            for (policy, then) in [
                (ApprovalPolicy::Auto, &auto),
                (ApprovalPolicy::Manual, &manual),
            ] {
                let decision = decided(known, &found(&state, 5), Occasion::Reconciliation, policy);
                let Decision::Follow(effect) = decision else {
                    panic!("{state:?}");
                };
                assert_eq!(&effect.then, then, "{approval:?} {state:?} {policy:?}");
                assert_eq!(effect.record, Some(entitlement(&state, 5)));
            }
        }
    }
}

#[test]
fn a_deleted_account_s_entitlement_is_held() {
    let mut deleted = account(Approval::Approved);
    deleted.deleted = Some(at(3));
    let known = Known {
        account: Some(&deleted),
        ..Known::default()
    };
    let answer = found(&State::ActivationRequested, 5);
    let decision = decided(
        known,
        &answer,
        Occasion::Reconciliation,
        ApprovalPolicy::Auto,
    );
    assert!(matches!(decision, Decision::Follow(effect) if effect.then.is_empty()));
}

#[test]
fn a_customer_is_asked_for_patience_once() {
    let approved = account(Approval::Approved);
    let known = Known {
        account: Some(&approved),
        ..Known::default()
    };
    let Answer::Found(mut order) = found(&State::ActivationRequested, 5) else {
        panic!("found");
    };
    order.has_message = true;
    let answer = Answer::Found(order);
    let decision = decided(
        known,
        &answer,
        Occasion::Reconciliation,
        ApprovalPolicy::Manual,
    );
    assert!(matches!(decision, Decision::Follow(effect) if effect.then.is_empty()));
}

#[test]
fn an_order_that_is_approved_and_begins_later_asks_for_nothing() {
    let Answer::Found(mut order) = found(&State::ActivationRequested, 5) else {
        panic!("found");
    };
    order.record.starts = Some(at(9_000));
    let record = order.record.clone();
    let answer = Answer::Found(order);
    for approval in [Approval::Approving, Approval::Approved] {
        let account = account(approval);
        let known = Known {
            account: Some(&account),
            ..Known::default()
        };
        for policy in POLICIES {
            let decision = decided(known, &answer, Occasion::Reconciliation, policy);
            let expected = Effect {
                record: Some(record.clone()),
                ..Effect::default()
            };
            assert_eq!(decision, Decision::Follow(expected));
        }
    }
}

#[test]
fn a_change_to_an_unknown_plan_is_not_approved() {
    let approved = account(Approval::Approved);
    let known = Known {
        account: Some(&approved),
        ..Known::default()
    };
    let Answer::Found(mut order) = found(&State::PendingPlanChangeApproval, 5) else {
        panic!("found");
    };
    order.pending_plan = None;
    let answer = Answer::Found(order);
    let decision = decided(
        known,
        &answer,
        Occasion::Reconciliation,
        ApprovalPolicy::Auto,
    );
    assert!(matches!(decision, Decision::Follow(effect) if effect.then.is_empty()));
}

#[test]
fn foreign_products_are_ignored() {
    let Answer::Found(mut order) = found(&State::ActivationRequested, 5) else {
        panic!("found");
    };
    order.record.product = ProductId::parse("theirs").unwrap();
    let answer = Answer::Found(order);
    for occasion in occasions() {
        let decision = decided(Known::default(), &answer, occasion, ApprovalPolicy::Auto);
        assert_eq!(decision, Decision::Ignore);
    }
}
