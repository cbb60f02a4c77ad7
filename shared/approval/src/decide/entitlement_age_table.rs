//! Which of two pieces of news about an entitlement counts, as tables; and what absence means.

use jiff::SignedDuration;
use marketplace::EntitlementState as State;
use store::Entitlement;

use super::entitlement_table::{decided, event, nothing, occasions};
use super::samples::{at, entitlement, found, states};
use super::{Absence, Answer, Decision, Effect, Known, Wait};
use crate::{ApprovalPolicy, Change, EventType, Occasion};

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
        let shift = SignedDuration::from_nanos(nanos);
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
        announced: at(5).checked_add(SignedDuration::from_nanos(999)).ok(),
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
