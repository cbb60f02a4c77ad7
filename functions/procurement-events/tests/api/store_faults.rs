//! Firestore out of reach: at the start, in the middle, and while Google approves.

use function_tests::firestore_proxy::FirestoreProxy;
use marketplace::EntitlementState as State;
use marketplace_simulator::{Fault, Matcher, Order};
use store::Approval;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::function::{ACTIVE, REQUESTED, TestFunction};
use crate::pushed::envelope;

async fn behind_a_gate() -> (TestFunction, FirestoreProxy) {
    let gate = FirestoreProxy::start();
    (TestFunction::start(gate.store()).await, gate)
}

async fn signing_up_behind_a_gate() -> (TestFunction, FirestoreProxy, Order) {
    let (function, gate) = behind_a_gate().await;
    let order = function.simulator.buy();
    function.begin_sign_up(&order).await;
    (function, gate, order)
}

/// Both routes say that the store is away and when to come again.
async fn is_away(function: &TestFunction, order: &Order) {
    let event = function.message(REQUESTED, &order.entitlement);
    let event = envelope(event.to_string().as_bytes());
    for (path, caller, body) in [
        ("/events", PUSH, event),
        ("/reconcile", SCHEDULER, Vec::new()),
    ] {
        let token = function.simulator.identity_token(caller, AUDIENCE);
        let answer = function.send(path, Some(&token), body).await;
        assert_eq!(answer.status().as_u16(), 503, "{path}");
        assert_eq!(answer.headers()["retry-after"], "10", "{path}");
        let problem = answer.text().await.unwrap();
        let code = r#""code":"store-unavailable""#;
        assert!(problem.contains(code), "{problem}");
    }
}

/// The order is approved and in step, once each, and the application hears of it once.
async fn ended_well(function: &TestFunction, order: &Order) {
    function.acknowledges(ACTIVE, &order.entitlement).await;
    assert!(function.is_up_to_date(&order.entitlement).await);
    assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
    let account = function.simulator.account(&order.account).unwrap();
    assert_eq!(account.times_approved, 1);
    assert_eq!(function.approval(&order.account).await, Approval::Approved);
    assert_eq!(function.changes("portico.access.granted").await, 1);
    // There is nothing left to repair.
    assert_eq!(function.reconcile().await, 0);
}

#[tokio::test]
async fn a_store_that_is_down_is_a_503_before_google_is_asked() {
    let (function, gate) = behind_a_gate().await;
    let order = function.simulator.buy();
    gate.close();
    is_away(&function, &order).await;
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    gate.open();
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    function.begin_sign_up(&order).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    ended_well(&function, &order).await;
}

/// Closes the gate while Google answers this call, and opens it after the event was answered with 503.
async fn fails_while_closing(
    function: &TestFunction,
    gate: &FirestoreProxy,
    order: &Order,
    call: Matcher,
) {
    let held = function.simulator.faults().next(call, Fault::hang());
    let ((), ()) = tokio::join!(function.postpones(REQUESTED, &order.entitlement), async {
        held.arrived().await;
        gate.close();
        held.release();
    });
    gate.open();
}

#[tokio::test]
async fn a_store_that_goes_down_while_google_is_asked_leaves_nothing_half_done() {
    let (function, gate, order) = signing_up_behind_a_gate().await;
    let asked = Matcher::procurement().method(http::Method::GET);
    fails_while_closing(&function, &gate, &order, asked).await;
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    let at_google = function.simulator.account(&order.account).unwrap();
    assert_eq!(at_google.times_approved, 0);
    function.acknowledges(REQUESTED, &order.entitlement).await;
    ended_well(&function, &order).await;
}

#[tokio::test]
async fn a_store_that_goes_down_while_google_approves_is_caught_up_by_the_next_delivery() {
    for approval in ["/accounts/", "/entitlements/"] {
        let (function, gate, order) = signing_up_behind_a_gate().await;
        let approved = Matcher::procurement()
            .method(http::Method::POST)
            .path(approval);
        fails_while_closing(&function, &gate, &order, approved).await;
        let at_google = function.simulator.account(&order.account).unwrap();
        assert_eq!(at_google.times_approved, 1);
        function.acknowledges(REQUESTED, &order.entitlement).await;
        ended_well(&function, &order).await;
    }
}

#[tokio::test]
async fn a_store_that_goes_down_while_google_approves_is_caught_up_by_reconciliation() {
    let (function, gate, order) = signing_up_behind_a_gate().await;
    let approved = Matcher::procurement()
        .method(http::Method::POST)
        .path("/accounts/");
    fails_while_closing(&function, &gate, &order, approved).await;
    assert!(function.reconcile().await > 0);
    ended_well(&function, &order).await;
}

#[tokio::test]
async fn a_store_that_goes_down_while_everything_is_compared_is_caught_up_by_the_next_round() {
    let (function, gate, order) = signing_up_behind_a_gate().await;
    for call in [":approve", "/accounts", "/entitlements"] {
        let call = Matcher::procurement().path(call);
        let held = function.simulator.faults().next(call, Fault::hang());
        let token = function.simulator.identity_token(SCHEDULER, AUDIENCE);
        let (answer, ()) = tokio::join!(
            function.send("/reconcile", Some(&token), Vec::new()),
            async {
                held.arrived().await;
                gate.close();
                held.release();
            }
        );
        gate.open();
        assert_eq!(answer.status().as_u16(), 503);
        assert_eq!(answer.headers()["retry-after"], "10");
    }
    function.reconcile().await;
    ended_well(&function, &order).await;
}
