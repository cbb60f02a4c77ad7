//! What waits for the vendor's operator.

use local::{Options, Policy};
use marketplace::{EntitlementState, PlanId};
use marketplace_simulator::{Entitlement, hosts};
use serde_json::json;

use crate::journey::{
    ONE_CLICK, Portico, click, press_into_new_window, purchase, see, see_arrival, see_text,
    visit_with,
};
use crate::tabs::{assert_events, change_tab, press, see_event};

/// The operator rejects the plan that the customer asked for, by the API.
async fn reject_plan_change(portico: &Portico, entitlement: &Entitlement) {
    let simulator = &portico.simulator;
    let (host, provider) = (hosts::PROCUREMENT, &simulator.settings().provider);
    let address = format!(
        "{}/{host}/v1/providers/{provider}/entitlements/{}:rejectPlanChange",
        portico.marketplace, entitlement.id,
    );
    let body = json!({
        "pendingPlanName": entitlement.new_pending_plan.as_ref().map(PlanId::as_str),
        "reason": "not for this customer",
    });
    let client = reqwest::Client::builder().build();
    let request = client
        .expect("a client needs nothing")
        .post(address)
        .header("authorization", simulator.authorization())
        .header("content-type", "application/json")
        .body(body.to_string());
    let answer = request.send().await.expect("it answers");
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_approves_an_order_and_rejects_a_change_of_plan() {
    let options = Options {
        policy: Policy::Manual,
        ..ONE_CLICK
    };
    visit_with(options, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account().id;
        let order = portico.simulator.entitlements_of(&account)[0].id.clone();
        press_into_new_window(&driver, "#register").await?;
        see_arrival(&driver, &account).await?;
        see_text(&driver, "#access", "Access: pending").await?;
        change_tab(&driver).await?;
        see(&driver, "#orders .message").await?;
        press(&driver, &order, "google/approve-order").await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.access.granted", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;

        change_tab(&driver).await?;
        click(&driver, "button[name=plan][value=starter-plan]").await?;
        see_text(&driver, "#orders .chip", "active, new plan asked for").await?;
        portico.simulator.delivered().await;
        let waiting = portico.simulator.entitlement(&order).expect("it is there");
        assert_eq!(waiting.state, EntitlementState::PendingPlanChangeApproval);
        let stored = portico.stored(&order).await;
        assert_eq!(stored.state, EntitlementState::PendingPlanChangeApproval);

        reject_plan_change(&portico, &waiting).await;
        see_text(&driver, "#orders .chip", "active").await?;
        portico.simulator.delivered().await;
        let stored = portico.stored(&order).await;
        assert_eq!(stored.state, EntitlementState::Active);
        assert_eq!(stored.plan, Some(waiting.plan));
        change_tab(&driver).await?;
        see_text(&driver, "#access", "Access: live").await?;
        let expected = ["portico.access.granted", "portico.account.signed-up"];
        assert_events(&driver, &portico, &expected).await
    })
    .await;
}
