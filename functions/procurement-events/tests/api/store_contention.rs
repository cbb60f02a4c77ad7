//! Several who change one account at once.

use std::sync::Arc;

use function_tests::firestore_proxy::{FirestoreProxy, Held};
use marketplace::{EntitlementId, EntitlementState as State};
use store::Store;
use tokio::task::JoinSet;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::function::{ACTIVE, CANCELLED, REQUESTED, SIGNED_UP, TestFunction};
use crate::pushed::envelope;

/// Orders of the one account.
const ORDERS: usize = 24;

pub(crate) async fn many_deliveries_to_one_account_converge(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let orders = orders_of_one_account(&function).await;
    for kind in [REQUESTED, ACTIVE] {
        send_until_acknowledged(&function, kind, orders.clone()).await;
    }
    converged(&function, &orders).await;
}

pub(crate) async fn deliveries_and_reconciliation_at_once_converge(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let orders = orders_of_one_account(&function).await;
    let token = function.simulator.identity_token(SCHEDULER, AUDIENCE);
    let reconcile = || function.post("/reconcile", Some(&token), Vec::new());
    let ((), first, second) = tokio::join!(
        send_until_acknowledged(&function, REQUESTED, orders.clone()),
        reconcile(),
        reconcile(),
    );
    for (status, body) in [first, second] {
        assert!([200, 503].contains(&status), "{body}");
    }
    function.reconcile().await;
    converged(&function, &orders).await;
}

/// Bought, and the account's sign-up was cut off.
async fn orders_of_one_account(function: &TestFunction) -> Vec<EntitlementId> {
    let first = function.simulator.buy();
    function.begin_sign_up(&first).await;
    let others = (1..ORDERS).map(|_| function.simulator.buy_again(&first.account).entitlement);
    others.chain([first.entitlement]).collect()
}

/// Everything is approved and notified once, and nothing is left to repair.
async fn converged(function: &TestFunction, orders: &[EntitlementId]) {
    for order in orders {
        assert!(function.is_up_to_date(order).await);
        assert_eq!(function.at_google(order), (State::Active, 1));
    }
    for account in function.simulator.accounts() {
        assert_eq!(account.times_approved, 1);
    }
    assert_eq!(function.changes("portico.access.granted").await, ORDERS);
    assert_eq!(function.reconcile().await, 0);
}

/// All at once, and again those that were not acknowledged.
async fn send_until_acknowledged(
    function: &Arc<TestFunction>,
    kind: &'static str,
    mut waiting: Vec<EntitlementId>,
) {
    // Somebody gets through in each round.
    for _ in 0..ORDERS {
        let mut deliveries = JoinSet::new();
        for order in waiting {
            let function = Arc::clone(function);
            deliveries.spawn(async move { (function.send_event(kind, &order).await, order) });
        }
        let answers = deliveries.join_all().await;
        assert!(
            answers
                .iter()
                .all(|(status, _)| [204, 503].contains(status))
        );
        let refused = answers.into_iter().filter(|(status, _)| *status == 503);
        waiting = refused.map(|(_, order)| order).collect();
        if waiting.is_empty() {
            return;
        }
    }
    panic!("some are never taken");
}

/// Two orders of a new customer, which were both in force, and were cancelled at Google.
async fn two_cancelled_orders(function: &TestFunction) -> [EntitlementId; 2] {
    let first = function.customer().await;
    let second = function.simulator.buy_again(&first.account);
    let orders = [first.entitlement, second.entitlement];
    for order in &orders {
        for kind in [REQUESTED, ACTIVE] {
            function.acknowledges(kind, order).await;
        }
    }
    for order in &orders {
        function.simulator.cancel(order).unwrap();
    }
    orders
}

/// Delivers the end of the first order, which waits where it is held until the end of the second was
/// delivered.
async fn second_overtakes_first(function: &TestFunction, orders: &[EntitlementId; 2], held: Held) {
    let ended = tokio::join!(function.send_event(CANCELLED, &orders[0]), async {
        let release = held.arrived().await;
        let second = function.send_event(CANCELLED, &orders[1]).await;
        release.send(()).unwrap();
        second
    });
    assert_eq!(ended, (204, 204));
}

pub(crate) async fn of_two_orders_that_end_at_once_one_is_the_last(store: Store) {
    let function = TestFunction::start(store).await;
    for round in 1..=10 {
        let orders = two_cancelled_orders(&function).await;
        let ended = tokio::join!(
            function.send_event(CANCELLED, &orders[0]),
            function.send_event(CANCELLED, &orders[1]),
        );
        assert_eq!(ended, (204, 204));
        assert_eq!(function.changes("portico.order.ended").await, round);
        assert_eq!(function.changes("portico.access.ended").await, round);
    }
}

#[tokio::test]
async fn a_decision_is_made_from_nothing_older_than_its_account() {
    let gate = FirestoreProxy::start();
    let function = TestFunction::start(gate.store()).await;
    let orders = two_cancelled_orders(&function).await;
    let account = function.entitlement(&orders[0]).await.unwrap().account;
    // The first waits for the account while the second is followed to its end.
    let held = gate.hold(
        "/BatchGetDocuments",
        &format!("/documents/accounts/{account}"),
    );
    second_overtakes_first(&function, &orders, held).await;
    let expected = [
        SIGNED_UP,
        "portico.access.granted",
        "portico.access.granted",
        "portico.order.ended",
        "portico.access.ended",
    ];
    assert_eq!(function.notifications(), expected);
}

#[tokio::test]
async fn a_commit_that_others_are_faster_than_is_made_again_from_what_they_stored() {
    let gate = FirestoreProxy::start();
    let function = TestFunction::start(gate.store()).await;
    let orders = two_cancelled_orders(&function).await;
    let held = gate.hold("/Commit", &format!("/documents/entitlements/{}", orders[0]));
    second_overtakes_first(&function, &orders, held).await;
    for order in &orders {
        assert!(function.is_up_to_date(order).await);
    }
    assert_eq!(
        function.notifications()[3..],
        ["portico.order.ended", "portico.access.ended"]
    );
}

#[tokio::test]
async fn a_commit_that_others_are_always_faster_than_is_delivered_again() {
    let gate = FirestoreProxy::start();
    let function = TestFunction::start(gate.store()).await;
    let order = function.customer().await;
    gate.refuse("/Commit");
    let event = function.message(REQUESTED, &order.entitlement);
    let token = function.simulator.identity_token(PUSH, AUDIENCE);
    let event = envelope(event.to_string().as_bytes());
    let answer = function.send("/events", Some(&token), event).await;
    assert_eq!(answer.status().as_u16(), 503);
    assert_eq!(answer.headers()["retry-after"], "10");
    let problem = answer.text().await.unwrap();
    assert!(problem.contains(r#""code":"store-contended""#), "{problem}");
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    assert_eq!(function.at_google(&order.entitlement).1, 0);
    gate.refuse_no_more();
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert!(!function.is_up_to_date(&order.entitlement).await);
    function.acknowledges(ACTIVE, &order.entitlement).await;
    assert!(function.is_up_to_date(&order.entitlement).await);
    assert_eq!(function.at_google(&order.entitlement).1, 1);
}
