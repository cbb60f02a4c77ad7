//! Orders over time, as the Procurement API shows them.

use std::time::Duration;

use jiff::fmt::rfc2822;
use marketplace::PlanId;
use marketplace_simulator::{
    Buyer, EntitlementApproval, EventKind, Order, PrivateOffer, Simulator,
};

use crate::caller::{Caller, check_refused, good, refusal};
use crate::relying_party::payload;

/// An approved order of a private offer that starts then.
fn accept_offer(sim: &Simulator, start: jiff::Timestamp) -> Order {
    let product = sim.settings().products[0].clone();
    let offer = PrivateOffer::months(12).starting(start);
    let order = sim.accept_offer(Buyer::New, &product.id, &product.plans[1].id, offer);
    let order = order.unwrap();
    sim.approve_account(&order.account).unwrap();
    sim.approve_entitlement(&order.entitlement).unwrap();
    order
}

#[tokio::test]
async fn an_offer_that_starts_later_is_shown_until_it_does() {
    let caller = Caller::start().await;
    let sim = &caller.sim;
    let start = sim.orders_now() + Duration::from_hours(48);
    let order = accept_offer(sim, start);
    let path = format!("/entitlements/{}", order.entitlement);
    let waiting = good(caller.get(&path)).await;
    assert_eq!(waiting["state"], "ENTITLEMENT_ACTIVATION_REQUESTED");
    assert_eq!(waiting["newOfferStartTime"], start.to_string());
    assert_eq!(waiting["offerDuration"], "P1Y");
    sim.advance_orders(Duration::from_hours(49));
    let active = good(caller.get(&path)).await;
    assert_eq!(active["state"], "ENTITLEMENT_ACTIVE");
    assert_eq!(active.get("newOfferStartTime"), None);
    let sent = sim.events().types();
    assert_eq!(sent.last().unwrap(), EventKind::Active.as_str());
}

#[tokio::test]
async fn what_is_deleted_is_not_found_and_pages_go_on() {
    let caller = Caller::start().await;
    let sim = &caller.sim;
    let orders: Vec<_> = (0..3).map(|_| sim.buy()).collect();
    let page = good(caller.get("/entitlements?pageSize=2")).await;
    let token = page["nextPageToken"].as_str().unwrap();
    let gone = &orders[0];
    sim.cancel(&gone.entitlement).unwrap();
    sim.delete_account(&gone.account).unwrap();
    for path in [
        format!("/entitlements/{}", gone.entitlement),
        format!("/accounts/{}", gone.account),
    ] {
        assert_eq!(refusal(caller.get(&path)).await.0, 404);
    }
    let rest = caller.get("/entitlements").query(&[("pageToken", token)]);
    let rest = good(rest).await;
    let names = rest["entitlements"].as_array().unwrap();
    assert_eq!(names.len(), 1);
    let last = names[0]["orderId"].as_str().unwrap();
    assert_eq!(last, orders[2].entitlement.as_str());
    assert_eq!(sim.accounts().len(), 2);
}

#[tokio::test]
async fn with_automatic_approval_an_approval_is_a_failed_precondition() {
    let caller = Caller::set(|it| it.approval = EntitlementApproval::Automatic).await;
    let order = caller.sim.buy();
    caller.sim.approve_account(&order.account).unwrap();
    let approve = format!("/entitlements/{}:approve", order.entitlement);
    check_refused(
        caller.post(&approve, &serde_json::json!({})),
        400,
        "FAILED_PRECONDITION",
    )
    .await;
    let plan = PlanId::parse("standard-plan").unwrap();
    let id = &order.entitlement;
    caller.sim.request_plan_change(id, &plan).unwrap();
    assert_eq!(caller.sim.entitlement(id).unwrap().plan, plan);
}

#[tokio::test]
async fn the_clock_of_orders_is_not_that_of_tokens() {
    let caller = Caller::start().await;
    caller.sim.advance_orders(Duration::from_hours(1_000));
    let order = caller.sim.buy();
    let bought = caller.sim.entitlement(&order.entitlement).unwrap();
    assert!(bought.create_time > jiff::Timestamp::now() + Duration::from_hours(999));
    good(caller.get("/accounts")).await;
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn when_time_passes_orders_tokens_messages_and_the_date_agree() {
    let caller = Caller::start().await;
    let sim = &caller.sim;
    let start = sim.now() + Duration::from_hours(48);
    let order = accept_offer(sim, start);
    good(caller.get("/accounts")).await;
    let before = sim.clock();
    sim.pass_time(Duration::from_hours(49));
    assert_eq!(before.ahead(), Duration::from_hours(49));
    let now = jiff::Timestamp::now() + Duration::from_hours(49);
    let is_now = |time: jiff::Timestamp| time.duration_since(now).as_secs().abs() < 10;
    assert!(is_now(sim.now()) && is_now(sim.orders_now()));

    let path = format!("/entitlements/{}", order.entitlement);
    let response = caller.get(&path).send().await.unwrap();
    let date = response.headers()["date"].to_str().unwrap();
    let date = rfc2822::DateTimeParser::new().parse_timestamp(date);
    assert!(is_now(date.unwrap()));
    let active: serde_json::Value = response.json().await.unwrap();
    assert_eq!(active["state"], "ENTITLEMENT_ACTIVE");
    let sent = sim.events().all();
    assert!(is_now(sent.last().unwrap().publish_time));
    for token in [
        sim.identity_token("a@example.com", "b"),
        sim.token(&order.account, &order.user),
    ] {
        let issued = payload(&token)["iat"].as_i64().unwrap();
        assert!(is_now(jiff::Timestamp::from_second(issued).unwrap()));
    }
    let call = sim.calls().all().pop().unwrap();
    assert!(is_now(call.time));
    assert_eq!(sim.violations(), Vec::<String>::new());
}
