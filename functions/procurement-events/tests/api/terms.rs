//! What was published and changes is published again, each in its place.

use jiff::Timestamp;
use marketplace::PlanId;
use serde_json::json;
use store::Store;

use crate::deletions::account_deleted;
use crate::function::{ACTIVE, CANCELLED, RENEWED, SIGNED_UP, TestFunction};
use crate::results::types;

const CHANGED: &str = "portico.order.changed";

pub(crate) async fn another_end_of_the_subscription_is_told_once(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(2).await;
    // By an event, and by reconciliation.
    for (order, end) in orders
        .iter()
        .zip(["2031-01-01T00:00:00Z", "2032-02-29T12:00:00Z"])
    {
        let changes = json!({ "subscriptionEndTime": end, "updateTime": Timestamp::now() });
        function.change_at_google(&order.entitlement, &changes);
    }
    function.acknowledges(RENEWED, &orders[0].entitlement).await;
    assert_eq!(types(&function.told(&orders[0].account)[2..]), [CHANGED]);
    assert_eq!(function.told(&orders[1].account).len(), 2);
    function.reconcile().await;
    for (order, end) in orders
        .iter()
        .zip(["2031-01-01T00:00:00Z", "2032-02-29T12:00:00Z"])
    {
        let told = function.told(&order.account);
        assert_eq!(types(&told[2..]), [CHANGED]);
        let data = &told[2]["data"];
        assert_eq!(data["subscription_end"], end);
        assert_eq!(data["orders"][0]["subscription_end"], end);
        assert_eq!(data["entitlement"], order.entitlement.as_str());
        assert_eq!(data["access"], "live");
    }
}

pub(crate) async fn another_offer_is_told_once(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers(1).await.remove(0);
    let product = &function.simulator.settings().products[0].id;
    let offer = format!("projects/1/services/{product}/privateOffers/o-2");
    let changes = json!({ "offer": offer, "updateTime": Timestamp::now() });
    function.change_at_google(&order.entitlement, &changes);
    function.reconcile().await;
    function.acknowledges(RENEWED, &order.entitlement).await;
    let told = function.told(&order.account);
    assert_eq!(types(&told[2..]), [CHANGED]);
    assert_eq!(told[2]["data"]["offer"], offer);
}

pub(crate) async fn each_news_has_its_place_and_the_state_of_all_orders(store: Store) {
    let function = TestFunction::start(store).await;
    let first = function.active_customer().await;
    let second = function.simulator.buy_again(&first.account);
    let other = function.customers(1).await.remove(0);
    let simulator = &function.simulator;
    let plan = PlanId::parse("standard-plan").unwrap();
    let id = &first.entitlement;
    simulator.request_plan_change(id, &plan).unwrap();
    function
        .acknowledges("ENTITLEMENT_PLAN_CHANGE_REQUESTED", id)
        .await;
    function.acknowledges("ENTITLEMENT_PLAN_CHANGED", id).await;
    function.acknowledges(ACTIVE, &second.entitlement).await;
    simulator.cancel(id).unwrap();
    function.acknowledges(CANCELLED, id).await;
    function.lose(first.account.as_str());
    let deleted = account_deleted(&first.account, Some(Timestamp::now()));
    assert_eq!(function.deliver(&deleted).await, 204);

    // Their places are compared where they are read.
    let told = function.told(&first.account);
    let expected = [
        SIGNED_UP,
        "portico.access.granted",
        "portico.access.granted",
        "portico.plan.changed",
        "portico.order.ended",
        "portico.account.closed",
        "portico.access.ended",
    ];
    assert_eq!(types(&told), expected);
    for event in &told {
        let data = &event["data"];
        let orders = data["orders"].as_array().unwrap();
        let Some(changed) = data["entitlement"].as_str() else {
            continue;
        };
        let same = orders.iter().find(|order| order["entitlement"] == changed);
        let same = same.unwrap();
        for field in ["state", "plan", "product", "offer", "subscription_end"] {
            assert_eq!(data[field], same[field], "{event}");
        }
    }
    let last = told.last().unwrap();
    assert_eq!(last["data"]["orders"].as_array().unwrap().len(), 2);
    assert_eq!(function.told(&other.account).len(), 2);
}
