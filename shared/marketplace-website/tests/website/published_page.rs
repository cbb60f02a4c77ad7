//! What was published to the application, and what became of it, as the pages say it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use function_runtime::{Handler, Rejection, Request, Response};
use http::StatusCode;
use marketplace_simulator::{NeverFails, Simulator};
use marketplace_website::Storefront;
use serde_json::json;
use tokio::net::TcpListener;

use crate::shop;

const TOPIC: &str = "projects/example-project/topics/marketplace-changes";
const IDENTITY: &str = "application-push@example-project.iam.gserviceaccount.com";

/// An application that answers every push so.
struct Application(StatusCode);

impl Handler for Application {
    type Error = NeverFails;

    async fn handle(&self, _request: Request) -> Result<Response, NeverFails> {
        Ok(function_runtime::status(self.0))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        function_runtime::status(rejection.status)
    }
}

/// The address of such an application.
async fn application(status: StatusCode) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let handler = Arc::new(Application(status));
    tokio::spawn(async move {
        function_runtime::serve(listener, handler, std::future::pending()).await;
    });
    url
}

/// An address at which nobody listens any more.
async fn deserted() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/events", listener.local_addr().unwrap())
}

/// A Marketplace, and one event that Portico has published.
async fn published() -> Simulator {
    let storefront = Storefront::example("http://localhost:1/signup");
    let sim = shop::open(storefront, |_| {}).await;
    let event = json!({
        "id": "1", "type": "portico.access.granted", "time": "2026-01-21T00:21:40Z",
        "data": {"account": "a-1", "access": "live", "orders": [{"state": "ENTITLEMENT_ACTIVE"}]},
    });
    let message = json!({
        "data": STANDARD.encode(event.to_string()),
        "attributes": {"ce-type": "portico.access.granted", "ce-id": "1"},
    });
    let url = format!("{}/pubsub.googleapis.com/v1/{TOPIC}:publish", sim.origin());
    let request = shop::client().post(url);
    let request = request.header("authorization", sim.authorization());
    let answer = request.json(&json!({"messages": [message]})).send().await;
    assert_eq!(answer.unwrap().status(), 200);
    sim
}

/// The same, pushed to this address once at least.
async fn pushed_to(url: &str) -> Simulator {
    let sim = published().await;
    sim.push_published_to(url, IDENTITY, "http://127.0.0.1:3000");
    let log = sim.published();
    log.when(|all| all.iter().all(|message| !message.attempts.is_empty()))
        .await;
    sim
}

async fn page(sim: &Simulator, path: &str) -> String {
    let url = format!("{}{path}", sim.origin());
    let page = shop::client().get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    page.text().await.unwrap().replace("&#34;", "\"")
}

#[tokio::test]
async fn an_event_is_shown_raw_beside_its_reading() {
    let sim = pushed_to(&application(StatusCode::NO_CONTENT).await).await;
    let events = page(&sim, "/events").await;
    for shown in [
        "authorization: Bearer … (of Google, with email application-push@example-project",
        "user-agent: CloudPubSub-Google",
        "\"ce-type\": \"portico.access.granted\"",
        "\"subscription\": \"projects/example-project/subscriptions/application-push\"",
        "\"access\": \"live\"",
        "\"state\": \"ENTITLEMENT_ACTIVE\"",
        "<dt>account</dt><dd>a-1</dd>",
        "<dt>access</dt><dd>live</dd>",
        "<span class=\"chip good\">taken</span>",
        "taken, answered 204",
    ] {
        assert!(events.contains(shown), "{shown}: {events}");
    }
    assert!(
        !page(&sim, "/new")
            .await
            .contains("does not take its events")
    );
}

#[tokio::test]
async fn an_event_that_waits_is_shown_with_the_reason() {
    let failing = |status| application(StatusCode::from_u16(status).unwrap());
    for (url, why) in [
        (deserted().await, "connection refused: nobody listens there"),
        (failing(500).await, "answered 500"),
        (failing(404).await, "answered 404"),
        (
            failing(302).await,
            "answered 302: a redirect to another place is not followed",
        ),
    ] {
        let sim = pushed_to(&url).await;
        let events = page(&sim, "/events").await;
        let outcome = format!("<span class=\"chip bad\">waits: {why}</span>");
        assert!(events.contains(&outcome), "{why}: {events}");
        assert!(events.contains(&format!("</time> {why}</li>")), "{why}");
        let listing = page(&sim, "/new").await;
        let said = format!("The application does not take its events: {why}. One event waits");
        assert!(listing.contains(&said), "{why}: {listing}");
        let (_, row) = listing.split_once("<li id=\"published-1\">").unwrap();
        let (row, _) = row.split_once("</li>").unwrap();
        assert!(row.contains("<span class=\"lamp bad\">"), "{row}");
        assert!(row.contains("portico.access.granted"), "{row}");
        assert!(row.contains(why), "{row}");
    }
}

#[tokio::test]
async fn before_anything_is_sent_the_page_says_so() {
    let sim = published().await;
    assert!(page(&sim, "/events").await.contains("not sent yet"));
    let storefront = Storefront::example("http://localhost:1/signup");
    let sim = shop::open(storefront, |_| {}).await;
    let nothing = "Nothing has been published yet.";
    assert!(page(&sim, "/events").await.contains(nothing));
}
