//! What the application hears.

use marketplace_simulator::{Fault, Matcher};
use serde_json::json;
use store::Store;

use crate::function::{ACTIVE, CANCELLED, EventsSetup, RENEWED, SIGNED_UP, TestFunction};

pub(crate) async fn the_application_hears_each_change_once(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    let simulator = &function.simulator;
    simulator.cancel_at_term_end(&order.entitlement).unwrap();
    function
        .acknowledges("ENTITLEMENT_PENDING_CANCELLATION", &order.entitlement)
        .await;
    function.simulator.advance(&order.entitlement).unwrap();
    function.acknowledges(CANCELLED, &order.entitlement).await;
    function.reconcile().await;
    let published = function.published();
    let expected = [
        SIGNED_UP,
        "portico.access.granted",
        "portico.cancellation.scheduled",
        "portico.access.ended",
    ];
    assert_eq!(function.notifications(), expected);
    let ended = function.simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(
        published[3],
        json!({
            "specversion": "1.0",
            "id": published[3]["id"],
            "source": "//cloudcommerceprocurement.googleapis.com/providers/example-partner",
            "type": "portico.access.ended",
            "subject": format!("accounts/{}", order.account),
            "time": ended.update_time,
            "sequence": published[3]["sequence"],
            "datacontenttype": "application/json",
            "data": {
                "account": order.account,
                "entitlement": order.entitlement,
                "product": ended.product,
                "plan": ended.plan,
                "offer": ended.offer,
                "state": "ENTITLEMENT_CANCELLED",
                "access": "ended",
                "subscription_end": ended.subscription_end_time,
                "orders": [{
                    "entitlement": order.entitlement,
                    "product": ended.product,
                    "plan": ended.plan,
                    "offer": ended.offer,
                    "state": "ENTITLEMENT_CANCELLED",
                    "subscription_end": ended.subscription_end_time,
                }],
            },
        })
    );
    assert_eq!(function.unpublished().await, 0);
}

pub(crate) async fn a_failure_to_publish_is_made_up_for(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let faults = function.simulator.faults();
    faults.always(Matcher::publish(), Fault::status(503));
    function.acknowledges(ACTIVE, &order.entitlement).await;
    // It was not active yet: approved by this event, notified with the next.
    function.acknowledges(RENEWED, &order.entitlement).await;
    assert_eq!(function.unpublished().await, 1);
    faults.clear();
    assert_eq!(function.reconcile_once().await["published"], 1);
    let expected = [SIGNED_UP, "portico.access.granted"];
    assert_eq!(function.notifications(), expected);
    assert_eq!(function.unpublished().await, 0);
}

pub(crate) async fn without_a_topic_nothing_piles_up(store: Store) {
    let function = TestFunction::start(store.clone()).await;
    let faults = function.simulator.faults();
    faults.always(Matcher::publish(), Fault::status(503));
    let order = function.customer().await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    function.acknowledges(RENEWED, &order.entitlement).await;
    // The sign-up and the access.
    assert_eq!(function.unpublished().await, 2);
    // The store is this provider's from now on, whatever another simulated Google knows.
    function.reconcile_once().await;
    // The operator takes the topic away.
    let without_topic = EventsSetup::over(store)
        .with("EVENTS_TOPIC", "")
        .start()
        .await;
    without_topic.reconcile_once().await;
    assert_eq!(without_topic.unpublished().await, 0);
    let order = without_topic.customer().await;
    without_topic.acknowledges(ACTIVE, &order.entitlement).await;
    without_topic
        .acknowledges(RENEWED, &order.entitlement)
        .await;
    assert_eq!(without_topic.unpublished().await, 0);
}
