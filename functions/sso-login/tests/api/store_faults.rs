//! Firestore out of reach: at the start, in the middle, and between reading and recording.

use std::time::Duration;

use function_tests::firestore_proxy::{FirestoreProxy, ReservedAddress};
use function_tests::refused::Refused;
use marketplace_simulator::{Fault, Matcher};

use crate::function::{Setup, TestFunction};
use crate::order_list::OrderList;

const UNAVAILABLE: Refused =
    Refused::new(503, "store-unavailable", "the store is not available: ").retry_after("5");

/// A function whose way to the store can be closed.
async fn behind_a_gate() -> (TestFunction, FirestoreProxy) {
    let gate = FirestoreProxy::start();
    let store = gate.store();
    let setup = Setup::over(store).with_orders();
    (setup.within(Duration::from_secs(8)).start().await, gate)
}

#[tokio::test]
async fn a_store_that_is_down_at_the_start_is_a_503() {
    let closed = ReservedAddress::default();
    let setup = Setup::over(closed.store());
    let function = setup.within(Duration::from_secs(8)).start().await;
    let order = function.simulator.buy();
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, Some(&order));
    function.nobody_was_handed_over();
    let _gate = closed.open();
    // The store is there: it knows nobody.
    assert_eq!(function.browser().land(&token).await.status, 403);
}

#[tokio::test]
async fn a_store_that_goes_down_is_a_503_and_the_token_is_good_afterwards() {
    let (function, gate) = behind_a_gate().await;
    let order = function.registered().await;
    let token = function.buyers_token(&order);
    let before = function.left(&order.account).await;
    gate.close();
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, Some(&order));
    function.nobody_was_handed_over();
    gate.open();
    assert_eq!(function.left(&order.account).await, before);
    let page = function.browser().land(&token).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["order"], order.entitlement.as_str());
}

/// A hand-off that was signed and could not be recorded has left no page of ours.
#[tokio::test]
async fn a_store_that_goes_down_before_the_commit_leaves_the_token_unspent() {
    let (function, gate) = behind_a_gate().await;
    let order = function.registered().await;
    let token = function.buyers_token(&order);
    let before = function.left(&order.account).await;
    let faults = function.simulator.faults();
    let held = faults.next(Matcher::sign_jwt(), Fault::hang());
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.land(&token), async {
        held.arrived().await;
        gate.close();
        held.release();
    });
    UNAVAILABLE.check(&function, &page, Some(&order));
    assert!(!page.body.contains("portico-token"));
    gate.open();
    assert_eq!(function.left(&order.account).await, before);
    assert_eq!(function.replay(&token).await, None);
    let page = function.browser().land(&token).await;
    function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
}

#[tokio::test]
async fn a_store_that_is_down_while_the_list_is_open_loses_nothing() {
    let (function, gate) = behind_a_gate().await;
    let [order, _] = function.with_two_orders().await;
    let browser = function.browser();
    let list = OrderList::opened_by(&browser, &order).await;
    let id = order.entitlement.as_str();
    gate.close();
    UNAVAILABLE.check(&function, &browser.get(&list.target()).await, None);
    UNAVAILABLE.check(&function, &list.choose(&browser, id).await, None);
    gate.open();
    // The browser sends the same form again when the page is reloaded.
    let page = list.choose(&browser, id).await;
    assert_eq!(function.claims(&page).await["order"], id);
}
