//! Which of two pieces of news about an entitlement counts, as tables; and what absence means.

use approval::{ApprovalPolicy, GoogleOrder};
use jiff::SignedDuration;
use marketplace::EntitlementState as State;
use outbox::OrderChange;
use store::Entitlement;

use super::entitlement::{decided, event, nothing, triggers};
use super::records::{at, entitlement, found, order, states, stored};
use crate::decide::{Absence, Decision, Effect, ResourceAnswer, StoredState, Wait};
use crate::{EventType, Trigger};

#[test]
fn an_answer_older_than_the_event_is_not_recorded() {
    for trigger in triggers() {
        let decision = |fetched| {
            let answer = found(&State::Cancelled, fetched);
            let known = StoredState::default();
            decided(known, &answer, trigger, ApprovalPolicy::Auto)
        };
        let older = match trigger {
            Trigger::Event { .. } => Decision::Wait(Wait::Older),
            Trigger::Reconciliation => decision(4),
        };
        assert_eq!(decision(4), older, "{trigger:?}");
        assert!(matches!(decision(5), Decision::Apply(_)), "{trigger:?}");
    }
}

#[test]
fn times_are_compared_at_microseconds_and_equal_applies() {
    let before = entitlement(&State::ActivationRequested, 5);
    let decision = |answer: &ResourceAnswer<GoogleOrder>, trigger| {
        let known = stored(None, Some(&before));
        decided(known, answer, trigger, ApprovalPolicy::Auto)
    };
    let with_nanos = |nanos: i64| {
        let shift = SignedDuration::from_nanos(nanos);
        let mut order = order(&State::Active, 5);
        order.record.update_time = at(5).checked_add(shift).unwrap();
        decision(&ResourceAnswer::Found(order), event(EventType::Active, 5))
    };
    let recorded =
        |decision| matches!(decision, Decision::Apply(effect) if effect.record.is_some());
    assert!(recorded(with_nanos(0)));
    assert!(recorded(with_nanos(999)));
    assert_eq!(with_nanos(-1), nothing());
    let announced = Trigger::Event {
        kind: EventType::Active,
        announced: at(5).checked_add(SignedDuration::from_nanos(999)).ok(),
    };
    assert!(recorded(decision(&found(&State::Active, 5), announced)));
}

#[test]
fn older_news_changes_nothing_once_newer_is_stored() {
    let newer = entitlement(&State::Cancelled, 9);
    let known = stored(None, Some(&newer));
    for trigger in triggers() {
        for state in states() {
            let decision = decided(known, &found(&state, 8), trigger, ApprovalPolicy::Auto);
            assert_eq!(decision, nothing(), "{trigger:?} {state:?}");
        }
    }
}

#[test]
fn the_same_again_changes_nothing() {
    for state in states() {
        let same = entitlement(&state, 5);
        let (known, trigger) = (stored(None, Some(&same)), event(EventType::Active, 5));
        let decision = decided(known, &found(&state, 5), trigger, ApprovalPolicy::Auto);
        assert_eq!(decision, nothing(), "{state:?}");
    }
}

#[test]
fn not_found_is_final_for_a_deletion_alone_or_once_confirmed() {
    let live = entitlement(&State::Active, 1);
    let tombstone = Entitlement {
        state: State::Cancelled,
        deleted: Some(at(9)),
        ..live.clone()
    };
    for trigger in triggers() {
        for absence in [Absence::Unconfirmed, Absence::Confirmed] {
            let decision = |before| {
                let answer = ResourceAnswer::Absent(absence, at(9));
                let known = stored(None, before);
                decided(known, &answer, trigger, ApprovalPolicy::Auto)
            };
            let deleted = event(EventType::Deleted, 5);
            let is_final = absence == Absence::Confirmed || trigger == deleted;
            assert_eq!(decision(Some(&tombstone)), nothing());
            if is_final {
                assert_eq!(decision(None), nothing());
                let expected = Effect {
                    record: Some(tombstone.clone()),
                    changes: vec![OrderChange::AccessEnded],
                    steps: vec![],
                };
                assert_eq!(decision(Some(&live)), Decision::Apply(expected));
            } else {
                assert_eq!(decision(None), Decision::Wait(Wait::Absence));
                assert_eq!(decision(Some(&live)), Decision::Wait(Wait::Absence));
            }
        }
    }
}

#[test]
fn a_tombstone_is_opened_by_newer_news_or_by_reconciliation() {
    let tombstone = Entitlement {
        deleted: Some(at(9)),
        ..entitlement(&State::Cancelled, 5)
    };
    let opened = |trigger, fetched| {
        let (known, answer) = (
            stored(None, Some(&tombstone)),
            found(&State::Cancelled, fetched),
        );
        decided(known, &answer, trigger, ApprovalPolicy::Auto) != nothing()
    };
    let older = event(EventType::Cancelled, 4);
    assert!(!opened(older, 5));
    assert!(opened(older, 6));
    assert!(opened(Trigger::Reconciliation, 5));
    assert!(!opened(Trigger::Reconciliation, 4));
}
