//! What is gone at Google.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementId, EntitlementState as State, ProcurementAccountId};
use marketplace_simulator::{Fault, Matcher};
use serde_json::{Value, json};
use store::{Approval, ClosedBecause, Commit, Document, Store};

use crate::function::{ACTIVE, CANCELLED, DELETED, REQUESTED, TestFunction, soon};

/// That Google deleted an order, at this time if the message says when.
pub(crate) fn order_deleted(id: &EntitlementId, when: Option<Timestamp>) -> Value {
    json!({
        "eventType": DELETED,
        "eventId": format!("DELETE_ENTITLEMENT-{id}"),
        "entitlement": { "id": id, "updateTime": when },
    })
}

/// That Google deleted an account, at this time if the message says when.
pub(crate) fn account_deleted(id: &ProcurementAccountId, when: Option<Timestamp>) -> Value {
    json!({
        "eventType": "ACCOUNT_DELETED",
        "eventId": format!("DELETE_ACCOUNT-{id}"),
        "account": { "id": id, "updateTime": when },
    })
}

/// Longer ago than Pub/Sub keeps a message.
fn long_ago() -> Timestamp {
    Timestamp::now() - SignedDuration::from_hours(31 * 24)
}

pub(crate) async fn a_purged_entitlement_is_closed(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.active_customer().await;
    function.lose(order.entitlement.as_str());
    let purged = order_deleted(&order.entitlement, Some(Timestamp::now()));
    assert_eq!(function.deliver(&purged).await, 204);
    let stored = function.entitlement(&order.entitlement).await.unwrap();
    assert_eq!(stored.state, State::Cancelled);
    assert!(stored.deleted.is_some());
    assert_eq!(stored.absence_confirmed, None);
    assert_eq!(function.changes("portico.access.ended").await, 1);
    // Older news finds nothing, and reopens nothing.
    function.acknowledges(CANCELLED, &order.entitlement).await;
    assert_eq!(function.entitlement(&order.entitlement).await, Some(stored));
    // One that was never stored.
    let other = function.simulator.buy_again(&order.account);
    function.lose(other.entitlement.as_str());
    function.acknowledges(DELETED, &other.entitlement).await;
    assert_eq!(function.entitlement(&other.entitlement).await, None);
}

pub(crate) async fn an_older_deletion_of_an_order_ends_nothing(store: Store) {
    let function = TestFunction::start(store).await;
    let now = Timestamp::now();
    // What the message itself says counts; if it says nothing, when it was published.
    for (says, published) in [(Some(long_ago()), now), (None, long_ago())] {
        let order = function.active_customer().await;
        function.lose(order.entitlement.as_str());
        let replayed = order_deleted(&order.entitlement, says);
        assert_eq!(function.deliver_published(&replayed, published).await, 503);
        let stored = function.entitlement(&order.entitlement).await.unwrap();
        assert_eq!((stored.state, stored.deleted), (State::Active, None));
        let says = says.map(|_| Timestamp::now());
        let newer = order_deleted(&order.entitlement, says);
        assert_eq!(function.deliver(&newer).await, 204);
        let stored = function.entitlement(&order.entitlement).await.unwrap();
        assert_eq!(stored.state, State::Cancelled);
        assert!(stored.deleted.is_some());
    }
}

pub(crate) async fn a_deleted_account_is_closed_and_not_erased(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let id = &order.account;
    let email = function.give_service_account(id).await;
    // Google still has it: not deleted.
    function
        .acknowledges_account_event("ACCOUNT_DELETED", id)
        .await;
    assert!(function.is_open(id).await);
    function.lose(id.as_str());
    let deleted = account_deleted(id, Some(Timestamp::now()));
    assert_eq!(function.deliver(&deleted).await, 204);
    let account = function.account(id).await.unwrap();
    let closed = account.closed.unwrap();
    assert_eq!(closed.because, ClosedBecause::Deleted);
    assert!(closed.at <= Timestamp::now());
    assert_eq!((account.approval, account.erased), (Approval::None, None));
    assert_eq!(account.company.as_deref(), Some("Example"));
    let links = function.store.links_of(id, soon()).await;
    assert_eq!(links.unwrap().len(), 1);
    assert_eq!(function.times_disabled(&email), 1);
    assert_eq!(function.changes("portico.account.closed").await, 1);
    assert_eq!(function.changes("portico.account.deleted").await, 0);
    // Older news cannot reopen it.
    function.simulator.faults().clear();
    function
        .acknowledges_account_event("ACCOUNT_CREATION_REQUESTED", id)
        .await;
    assert!(function.account(id).await.unwrap().is_closed());
}

pub(crate) async fn a_deleted_account_s_live_orders_end(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.active_customer().await;
    function.lose(order.account.as_str());
    // The message says nothing of its age; Pub/Sub does.
    let deleted = account_deleted(&order.account, None);
    assert_eq!(function.deliver(&deleted).await, 204);
    assert!(function.account(&order.account).await.unwrap().is_closed());
    for kind in ["portico.account.closed", "portico.access.ended"] {
        assert_eq!(function.changes(kind).await, 1, "{kind}");
    }
}

pub(crate) async fn a_deletion_before_the_last_sign_up_closes_nothing(store: Store) {
    let function = TestFunction::start(store).await;
    let now = Timestamp::now();
    for (says, published) in [(Some(long_ago()), now), (None, long_ago())] {
        let id = function.active_customer().await.account;
        function.signs_up_again(&id).await;
        function.lose(id.as_str());
        let replayed = account_deleted(&id, says);
        assert_eq!(function.deliver_published(&replayed, published).await, 503);
        assert!(function.is_open(&id).await);
        let says = says.map(|_| Timestamp::now());
        assert_eq!(function.deliver(&account_deleted(&id, says)).await, 204);
        assert!(function.account(&id).await.unwrap().is_closed());
    }
}

pub(crate) async fn a_deletion_replayed_after_a_month_closes_no_later_sign_up(store: Store) {
    let function = TestFunction::start(store).await;
    for says_when in [true, false] {
        let id = function.active_customer().await.account;
        function.lose(id.as_str());
        let published = Timestamp::now();
        let deleted = account_deleted(&id, says_when.then_some(published));
        assert_eq!(function.deliver_published(&deleted, published).await, 204);
        assert!(function.account(&id).await.unwrap().is_closed());
        function.signs_up_again(&id).await;
        // Meanwhile the receipts have expired.
        let receipts = function.events_with_outcome("stored").await;
        let commit = receipts.iter().fold(Commit::new(), |commit, receipt| {
            commit.delete(Document::event(&receipt.id))
        });
        function.store.commit(commit, soon()).await.unwrap();
        assert_eq!(function.deliver_published(&deleted, published).await, 503);
        assert!(function.is_open(&id).await);
    }
}

pub(crate) async fn only_a_deletion_of_that_resource_is_one(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.active_customer().await;
    let (id, account) = (&order.entitlement, &order.account);
    function.lose(id.as_str());
    function.lose(account.as_str());
    let now = Timestamp::now();
    let about_order = json!({ "id": id, "updateTime": now });
    let about_account = json!({ "id": account, "updateTime": now });
    for message in [
        json!({ "eventType": "ENTITLEMENT_PURGED", "entitlement": about_order }),
        json!({ "eventType": "ENTITLEMENT_DELETED_FOR_GOOD", "entitlement": about_order }),
        json!({ "eventType": "ACCOUNT_DELETED", "entitlement": about_order }),
        json!({ "entitlement": about_order }),
        json!({ "eventType": "ACCOUNT_REMOVED", "account": about_account }),
        json!({ "eventType": DELETED, "account": about_account }),
        json!({ "account": about_account }),
    ] {
        assert_eq!(function.deliver(&message).await, 503, "{message}");
    }
    assert!(function.is_open(account).await);
    let stored = function.entitlement(id).await.unwrap();
    assert_eq!((stored.state, stored.deleted), (State::Active, None));
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
