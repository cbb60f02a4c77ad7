//! Orders that Google moves to another account.

use function_tests::firestore_proxy::FirestoreProxy;
use jiff::{SignedDuration, Timestamp};
use marketplace::ProcurementAccountId;
use marketplace_simulator::{Fault, Matcher, Order};
use serde_json::json;
use store::{Approval, JournalKind, Store};

use crate::function::{ACTIVE, RENEWED, TestFunction};
use crate::results::types;

impl TestFunction {
    /// Google moves the order to an account of which nothing is stored. Answers that account.
    fn move_order(&self, order: &Order) -> ProcurementAccountId {
        let new = self.simulator.create_account();
        self.simulator.approve_account(&new).unwrap();
        let changes = json!({
            "account": self.name_of(&format!("accounts/{new}")),
            "updateTime": Timestamp::now(),
        });
        self.change_at_google(&order.entitlement, &changes);
        new
    }

    /// The order belongs to the new account, and the old one's record says that one has left.
    async fn has_moved(&self, order: &Order, new: &ProcurementAccountId) {
        let stored = self.entitlement(&order.entitlement).await.unwrap();
        assert_eq!(&stored.account, new);
        let old = self.account(&order.account).await.unwrap();
        assert!(old.order_left.is_some());
        assert!(!old.is_closed());
        for id in [&order.account, new] {
            let lines = self.journal(id, JournalKind::OrderMoved).await;
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].order.as_ref(), Some(&order.entitlement));
        }
    }
}

pub(crate) async fn a_moved_order_ends_the_old_account_s_access(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers(2).await.remove(0);
    let email = function.give_service_account(&order.account).await;
    let new = function.move_order(&order);
    function.acknowledges(RENEWED, &order.entitlement).await;
    function.has_moved(&order, &new).await;
    assert_eq!(function.times_disabled(&email), 1);
    function.reconcile().await;
    function.has_moved(&order, &new).await;
    assert_eq!(function.approval(&new).await, Approval::Approved);

    let last = function.told(&order.account);
    assert_eq!(types(&last[2..]), ["portico.access.ended"]);
    assert_eq!(last[2]["data"]["access"], "ended");
    assert_eq!(last[2]["data"]["orders"], json!([]));
    let news = function.told(&new);
    assert_eq!(types(&news), ["portico.access.granted"]);
    assert_eq!(news[0]["data"]["access"], "live");
    let orders = &news[0]["data"]["orders"];
    assert_eq!(orders[0]["entitlement"], order.entitlement.as_str());
    assert_eq!(function.times_disabled(&email), 1);
}

pub(crate) async fn of_two_orders_one_that_is_moved_leaves_access(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers(1).await.remove(0);
    let other = function.simulator.buy_again(&order.account);
    function.reconcile().await;
    let email = function.give_service_account(&order.account).await;
    let before = function.told(&order.account).len();
    let new = function.move_order(&order);
    // No message says so.
    function.reconcile().await;
    function.has_moved(&order, &new).await;
    let old = function.told(&order.account);
    assert_eq!(types(&old[before..]), ["portico.order.ended"]);
    assert_eq!(old[before]["data"]["access"], "live");
    let kept = &old[before]["data"]["orders"];
    assert_eq!(kept.as_array().unwrap().len(), 1);
    assert_eq!(kept[0]["entitlement"], other.entitlement.as_str());
    assert_eq!(types(&function.told(&new)), ["portico.access.granted"]);
    assert_eq!(function.times_disabled(&email), 0);
}

pub(crate) async fn a_move_that_was_interrupted_is_finished_by_reconciliation(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers(2).await.remove(0);
    let email = function.give_service_account(&order.account).await;
    let new = function.move_order(&order);
    let faults = function.simulator.faults();
    faults.always(Matcher::iam(), Fault::status(503));
    function.postpones(RENEWED, &order.entitlement).await;
    assert_eq!(function.times_disabled(&email), 0);
    faults.clear();
    function.reconcile().await;
    function.has_moved(&order, &new).await;
    assert_eq!(function.times_disabled(&email), 1);
    let account = function.account(&order.account).await.unwrap();
    assert!(account.service_account.unwrap().disabled.is_some());
    let old = function.told(&order.account);
    assert_eq!(types(&old[2..]), ["portico.access.ended"]);
    assert_eq!(types(&function.told(&new)), ["portico.access.granted"]);
}

#[tokio::test]
async fn an_order_that_is_moved_between_two_reads_of_it_has_moved_once() {
    let gate = FirestoreProxy::start();
    let function = TestFunction::start(gate.store()).await;
    let order = function.customers(2).await.remove(0);
    let new = function.move_order(&order);
    let as_of = |seconds| {
        let changed = Timestamp::now() + SignedDuration::from_secs(seconds);
        let account = function.name_of(&format!("accounts/{new}"));
        let changes = json!({ "account": account, "updateTime": changed });
        function.change_at_google(&order.entitlement, &changes);
    };
    // The order was read as the old account's, and is moved by another message before the new account is read. That
    // message gets an older answer of Google's, so that both have something to store.
    let account = format!("/documents/accounts/{new}");
    let held = gate.hold("/BatchGetDocuments", &account);
    as_of(1);
    let answers = tokio::join!(function.send_event(RENEWED, &order.entitlement), async {
        let release = held.arrived().await;
        as_of(0);
        let faster = function.send_event(ACTIVE, &order.entitlement).await;
        release.send(()).unwrap();
        faster
    });
    assert_eq!(answers, (204, 204));
    function.has_moved(&order, &new).await;
    let old = function.told(&order.account);
    assert_eq!(types(&old[2..]), ["portico.access.ended"]);
    assert_eq!(types(&function.told(&new)), ["portico.access.granted"]);
}
