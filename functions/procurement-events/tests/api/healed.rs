//! What Google has again.

use jiff::{SignedDuration, Timestamp};
use marketplace::EntitlementState as State;
use store::{Approval, Closed, ClosedBecause, JournalKind, Store};

use crate::deletions::order_deleted;
use crate::function::{RENEWED, SIGNED_UP, TestFunction};
use crate::results::types;

pub(crate) async fn an_account_that_google_has_again_is_reopened(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let gone = &orders[..2];
    for order in gone {
        function.lose_account(&order.account, 25).await;
    }
    function.count_anew().await;
    function.round().await;
    for order in gone {
        assert!(function.account(&order.account).await.unwrap().is_closed());
    }
    function.find_again();
    // By an event, and by reconciliation.
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &gone[0].account)
        .await;
    assert!(function.is_open(&gone[0].account).await);
    assert!(!function.is_open(&gone[1].account).await);
    function.round().await;
    for order in gone {
        let account = function.account(&order.account).await.unwrap();
        assert_eq!(account.approval, Approval::Approved);
        assert_eq!((account.closed, account.absent), (None, None));
        assert!(account.opened.is_some());
        let told = function.told(&order.account);
        let expected = [
            SIGNED_UP,
            "portico.access.granted",
            "portico.account.closed",
            "portico.access.ended",
            "portico.account.reopened",
            "portico.access.granted",
        ];
        assert_eq!(types(&told), expected);
        let access = told.iter().map(|event| event["data"]["access"].as_str());
        let access: Vec<_> = access.map(Option::unwrap).collect();
        assert_eq!(access[2..], ["ended", "ended", "live", "live"]);
        let kind = JournalKind::AccountReopened;
        assert_eq!(function.journal(&order.account, kind).await.len(), 1);
    }
    assert_eq!(function.reconcile().await, 0);
}

pub(crate) async fn after_google_s_own_deletion_only_something_newer_reopens(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(2).await;
    let [closed, erased] = [&orders[0].account, &orders[1].account];
    let deleted_at = async |at: Timestamp| {
        function
            .change_account(closed, |account| {
                account.approval = Approval::None;
                account.closed = Some(Closed {
                    at,
                    because: ClosedBecause::Deleted,
                });
            })
            .await;
        // As earlier versions closed and erased at once.
        function
            .change_account(erased, |account| {
                account.approval = Approval::None;
                account.company = None;
                account.erased = Some(at);
            })
            .await;
    };
    deleted_at(Timestamp::now()).await;
    function.round().await;
    for id in [closed, erased] {
        assert!(function.account(id).await.unwrap().is_closed());
        assert_eq!(function.told(id).len(), 2);
    }
    // Google has changed both of them later.
    deleted_at(Timestamp::now() - SignedDuration::from_hours(1)).await;
    function.round().await;
    for id in [closed, erased] {
        assert!(function.is_open(id).await);
        let expected = ["portico.account.reopened", "portico.access.granted"];
        assert_eq!(types(&function.told(id)[2..]), expected);
    }
}

pub(crate) async fn an_erased_account_that_was_only_absent_is_reopened(store: Store) {
    let function = TestFunction::start(store).await;
    let id = function.customers(1).await.remove(0).account;
    let now = Timestamp::now();
    function
        .change_account(&id, |account| {
            account.approval = Approval::None;
            account.closed = Some(Closed {
                at: now,
                because: ClosedBecause::Absent,
            });
            account.erased = Some(now);
        })
        .await;
    function.round().await;
    let account = function.account(&id).await.unwrap();
    assert_eq!((account.closed, account.erased), (None, None));
    assert_eq!(account.approval, Approval::Approved);
}

pub(crate) async fn an_order_that_google_has_again_is_in_force_again(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let gone = &orders[..2];
    for order in gone {
        function.lose_order(&order.entitlement, 25).await;
    }
    function.count_anew().await;
    function.round().await;
    for order in gone {
        let stored = function.entitlement(&order.entitlement).await.unwrap();
        assert!(stored.absence_confirmed.is_some());
    }
    function.find_again();
    // By an event, and by reconciliation.
    function.acknowledges(RENEWED, &gone[0].entitlement).await;
    assert!(function.is_in_force(&gone[0].entitlement).await);
    function.round().await;
    for order in gone {
        let stored = function.entitlement(&order.entitlement).await.unwrap();
        assert_eq!(stored.state, State::Active);
        assert_eq!((stored.deleted, stored.absence_confirmed), (None, None));
        let expected = [
            SIGNED_UP,
            "portico.access.granted",
            "portico.access.ended",
            "portico.access.granted",
        ];
        assert_eq!(types(&function.told(&order.account)), expected);
        let kind = JournalKind::OrderReopened;
        assert_eq!(function.journal(&order.account, kind).await.len(), 1);
    }
    assert_eq!(function.reconcile().await, 0);
}

pub(crate) async fn an_order_that_google_deleted_is_reopened_by_a_change_alone(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers(2).await.remove(0);
    let id = &order.entitlement;
    function.lose(id.as_str());
    let deleted = order_deleted(id, Some(Timestamp::now()));
    assert_eq!(function.deliver(&deleted).await, 204);
    function.find_again();
    function.acknowledges(RENEWED, id).await;
    function.round().await;
    let stored = function.entitlement(id).await.unwrap();
    assert_eq!(stored.state, State::Cancelled);
    assert!(stored.deleted.is_some());
    let before = function.told(&order.account).len();
    function.simulator.cancel_at_term_end(id).unwrap();
    function.round().await;
    assert!(function.is_up_to_date(id).await);
    assert_eq!(function.entitlement(id).await.unwrap().deleted, None);
    let expected = ["portico.access.granted", "portico.cancellation.scheduled"];
    assert_eq!(types(&function.told(&order.account)[before..]), expected);
}
