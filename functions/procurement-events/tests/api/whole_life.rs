//! The messages that the simulated Marketplace sends by itself, delivered as Pub/Sub does.

use marketplace::{EntitlementState as State, PlanId};
use store::{Approval, ClosedBecause, Store};

use crate::environment::{AUDIENCE, PUSH};
use crate::function::{SIGNED_UP, TestFunction};

pub(crate) async fn a_customer_s_whole_life_is_followed(store: Store) {
    let function = TestFunction::start(store).await;
    let simulator = &function.simulator;
    simulator.push_to(&format!("{}/events", function.origin), PUSH, AUDIENCE);
    // Bought before the sign-up, and after it.
    let first = simulator.buy();
    simulator.delivered().await;
    assert!(function.is_up_to_date(&first.entitlement).await);
    assert_eq!(function.approval(&first.account).await, Approval::None);
    function.begin_sign_up(&first).await;
    let second = simulator.buy_again(&first.account);
    simulator.delivered().await;
    for order in [&first, &second] {
        assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
        assert!(function.is_up_to_date(&order.entitlement).await);
    }
    let (id, plan) = (&first.entitlement, PlanId::parse("standard-plan").unwrap());
    simulator.request_plan_change(id, &plan).unwrap();
    simulator.delivered().await;
    simulator.cancel_at_term_end(id).unwrap();
    simulator.delivered().await;
    simulator.revert_cancellation(id).unwrap();
    simulator.delivered().await;
    for order in [&first, &second] {
        simulator.cancel(&order.entitlement).unwrap();
        simulator.delivered().await;
    }
    simulator.delete_account(&first.account).unwrap();
    simulator.delivered().await;
    assert!(simulator.dead_letters().is_empty());
    let account = function.account(&first.account).await.unwrap();
    assert_eq!(
        account.closed.map(|closed| closed.because),
        Some(ClosedBecause::Deleted)
    );
    assert_eq!(account.erased, None);
    for order in [&first, &second] {
        let stored = function.entitlement(&order.entitlement).await.unwrap();
        assert_eq!(stored.state, State::Cancelled);
        assert!(stored.deleted.is_some());
    }
    let expected = [
        "portico.access.granted",
        "portico.access.granted",
        "portico.plan.changed",
        "portico.cancellation.scheduled",
        "portico.cancellation.reverted",
        "portico.order.ended",
        "portico.access.ended",
        "portico.account.closed",
    ];
    // It may be published beside the first order's news, in either order.
    assert_eq!(function.changes(SIGNED_UP).await, 1);
    let mut told = function.notifications();
    told.retain(|kind| kind != SIGNED_UP);
    assert_eq!(told, expected);
}
