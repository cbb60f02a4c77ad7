//! Messages and activations that take their time.

use std::time::Duration;

use marketplace::{EntitlementState, PlanId};
use marketplace_simulator::{Activation, EventKind};
use serde_json::json;

use crate::caller::{Caller, good};
use crate::endpoint::Endpoint;

const IDENTITY: &str = "push@example-project.iam.gserviceaccount.com";
const SHORT: Duration = Duration::from_millis(30);

async fn activating(after: Duration) -> Caller {
    Caller::set(|it| it.activation = Activation::After(after)).await
}

#[tokio::test]
async fn messages_are_sent_in_their_order_and_apart() {
    let caller = Caller::set(|it| it.message_spacing = Duration::from_millis(20)).await;
    let subscriber = Endpoint::subscriber(&[]).await;
    let sim = &caller.sim;
    sim.push_to(&subscriber.url, IDENTITY, "audience");
    sim.buy();
    sim.delivered().await;
    let sent = sim.events().all();
    let ids: Vec<_> = sent.iter().map(|it| it.message_id.clone()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(subscriber.message_ids(), ids);
    let last = sent[2].attempts[0].time;
    let took = last.duration_since(sent[0].publish_time).as_millis();
    assert!(took >= 39, "{took} ms");
}

#[tokio::test]
async fn an_approved_order_becomes_active_by_itself_and_says_so_at_once() {
    let caller = activating(SHORT).await;
    let (sim, order) = (&caller.sim, caller.buy_approved());
    let is_active = |state: &EntitlementState| state == &EntitlementState::Active;
    let active = sim
        .entitlement_when(&order.entitlement, |it| is_active(&it.state))
        .await;
    let types = sim.events().types();
    assert_eq!(types.last().unwrap(), EventKind::Active.as_str());
    assert!(active.active_since.unwrap() >= active.create_time + SHORT);
}

#[tokio::test]
async fn an_approved_plan_takes_effect_by_itself_and_says_so_at_once() {
    let caller = activating(SHORT).await;
    let (sim, order) = (&caller.sim, caller.buy_approved());
    let (id, plan) = (&order.entitlement, PlanId::parse("standard-plan").unwrap());
    sim.entitlement_when(id, |it| it.active_since.is_some())
        .await;
    sim.request_plan_change(id, &plan).unwrap();
    let approve = format!("/entitlements/{id}:approvePlanChange");
    let named = json!({"pendingPlanName": "standard-plan"});
    good(caller.post(&approve, &named)).await;
    let changed = sim.entitlement_when(id, |it| it.plan == plan).await;
    assert_eq!(changed.state, EntitlementState::Active);
    let types = sim.events().types();
    assert_eq!(types.last().unwrap(), EventKind::PlanChanged.as_str());
}

#[tokio::test]
async fn what_was_cancelled_while_it_waited_is_never_active() {
    let caller = activating(SHORT).await;
    let (sim, cancelled) = (&caller.sim, caller.buy_approved());
    sim.cancel(&cancelled.entitlement).unwrap();
    let next = caller.buy_approved();
    sim.entitlement_when(&next.entitlement, |it| it.active_since.is_some())
        .await;
    let cancelled = sim.entitlement(&cancelled.entitlement).unwrap();
    assert_eq!(cancelled.state, EntitlementState::Cancelled);
    let types = sim.events().types().into_iter();
    assert_eq!(types.filter(|it| it == "ENTITLEMENT_ACTIVE").count(), 1);
}

#[tokio::test]
async fn time_that_is_made_to_pass_brings_it_earlier() {
    let caller = activating(Duration::from_hours(1)).await;
    let (sim, order) = (&caller.sim, caller.buy_approved());
    let id = &order.entitlement;
    let state = || sim.entitlement(id).unwrap().state;
    assert_eq!(state(), EntitlementState::ActivationRequested);
    sim.pass_time(Duration::from_mins(61));
    assert_eq!(state(), EntitlementState::Active);
    let types = sim.events().types();
    assert_eq!(types.last().unwrap(), EventKind::Active.as_str());
}
