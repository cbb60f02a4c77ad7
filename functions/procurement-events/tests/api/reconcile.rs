//! Everything compared.

use marketplace::EntitlementState as State;
use serde_json::json;
use store::{Approval, Store};

use crate::function::{EventsSetup, REQUESTED, SIGNED_UP, TestFunction};

pub(crate) async fn everything_that_was_missed_is_made_up_for(store: Store) {
    let function = TestFunction::start(store).await;
    let bought = function.simulator.buy();
    let signed_up = function.simulator.buy();
    function.begin_sign_up(&signed_up).await;
    let rejected = function.simulator.buy();
    function.begin_sign_up(&rejected).await;
    let simulator = &function.simulator;
    simulator.reject_account(&rejected.account).unwrap();
    let repaired = function.reconcile().await;
    assert!(repaired >= 5, "{repaired}");
    for order in [&bought, &signed_up, &rejected] {
        assert!(function.is_up_to_date(&order.entitlement).await);
    }
    for (order, approval, state) in [
        (&bought, Approval::None, State::ActivationRequested),
        (&signed_up, Approval::Approved, State::Active),
        (&rejected, Approval::Rejected, State::ActivationRequested),
    ] {
        assert_eq!(function.approval(&order.account).await, approval);
        assert_eq!(function.at_google(&order.entitlement).0, state);
    }
    let expected = [SIGNED_UP, "portico.access.granted"];
    assert_eq!(function.notifications(), expected);
}

pub(crate) async fn a_round_continues_where_it_was(store: Store) {
    let function = TestFunction::start(store).await;
    for _ in 0..450 {
        function.simulator.buy();
    }
    let mut calls = 0;
    let mut checked = 0;
    loop {
        calls += 1;
        let done = function.reconcile_once().await;
        checked += done["checked"].as_u64().unwrap();
        if done["finished"] == true {
            break;
        }
        assert!(calls < 50, "{done}");
    }
    // Accounts and entitlements, each once in Google's lists and once in the store.
    assert!(checked >= 1_800, "{checked}");
    for order in function.simulator.entitlements() {
        assert!(function.is_up_to_date(&order.id).await);
    }
}

pub(crate) async fn it_says_how_many_wait_for_the_operator_and_since_when(store: Store) {
    let setup = EventsSetup::over(store).with("APPROVAL_POLICY", "manual");
    let function = setup.start().await;
    let done = function.reconcile_once().await;
    assert_eq!(
        (&done["waiting"], done.get("oldest_waiting_s")),
        (&json!(0), None)
    );
    let orders = [(); 3].map(|()| function.simulator.buy());
    for order in &orders[..2] {
        function.signed_up(order).await;
    }
    // No user of the third has signed up: it waits for its customer.
    for order in &orders {
        function.acknowledges(REQUESTED, &order.entitlement).await;
    }
    let done = function.reconcile_once().await;
    assert_eq!(done["waiting"], 2, "{done}");
    let seconds = done["oldest_waiting_s"].as_i64().unwrap();
    assert!((0..60).contains(&seconds), "{done}");
    for order in &orders[..2] {
        let simulator = &function.simulator;
        simulator.approve_entitlement(&order.entitlement).unwrap();
    }
    function.reconcile().await;
    assert_eq!(function.reconcile_once().await["waiting"], 0);
}
