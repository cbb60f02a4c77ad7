//! What is gone at Google.

use jiff::Timestamp;
use marketplace::EntitlementState as State;
use marketplace_simulator::{Fault, Matcher};
use store::{Approval, Commit, Store};

use crate::function::{ACTIVE, CANCELLED, DELETED, RENEWED, REQUESTED, TestFunction, soon};

pub(crate) async fn a_purged_entitlement_is_closed(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    function.lose(order.entitlement.as_str());
    function.acknowledges(DELETED, &order.entitlement).await;
    let stored = function.entitlement(&order.entitlement).await.unwrap();
    assert_eq!(stored.state, State::Cancelled);
    assert!(stored.deleted.is_some());
    // Older news finds nothing, and reopens nothing.
    function.acknowledges(CANCELLED, &order.entitlement).await;
    assert_eq!(function.entitlement(&order.entitlement).await, Some(stored));
    // One that was never stored.
    let other = function.simulator.buy_again(&order.account);
    function.lose(other.entitlement.as_str());
    function.acknowledges(DELETED, &other.entitlement).await;
    assert_eq!(function.entitlement(&other.entitlement).await, None);
}

pub(crate) async fn an_absence_waits_for_reconciliation(store: Store) {
    let (function, known) = TestFunction::with_customer(store).await;
    function.acknowledges(ACTIVE, &known.entitlement).await;
    let unknown = function.simulator.buy_again(&known.account);
    for order in [&known, &unknown] {
        function.lose(order.entitlement.as_str());
        function.postpones(CANCELLED, &order.entitlement).await;
        function.postpones(CANCELLED, &order.entitlement).await;
    }
    let before = function.entitlement(&known.entitlement).await.unwrap();
    assert_eq!(
        (before.state, before.deleted),
        (State::ActivationRequested, None)
    );
    // Google's list still has it; only by itself it is not found.
    let done = function.reconcile_once().await;
    assert_eq!(done["failed"], 0, "{done}");
    for order in [&known, &unknown] {
        function.acknowledges(CANCELLED, &order.entitlement).await;
    }
}

pub(crate) async fn an_absence_that_was_none_is_forgotten(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.lose(order.entitlement.as_str());
    function.postpones(ACTIVE, &order.entitlement).await;
    function.simulator.faults().clear();
    function.reconcile().await;
    assert!(function.is_up_to_date(&order.entitlement).await);
    function.lose(order.entitlement.as_str());
    function.postpones(RENEWED, &order.entitlement).await;
}

pub(crate) async fn a_deleted_account_leaves_a_tombstone_alone(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let email = function.give_service_account(&order.account).await;
    // Google still has it: not deleted.
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &order.account)
        .await;
    let account = function.account(&order.account).await.unwrap();
    assert!(account.deleted.is_none());
    function.lose(order.account.as_str());
    function
        .acknowledges_account_event("ACCOUNT_DELETED", &order.account)
        .await;
    let account = function.account(&order.account).await.unwrap();
    assert!(account.deleted.unwrap() <= Timestamp::now());
    assert_eq!((account.approval, account.company), (Approval::None, None));
    let links = function.store.links_of(&order.account, soon()).await;
    assert!(links.unwrap().is_empty());
    assert_eq!(function.times_disabled(&email), 1);
    assert_eq!(function.notifications(), ["portico.account.deleted"]);
    // Older news cannot reopen it.
    function.simulator.faults().clear();
    function
        .acknowledges_account_event("ACCOUNT_CREATION_REQUESTED", &order.account)
        .await;
    let account = function.account(&order.account).await.unwrap();
    assert!(account.deleted.is_some());
}

pub(crate) async fn an_ended_access_disables_the_service_account(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let email = function.give_service_account(&order.account).await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    function.simulator.cancel(&order.entitlement).unwrap();
    function.acknowledges(CANCELLED, &order.entitlement).await;
    let account = function.account(&order.account).await.unwrap();
    assert!(account.service_account.unwrap().disabled.is_some());
    function.reconcile().await;
    assert_eq!(function.times_disabled(&email), 1);
    assert_eq!(function.simulator.calls().count(&Matcher::iam()), 1);
}

pub(crate) async fn a_service_account_that_was_enabled_and_not_stored_so_is_disabled(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let email = function.give_service_account(&order.account).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    // Enabled at Google by a call that was cut off: the record says that it is disabled.
    let earlier = Some(Timestamp::UNIX_EPOCH);
    let stored = function.store.account(&order.account, soon()).await;
    let mut account = stored.unwrap().unwrap().record;
    account.service_account.as_mut().unwrap().disabled = earlier;
    let commit = Commit::new().put(&account);
    function.store.commit(commit, soon()).await.unwrap();
    function.simulator.cancel(&order.entitlement).unwrap();
    let faults = function.simulator.faults();
    faults.always(Matcher::iam(), Fault::status(503));
    function.postpones(CANCELLED, &order.entitlement).await;
    faults.clear();
    function.acknowledges(CANCELLED, &order.entitlement).await;
    assert_eq!(function.times_disabled(&email), 1);
    let account = function.account(&order.account).await.unwrap();
    assert!(account.service_account.unwrap().disabled > earlier);
}
