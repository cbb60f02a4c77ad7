//! What the demo application says of orders that wait, and how it shows the events that say so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use local::DemoApplication;
use serde_json::json;

use crate::demo_application::Application;

const PUBLISH: &str =
    "/pubsub.googleapis.com/v1/projects/example-project/topics/marketplace-changes:publish";

impl Application {
    /// A customer with this access; then an event that lists the order in this state.
    async fn with_order(access: &str, state: &str) -> Self {
        let application = Self::with(true, access).await;
        DemoApplication::subscribe(&application.sim);
        let (account, order) = (&application.order.account, &application.order.entitlement);
        let event = json!({
            "id": "1", "type": "portico.account.signed-up", "time": "2026-01-21T00:21:40Z",
            "data": {
                "account": account, "access": access,
                "orders": [{"entitlement": order, "plan": "starter-plan", "state": state}],
            },
        });
        let request = application
            .client
            .post(format!("{}{PUBLISH}", application.sim.origin()))
            .header("authorization", application.sim.authorization());
        let message = json!({
            "data": STANDARD.encode(event.to_string()),
            "attributes": {"ce-type": "portico.account.signed-up"},
        });
        let answer = request.json(&json!({"messages": [message]})).send().await;
        assert_eq!(answer.unwrap().status(), 200);
        application.sim.delivery_of_published().settled().await;
        application
    }

    /// What the page says of the order.
    async fn order_state(&self) -> String {
        let home = self.get("/app/").await.page;
        let row = format!("<li data-order=\"{}\">", self.order.entitlement);
        let (_, row) = home.split_once(&row).unwrap();
        row.split_once("</li>").unwrap().0.to_owned()
    }
}

#[tokio::test]
async fn an_order_that_waits_is_not_called_active() {
    let waits = Application::with_order("pending", "ENTITLEMENT_ACTIVATION_REQUESTED").await;
    let said = waits.order_state().await;
    assert!(
        said.contains("<span class=\"chip wait\">waits</span>"),
        "{said}"
    );
    let home = waits.get("/app/").await.page;
    assert!(home.contains("no order of yours is active yet"), "{home}");
    assert!(!home.contains("becomes active shortly"));
}

#[tokio::test]
async fn a_plan_that_waits_is_said_beside_the_access_that_is_live() {
    let state = "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL";
    let live = Application::with_order("live", state).await;
    let said = live.order_state().await;
    assert!(said.contains("active, new plan waits"), "{said}");
    assert!(live.get("/app/").await.page.contains("Access: live"));
}

#[tokio::test]
async fn an_event_is_shown_beside_the_push_in_which_it_came() {
    let application = Application::with_order("live", "ENTITLEMENT_ACTIVE").await;
    let page = application.get("/app/events").await.page;
    let page = page.replace("&#34;", "\"");
    for shown in [
        "As it was pushed",
        "authorization: Bearer … (an identity token, see its claims)",
        "user-agent: CloudPubSub-Google",
        "\"email\": \"application-push@example-project.iam.gserviceaccount.com\"",
        "\"ce-type\": \"portico.account.signed-up\"",
        "\"state\": \"ENTITLEMENT_ACTIVE\"",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let published = application.get("/events").await;
    assert_eq!(published.status, 200);
    assert!(published.page.contains("taken, answered 204"));
}
