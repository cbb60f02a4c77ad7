//! What it means that Google does not find an account or an order.

use approval::ApprovalPolicy;
use jiff::SignedDuration;
use marketplace::{Access, EntitlementId, EntitlementState as State};
use outbox::{News, OrderChange};
use store::{Absence, Account, Approval, ClosedBecause, Entitlement};

use super::account::{decided as account_decided, google};
use super::entitlement::{decided, event, nothing, triggers};
use super::records::{account, at, changes, effect, entitlement, found, stored};
use crate::decide::{Absent, Decision, ResourceAnswer, StoredAccount};
use crate::{EventType, Trigger};

/// Google does not find it nine seconds after everything began.
fn absent<T>(absent: Absent) -> ResourceAnswer<T> {
    ResourceAnswer::Absent(absent, at(9))
}

fn absent_since(seconds: i64) -> Absence {
    Absence {
        since: at(seconds),
        accepted: None,
    }
}

#[test]
fn the_first_absence_of_an_order_is_noted_and_ends_nothing() {
    let live = entitlement(&State::Active, 1);
    let noted = Entitlement {
        absent: Some(absent_since(9)),
        ..live.clone()
    };
    for trigger in triggers() {
        if trigger == event(EventType::Deleted, 5) {
            continue;
        }
        let decision = decided(
            stored(None, Some(&live)),
            &absent(Absent::Unconfirmed),
            trigger,
            ApprovalPolicy::Auto,
        );
        let expected = Decision::Absent {
            record: Some(noted.clone()),
            is_young: true,
        };
        assert_eq!(decision, expected, "{trigger:?}");
        // Seen again, it counts since the first time.
        let again = decided(
            stored(None, Some(&noted)),
            &absent(Absent::Unconfirmed),
            trigger,
            ApprovalPolicy::Auto,
        );
        assert!(
            matches!(again, Decision::Absent { record: None, .. }),
            "{trigger:?}"
        );
        let unknown = decided(
            stored(None, None),
            &absent(Absent::Unconfirmed),
            trigger,
            ApprovalPolicy::Auto,
        );
        assert_eq!(unknown, Decision::Unknown, "{trigger:?}");
    }
}

#[test]
fn the_end_of_an_absent_order_is_its_first_absence() {
    let noted = Entitlement {
        absent: Some(absent_since(-100_000)),
        ..entitlement(&State::Active, 1)
    };
    let answer = absent(Absent::Confirmed);
    let known = stored(None, Some(&noted));
    let effect = effect(decided(
        known,
        &answer,
        Trigger::Reconciliation,
        ApprovalPolicy::Auto,
    ));
    assert_eq!(changes(&effect), [OrderChange::AccessEnded]);
    let tombstone = effect.record.unwrap();
    assert_eq!(tombstone.state, State::Cancelled);
    assert_eq!(tombstone.deleted, Some(at(-100_000)));
    assert_eq!(tombstone.absence_confirmed, Some(at(9)));
}

#[test]
fn an_order_that_was_deleted_before_it_last_changed_is_not_gone() {
    let live = entitlement(&State::Active, 5);
    for (announced, is_gone) in [(4, false), (5, false), (6, true)] {
        let trigger = event(EventType::Deleted, announced);
        let decision = decided(
            stored(None, Some(&live)),
            &absent(Absent::Unconfirmed),
            trigger,
            ApprovalPolicy::Auto,
        );
        assert_eq!(
            matches!(decision, Decision::Apply(_)),
            is_gone,
            "{announced}"
        );
    }
    // Nothing says how old the message is.
    let trigger = Trigger::Event {
        kind: Some(EventType::Deleted),
        announced: None,
        published: None,
    };
    let decision = decided(
        stored(None, Some(&live)),
        &absent(Absent::Unconfirmed),
        trigger,
        ApprovalPolicy::Auto,
    );
    assert!(matches!(decision, Decision::Absent { .. }));
}

#[test]
fn an_order_that_google_has_again_reopens_unless_google_deleted_it() {
    let confirmed = Entitlement {
        deleted: Some(at(3)),
        absence_confirmed: Some(at(9)),
        ..entitlement(&State::Cancelled, 5)
    };
    let deleted = Entitlement {
        absence_confirmed: None,
        ..confirmed.clone()
    };
    let reopened = |tombstone: &Entitlement, trigger, updated| {
        let answer = found(&State::Active, updated);
        decided(
            stored(None, Some(tombstone)),
            &answer,
            trigger,
            ApprovalPolicy::Auto,
        )
    };
    for trigger in [Trigger::Reconciliation, event(EventType::Renewed, 4)] {
        let effect = effect(reopened(&confirmed, trigger, 5));
        assert_eq!(effect.record, Some(entitlement(&State::Active, 5)));
        // It is published as new: it happened now.
        let changed: Vec<_> = effect.news.iter().collect();
        let [News::Order { changed, .. }] = *changed else {
            panic!("{changed:?}");
        };
        assert_eq!(*changed, at(10));
        assert_eq!(reopened(&deleted, trigger, 5), nothing());
        assert!(matches!(reopened(&deleted, trigger, 6), Decision::Apply(_)));
    }
}

#[test]
fn the_first_absence_of_an_account_is_noted_and_closes_nothing() {
    let stored = Account {
        opened: Some(at(5)),
        ..account(Approval::Approved)
    };
    let answer = absent(Absent::Unconfirmed);
    for (kind, announced, is_closed) in [
        (EventType::AccountActive, 9, false),
        (EventType::AccountDeleted, 4, false),
        (EventType::AccountDeleted, 5, false),
        (EventType::AccountDeleted, 6, true),
    ] {
        let decision = account_decided(Some(&stored), &answer, event(kind, announced));
        match decision {
            Decision::Absent { record, is_young } => {
                assert!(!is_closed && is_young, "{kind:?} {announced}");
                let record = record.unwrap();
                assert_eq!(
                    (record.absent, record.closed),
                    (Some(absent_since(9)), None)
                );
            }
            decision => {
                assert!(is_closed, "{kind:?} {announced}");
                let closed = effect(decision).record.unwrap().closed.unwrap();
                assert_eq!((closed.because, closed.at), (ClosedBecause::Deleted, at(9)));
            }
        }
    }
}

#[test]
fn an_absence_is_young_for_a_quarter_of_an_hour() {
    let now = at(9);
    for (minutes, is_young) in [(0, true), (14, true), (15, false), (100_000, false)] {
        let since = now
            .saturating_sub(SignedDuration::from_mins(minutes))
            .unwrap();
        let absence = Absence {
            since,
            accepted: None,
        };
        let stored = Account {
            absent: Some(absence),
            ..account(Approval::Approved)
        };
        let answer = absent(Absent::Unconfirmed);
        let decision = account_decided(Some(&stored), &answer, event(EventType::AccountActive, 5));
        let expected = Decision::Absent {
            record: None,
            is_young,
        };
        assert_eq!(decision, expected, "{minutes}");
    }
}

#[test]
fn closing_tells_of_the_end_of_every_order_and_reopening_of_every_one_in_force() {
    let orders = [
        entitlement(&State::Active, 1),
        entitlement(&State::Cancelled, 2),
    ];
    let stored = Account {
        company: Some("Example".to_owned()),
        ..account(Approval::Approved)
    };
    let known = StoredAccount {
        account: Some(&stored),
        orders: &orders,
    };
    let answer = absent(Absent::Confirmed);
    let closing = effect(super::account::on(known, &answer, Trigger::Reconciliation));
    assert_eq!(closing.news.first(), Some(&News::Closed));
    assert_eq!(changes(&closing), [OrderChange::AccessEnded]);
    let closed = closing.record.unwrap();
    assert_eq!(closed.company, stored.company);
    assert_eq!(closed.approval, Approval::None);
    let known = StoredAccount {
        account: Some(&closed),
        orders: &orders,
    };
    let approved = Some(marketplace::ApprovalState::Approved);
    let answer = ResourceAnswer::Found(google(approved, 1));
    let opening = effect(super::account::on(known, &answer, Trigger::Reconciliation));
    assert_eq!(opening.news.first(), Some(&News::Reopened));
    assert_eq!(changes(&opening), [OrderChange::AccessGranted]);
    let opened = opening.record.unwrap();
    assert_eq!((opened.closed, opened.approval), (None, Approval::Approved));
    assert_eq!(opened.opened, Some(at(10)));
}

#[test]
fn of_more_than_a_hundred_orders_the_news_of_the_account_says_what_their_own_do_not() {
    let orders: Vec<_> = (0..250)
        .map(|number| Entitlement {
            id: EntitlementId::parse(format!("E-{number}")).unwrap(),
            ..entitlement(&State::Active, 1)
        })
        .collect();
    let stored = account(Approval::Approved);
    let known = StoredAccount {
        account: Some(&stored),
        orders: &orders,
    };
    let answer = absent(Absent::Confirmed);
    let closing = effect(super::account::on(known, &answer, Trigger::Reconciliation));
    // It carries all orders, and goes first.
    assert_eq!(closing.news.first(), Some(&News::Closed));
    assert_eq!(changes(&closing).len(), 100);
    let closed = closing.record.unwrap();
    assert_eq!(closed.access(&orders), Access::Ended);
}

#[test]
fn what_was_set_aside_is_neither_closed_nor_noted() {
    let other = marketplace::ProviderId::parse("another-partner").ok();
    let set_aside = Account {
        provider: other.clone(),
        ..account(Approval::Approved)
    };
    let order = Entitlement {
        provider: other,
        ..entitlement(&State::Active, 1)
    };
    for absence in [Absent::Unconfirmed, Absent::Confirmed] {
        let answer = absent(absence);
        let decision = account_decided(Some(&set_aside), &answer, Trigger::Reconciliation);
        assert_eq!(decision, Decision::nothing());
        let answer = absent(absence);
        let known = stored(None, Some(&order));
        let decision = decided(
            known,
            &answer,
            Trigger::Reconciliation,
            ApprovalPolicy::Auto,
        );
        assert_eq!(decision, nothing());
    }
}

#[test]
fn a_rejected_account_stays_rejected_when_it_is_closed_and_reopened() {
    let stored = account(Approval::Rejected);
    let answer = absent(Absent::Confirmed);
    let closed = effect(account_decided(
        Some(&stored),
        &answer,
        Trigger::Reconciliation,
    ));
    let closed = closed.record.unwrap();
    assert_eq!(closed.approval, Approval::Rejected);
    let pending = Some(marketplace::ApprovalState::Pending);
    let answer = ResourceAnswer::Found(google(pending, 10_000));
    let opened = effect(account_decided(
        Some(&closed),
        &answer,
        Trigger::Reconciliation,
    ));
    assert_eq!(opened.record.unwrap().approval, Approval::Rejected);
}
