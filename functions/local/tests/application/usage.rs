//! Usage in the demo application, and how it records it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use local::DemoApplication;
use serde_json::{Value, json};

use crate::demo_application::{Application, Seen};

const PUBLISH: &str =
    "/pubsub.googleapis.com/v1/projects/example-project/topics/marketplace-changes:publish";

impl Application {
    /// With a customer whose order of this plan is in force.
    async fn metered(plan: &str) -> Self {
        let application = Self::open().await;
        DemoApplication::subscribe(&application.sim);
        application.publish("access.granted", plan, 1).await;
        application
    }

    /// What Portico publishes about the order, at this second.
    pub(crate) async fn publish(&self, kind: &str, plan: &str, second: u8) {
        let event = json!({
            "id": second.to_string(), "type": format!("portico.{kind}"),
            "time": format!("2026-01-21T00:21:{second:02}Z"),
            "data": {
                "account": self.order.account, "entitlement": self.order.entitlement,
                "plan": plan, "reason": "BILLING_DISABLED",
            },
        });
        let url = format!("{}{PUBLISH}", self.sim.origin());
        let request = self.client.post(url);
        let request = request.header("authorization", self.sim.authorization());
        let body = json!({"messages": [{"data": STANDARD.encode(event.to_string())}]});
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        self.sim.delivery_of_published().settled().await;
    }

    async fn press(&self, metric: &str, quantity: &str, turn: usize) -> Seen {
        let order = &self.order.entitlement;
        let form = format!("order={order}&metric={metric}&quantity={quantity}&turn={turn}");
        Seen::read(self.post("/app/use", form).await).await
    }

    fn recorded(&self) -> Vec<Value> {
        let asked = self.usage.received().into_iter();
        asked.map(|asked| asked.body["records"].clone()).collect()
    }

    /// Portico answers these statuses of records, by their keys.
    fn answers(&self, status: u16, records: &[(&str, &str)]) {
        let answer =
            |(key, status): &(&str, &str)| json!({"idempotency_key": key, "status": status});
        let records: Value = records.iter().map(answer).collect();
        self.usage.answer(status, &json!({ "records": records }));
    }

    async fn home(&self) -> String {
        self.get("/app/").await.page
    }
}

#[tokio::test]
async fn what_is_used_is_recorded_until_it_is_answered_under_the_same_key() {
    let application = Application::metered("usage-plan").await;
    application.answers(503, &[("use-1", "retry")]);
    let seen = application.press("usage_queries", "3", 1).await;
    assert_eq!((seen.status, seen.back.as_deref()), (303, Some("/app/")));
    let page = application.home().await;
    assert!(page.contains("Portico answered 503: it is kept here, and sent again"));
    let both = [("use-1", "accepted"), ("use-2", "accepted")];
    application.answers(200, &both);
    application.press("usage_gib_scanned", "2.5", 2).await;
    application.press("usage_queries", "1", 3).await;

    let [first, second, third] = application.recorded().try_into().unwrap();
    let expected = json!({
        "entitlement": application.order.entitlement, "metric": "usage_queries",
        "quantity": 3, "idempotency_key": "use-1", "occurred_at": first[0]["occurred_at"],
    });
    assert_eq!(first, json!([expected]));
    assert_eq!(second[0], expected);
    assert_eq!(second[1]["quantity"], 2.5);
    // What is not answered by its key is sent on.
    assert_eq!(third[0]["idempotency_key"], "use-3");
    let page = application.home().await;
    assert!(
        page.contains("<b>Queries: 3, GiB scanned: 2.5</b>"),
        "{page}"
    );
    assert_eq!(application.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_second_click_and_the_button_for_it_send_the_same_again() {
    let application = Application::metered("usage-plan").await;
    application.answers(200, &[("use-1", "accepted")]);
    application.press("usage_queries", "3", 1).await;
    application.answers(200, &[("use-1", "duplicate")]);
    application.press("usage_queries", "3", 1).await;
    let form = format!("order={}", application.order.entitlement);
    application.post("/app/use-again", form).await;
    let other = "order=other".to_owned();
    application.post("/app/use-again", other).await;
    let recorded = application.recorded();
    assert_eq!(recorded.len(), 3);
    assert!(recorded.iter().all(|records| records == &recorded[0]));
    let page = application.home().await;
    assert!(page.contains("it counts once. Sent 3 times."), "{page}");
}

#[tokio::test]
async fn only_what_the_plan_measures_can_be_used_and_only_while_it_is_served() {
    let application = Application::metered("usage-plan").await;
    let (usage, queries) = ("usage-plan", "usage_queries");
    assert_eq!(application.press("other", "1", 1).await.status, 409);
    assert_eq!(application.press(queries, "many", 1).await.status, 400);
    application.publish("usage.stop-serving", usage, 2).await;
    let page = application.home().await;
    assert!(page.contains("<code>BILLING_DISABLED</code>") && !page.contains("class=\"uses\""));
    assert_eq!(application.press(queries, "1", 1).await.status, 409);
    application.publish("usage.resume-serving", usage, 3).await;
    assert!(application.home().await.contains("class=\"uses\""));
    application.publish("order.ended", usage, 4).await;
    assert_eq!(application.press(queries, "1", 1).await.status, 409);
    assert!(application.recorded().is_empty());
    let fixed = Application::metered("starter-plan").await;
    assert!(!fixed.home().await.contains("Use it"));
    assert_eq!(fixed.press(queries, "1", 1).await.status, 409);
}

#[tokio::test]
async fn nobody_else_and_no_other_site_uses_anything() {
    let mut application = Application::metered("usage-plan").await;
    assert_eq!(application.post_from_elsewhere("/app/use").await, 403);
    application.session = "demo-session=none".to_owned();
    assert_eq!(application.press("usage_queries", "1", 1).await.status, 401);
    assert!(application.recorded().is_empty());
}
