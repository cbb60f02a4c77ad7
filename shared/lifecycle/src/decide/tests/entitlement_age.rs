//! Which of two pieces of news about an entitlement counts, as tables.

use approval::{ApprovalPolicy, GoogleOrder};
use jiff::SignedDuration;
use marketplace::EntitlementState as State;

use super::entitlement::{decided, event, nothing, triggers};
use super::records::{at, entitlement, found, order, states, stored};
use crate::decide::{Decision, ResourceAnswer, StoredState};
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
            Trigger::Event { .. } => Decision::Older,
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
        kind: Some(EventType::Active),
        published: None,
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
