//! What Google has not found for a day.

use jiff::SignedDuration;
use marketplace::EntitlementState as State;
use store::{Approval, ClosedBecause, JournalKind, Store};

use crate::function::{TestFunction, in_all, soon};
use crate::results::types;

pub(crate) async fn an_absent_account_is_closed_after_a_day(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let (gone, young) = (&orders[0].account, &orders[1].account);
    function.simulator.buy_again(gone);
    function.reconcile().await;
    let email = function.give_service_account(gone).await;
    let before = function.told(gone).len();
    function.lose_account(gone, 25).await;
    function.lose_account(young, 23).await;
    // Nothing is confirmed before everything was counted.
    let round = function.count_anew().await;
    assert_eq!(round.last().unwrap()["absent"], 2, "{round:?}");
    assert!(function.is_open(gone).await);
    assert_eq!(in_all(&function.round().await, "repaired"), 1);

    let account = function.account(gone).await.unwrap();
    assert_eq!(account.closed.unwrap().because, ClosedBecause::Absent);
    assert_eq!((account.approval, account.absent), (Approval::None, None));
    assert_eq!((account.erased, account.company.is_some()), (None, true));
    assert!(account.service_account.unwrap().disabled.is_some());
    assert_eq!(function.times_disabled(&email), 1);
    assert_eq!(function.personal_data(gone).await.0, 1);
    let told = function.told(gone);
    let expected = [
        "portico.account.closed",
        "portico.access.ended",
        "portico.access.ended",
    ];
    assert_eq!(types(&told[before..]), expected);
    assert_eq!(told[before]["data"]["access"], "ended");
    let lines = function.journal(gone, JournalKind::AccountClosed).await;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].details["because"], "absent");
    assert!(lines[0].details.contains_key("absent_since"));

    assert!(function.is_open(young).await);
    function.find_again();
    function.round().await;
    assert_eq!(function.account(young).await.unwrap().absent, None);
    assert_eq!(function.told(young).len(), 2);
}

pub(crate) async fn an_absent_order_is_ended_after_a_day(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let (gone, young) = (&orders[0], &orders[1].entitlement);
    let email = function.give_service_account(&gone.account).await;
    function.lose_order(&gone.entitlement, 25).await;
    function.lose_order(young, 23).await;
    let stored = function.entitlement(&gone.entitlement).await.unwrap();
    let since = stored.absent.unwrap().since;
    function.count_anew().await;
    assert!(function.is_in_force(&gone.entitlement).await);
    function.round().await;

    let stored = function.entitlement(&gone.entitlement).await.unwrap();
    assert_eq!((stored.state, stored.absent), (State::Cancelled, None));
    // Usage counts until it was first absent.
    assert_eq!(stored.deleted, Some(since));
    assert!(stored.absence_confirmed > Some(since));
    assert!(function.is_open(&gone.account).await);
    assert_eq!(function.times_disabled(&email), 1);
    let told = function.told(&gone.account);
    assert_eq!(types(&told[2..]), ["portico.access.ended"]);
    let lines = function
        .journal(&gone.account, JournalKind::OrderClosed)
        .await;
    assert_eq!(lines[0].order.as_ref(), Some(&gone.entitlement));
    assert_eq!(lines[0].details["because"], "absent");

    assert!(function.is_in_force(young).await);
    function.find_again();
    function.round().await;
    assert_eq!(function.entitlement(young).await.unwrap().absent, None);
}

pub(crate) async fn an_old_count_confirms_nothing(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(3).await;
    function.lose_account(&orders[0].account, 25).await;
    let counted = function.store.cursor("reconcile-counted", soon()).await;
    let mut counted = counted.unwrap().unwrap().record;
    counted.updated -= SignedDuration::from_hours(7);
    function.put(&counted).await;
    function.round().await;
    assert!(function.is_open(&orders[0].account).await);
    function.round().await;
    assert!(!function.is_open(&orders[0].account).await);
}
