//! Work cut off after each outbound call in turn.

use std::collections::BTreeSet;

use marketplace::EntitlementState as State;
use marketplace_simulator::{Fault, Matcher};
use store::Store;

use crate::function::{REQUESTED, TestFunction};

/// More calls than an event makes.
const MANY: usize = 20;

pub(crate) async fn a_purchase_interrupted_after_any_call_is_completed_by_reconciliation(
    store: Store,
) {
    let function = TestFunction::start(store).await;
    // The token and the keys are fetched once.
    function.customer().await;
    for moment in [Fault::cut(), Fault::cut().after_effect()] {
        for n in 1..MANY {
            let order = function.simulator.buy();
            function.begin_sign_up(&order).await;
            let cut = function
                .simulator
                .faults()
                .from_nth(n, Matcher::any(), moment);
            let status = function.send_event(REQUESTED, &order.entitlement).await;
            function.simulator.faults().clear();
            assert!(matches!(status, 204 | 503), "{n}: {status}");
            function.reconcile().await;
            assert_eq!(
                function.at_google(&order.entitlement),
                (State::Active, 1),
                "{n}"
            );
            let account = function.simulator.account(&order.account).unwrap();
            assert_eq!(account.times_approved, 1, "{n}");
            assert!(function.is_up_to_date(&order.entitlement).await, "{n}");
            if cut.hits() == 0 {
                assert!(n > 3, "an event makes more than {n} calls");
                break;
            }
        }
    }
    // At least once each: an answer of the topic's may have been cut off too.
    let published = function.published().into_iter();
    let granted = published.filter(|event| event["type"] == "portico.access.granted");
    let granted: BTreeSet<_> = granted.map(|event| event["id"].to_string()).collect();
    let orders = function.simulator.entitlements().into_iter();
    let live = orders.filter(|order| order.state.is_live()).count();
    assert_eq!(granted.len(), live);
}
