//! The decisions about entitlements as tables: every type of event, every state.

use link_store::{Account, Approval, Entitlement};
use marketplace::{EntitlementState as State, PlanId, ProductId};

use super::samples::{account, at, entitlement, found, products, states, with_service_account};
use super::{
    Absence, Answer, Decision, Effect, Known, Order, Request, Rules, Step, Wait, on_entitlement,
};
use crate::{ApprovalPolicy, Change, EventType, Occasion};

const POLICIES: [ApprovalPolicy; 2] = [ApprovalPolicy::Auto, ApprovalPolicy::Manual];

/// Every occasion for an entitlement: each documented type, and reconciliation.
fn occasions() -> Vec<Occasion> {
    let types = EventType::ALL
        .iter()
        .filter(|kind| !kind.is_about_account());
    let events = types.map(|kind| event(*kind, 5));
    events.chain([Occasion::Reconciliation]).collect()
}

fn event(kind: EventType, announced: i64) -> Occasion {
    Occasion::Event {
        kind,
        announced: Some(at(announced)),
    }
}

fn decided(
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

fn nothing<R>() -> Decision<R> {
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

#[test]
fn an_answer_older_than_the_event_is_not_recorded() {
    for occasion in occasions() {
        let decision = |fetched| {
            let answer = found(&State::Cancelled, fetched);
            decided(Known::default(), &answer, occasion, ApprovalPolicy::Auto)
        };
        let older = match occasion {
            Occasion::Event { .. } => Decision::Wait(Wait::Older),
            Occasion::Reconciliation => decision(4),
        };
        assert_eq!(decision(4), older, "{occasion:?}");
        assert!(matches!(decision(5), Decision::Follow(_)), "{occasion:?}");
    }
}

#[test]
fn times_are_compared_at_microseconds_and_equal_applies() {
    let stored = entitlement(&State::ActivationRequested, 5);
    let known = Known {
        entitlement: Some(&stored),
        ..Known::default()
    };
    let with_nanos = |nanos: i64| {
        let shift = jiff::SignedDuration::from_nanos(nanos);
        let Answer::Found(mut order) = found(&State::Active, 5) else {
            panic!("found");
        };
        order.record.update_time = at(5).checked_add(shift).unwrap();
        decided(
            known,
            &Answer::Found(order),
            event(EventType::Active, 5),
            ApprovalPolicy::Auto,
        )
    };
    let recorded = |decision| {
        matches!(
            decision,
            Decision::Follow(Effect {
                record: Some(_),
                ..
            })
        )
    };
    assert!(recorded(with_nanos(0)));
    assert!(recorded(with_nanos(999)));
    assert_eq!(with_nanos(-1), nothing());
    let announced = Occasion::Event {
        kind: EventType::Active,
        announced: at(5)
            .checked_add(jiff::SignedDuration::from_nanos(999))
            .ok(),
    };
    let decision = decided(
        known,
        &found(&State::Active, 5),
        announced,
        ApprovalPolicy::Auto,
    );
    assert!(recorded(decision));
}

#[test]
fn older_news_changes_nothing_once_newer_is_stored() {
    let stored = entitlement(&State::Cancelled, 9);
    let known = Known {
        entitlement: Some(&stored),
        ..Known::default()
    };
    for occasion in occasions() {
        for state in states() {
            let decision = decided(known, &found(&state, 8), occasion, ApprovalPolicy::Auto);
            assert_eq!(decision, nothing(), "{occasion:?} {state:?}");
        }
    }
}

#[test]
fn the_same_again_changes_nothing() {
    for state in states() {
        let stored = entitlement(&state, 5);
        let known = Known {
            entitlement: Some(&stored),
            ..Known::default()
        };
        let decision = decided(
            known,
            &found(&state, 5),
            event(EventType::Active, 5),
            ApprovalPolicy::Auto,
        );
        assert_eq!(decision, nothing(), "{state:?}");
    }
}

#[test]
fn not_found_is_final_for_a_deletion_alone_or_once_confirmed() {
    let live = entitlement(&State::Active, 1);
    let buried = Entitlement {
        state: State::Cancelled,
        deleted: Some(at(9)),
        ..live.clone()
    };
    for occasion in occasions() {
        for absence in [Absence::Unconfirmed, Absence::Confirmed] {
            let decision = |stored: Option<&Entitlement>| {
                let known = Known {
                    entitlement: stored,
                    ..Known::default()
                };
                let answer = Answer::Absent(absence, at(9));
                decided(known, &answer, occasion, ApprovalPolicy::Auto)
            };
            let is_final = absence == Absence::Confirmed
                || matches!(
                    occasion,
                    Occasion::Event {
                        kind: EventType::Deleted,
                        ..
                    }
                );
            assert_eq!(decision(Some(&buried)), nothing());
            if is_final {
                assert_eq!(decision(None), nothing());
                let expected = Effect {
                    record: Some(buried.clone()),
                    changes: vec![Change::AccessEnded],
                    then: vec![],
                };
                assert_eq!(decision(Some(&live)), Decision::Follow(expected));
            } else {
                assert_eq!(decision(None), Decision::Wait(Wait::Absence));
                assert_eq!(decision(Some(&live)), Decision::Wait(Wait::Absence));
            }
        }
    }
}

#[test]
fn a_tombstone_is_opened_by_newer_news_or_by_reconciliation() {
    let buried = Entitlement {
        deleted: Some(at(9)),
        ..entitlement(&State::Cancelled, 5)
    };
    let known = Known {
        entitlement: Some(&buried),
        ..Known::default()
    };
    let opened = |occasion, fetched| {
        let decision = decided(
            known,
            &found(&State::Cancelled, fetched),
            occasion,
            ApprovalPolicy::Auto,
        );
        decision != nothing()
    };
    let older = event(EventType::Cancelled, 4);
    assert!(!opened(older, 5));
    assert!(opened(older, 6));
    assert!(opened(Occasion::Reconciliation, 5));
    assert!(!opened(Occasion::Reconciliation, 4));
}

#[test]
fn the_service_account_is_disabled_when_the_last_access_ends() {
    let approved = account(Approval::Approved);
    let working = with_service_account(approved.clone(), None);
    let disabled = with_service_account(approved.clone(), Some(at(1)));
    let other = Entitlement {
        id: marketplace::EntitlementId::parse("E-2").unwrap(),
        ..entitlement(&State::PendingCancellation, 1)
    };
    let ends = |account: &Account, others: &[Entitlement], state: &State| {
        let stored = entitlement(state, 5);
        let known = Known {
            account: Some(account),
            entitlement: Some(&stored),
            others,
        };
        // Nothing changes: it is done again until it has succeeded.
        let decision = decided(
            known,
            &found(state, 5),
            Occasion::Reconciliation,
            ApprovalPolicy::Auto,
        );
        matches!(decision, Decision::Follow(effect) if effect.then == [Step::DisableServiceAccount])
    };
    for state in states() {
        let ended = matches!(state, State::Cancelled | State::Suspended);
        assert_eq!(ends(&working, &[], &state), ended, "{state:?}");
        assert!(!ends(&working, std::slice::from_ref(&other), &state));
        assert!(!ends(&disabled, &[], &state));
        assert!(!ends(&approved, &[], &state));
    }
}

#[test]
fn the_service_account_is_disabled_at_the_end_of_access_whatever_the_record_says() {
    let disabled = with_service_account(account(Approval::Approved), Some(at(1)));
    let other = Entitlement {
        id: marketplace::EntitlementId::parse("E-2").unwrap(),
        ..entitlement(&State::Active, 1)
    };
    for (before, others, disables) in [
        (State::Active, &[][..], true),
        (State::PendingCancellation, &[], true),
        (State::Active, std::slice::from_ref(&other), false),
        (State::Suspended, &[], false),
        (State::ActivationRequested, &[], false),
    ] {
        let stored = entitlement(&before, 1);
        let known = Known {
            account: Some(&disabled),
            entitlement: Some(&stored),
            others,
        };
        for answer in [
            found(&State::Cancelled, 5),
            Answer::Absent(Absence::Confirmed, at(5)),
        ] {
            let occasion = Occasion::Reconciliation;
            let decision = decided(known, &answer, occasion, ApprovalPolicy::Auto);
            let Decision::Follow(effect) = decision else {
                panic!("{before:?}");
            };
            let expected = Vec::from_iter(disables.then_some(Step::DisableServiceAccount));
            assert_eq!(effect.then, expected, "{before:?}");
        }
    }
}
