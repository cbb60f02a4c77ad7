//! What is published and kept at an end.

use approval::ApprovalPolicy;
use marketplace::{ApprovalState, EntitlementId, EntitlementState as State, ProcurementAccountId};
use outbox::{News, OrderChange};
use store::{Absence, Account, Approval, Closed, ClosedBecause, Entitlement};

use super::account::{google, on};
use super::entitlement::{decided, event, reconciled};
use super::records::{
    account, at, changes, effect, entitlement, found, stored, with_service_account,
};
use crate::decide::{Absent, ResourceAnswer, StoredAccount, erased};
use crate::{EventType, Trigger};

#[test]
fn of_very_many_orders_a_hundred_are_told_one_by_one() {
    let orders: Vec<_> = (0..150)
        .map(|number| Entitlement {
            id: EntitlementId::parse(format!("E-{number}")).unwrap(),
            ..entitlement(&State::Active, 1)
        })
        .collect();
    let open = account(Approval::Approved);
    let closed = Account {
        closed: Some(Closed {
            at: at(5),
            because: ClosedBecause::Absent,
        }),
        ..account(Approval::None)
    };
    let gone = ResourceAnswer::Absent(Absent::Confirmed, at(9));
    let back = ResourceAnswer::Found(google(Some(ApprovalState::Approved), 6));
    for (account, answer, first, change) in [
        (&open, gone, News::Closed, OrderChange::AccessEnded),
        (&closed, back, News::Reopened, OrderChange::AccessGranted),
    ] {
        let known = StoredAccount {
            account: Some(account),
            orders: &orders,
        };
        let effect = effect(on(known, &answer, Trigger::Reconciliation));
        assert_eq!(effect.news.first(), Some(&first));
        assert_eq!(changes(&effect), vec![change; 100]);
    }
}

#[test]
fn an_order_that_had_ended_before_google_purges_it_ended_then() {
    let absent = Absence {
        since: at(7),
        accepted: None,
    };
    for (state, end) in [(State::Cancelled, 5), (State::Active, 7)] {
        let before = Entitlement {
            absent: Some(absent),
            ..entitlement(&state, 5)
        };
        let answer = ResourceAnswer::Absent(Absent::Unconfirmed, at(9));
        let known = stored(None, Some(&before));
        let trigger = event(EventType::Deleted, 8);
        let decision = decided(known, &answer, trigger, ApprovalPolicy::Auto);
        let tombstone = effect(decision).record.unwrap();
        assert_eq!(tombstone.deleted, Some(at(end)), "{state:?}");
    }
}

#[test]
fn erasing_keeps_which_service_account_may_have_to_be_disabled() {
    for disabled in [None, Some(at(3))] {
        let closed = Account {
            company: Some("Example".to_owned()),
            ..with_service_account(account(Approval::None), disabled)
        };
        let erased = erased(&closed, at(9));
        assert_eq!(erased.service_account, closed.service_account);
        assert_eq!((erased.company, erased.erased), (None, Some(at(9))));
    }
}

#[test]
fn an_older_answer_about_another_account_does_not_end_an_absence() {
    let absent = Absence {
        since: at(7),
        accepted: None,
    };
    for (account, is_found) in [("A-1", true), ("A-0", false)] {
        let before = Entitlement {
            account: ProcurementAccountId::parse(account).unwrap(),
            absent: Some(absent),
            ..entitlement(&State::Active, 5)
        };
        let answer = found(&State::Active, 4);
        let effect = effect(reconciled(stored(None, Some(&before)), &answer));
        let record = is_found.then(|| Entitlement {
            absent: None,
            ..before.clone()
        });
        assert_eq!(effect.record, record);
    }
}
