//! A store, and orders, of another provider.

use http::StatusCode;
use marketplace::ProviderId;
use marketplace_simulator::{Order, Quantity};
use store::{Entitlement, Store};

use crate::environment::{AUDIENCE, CALLER, SCHEDULER};
use crate::function::{QUERIES, TestFunction, UsageSetup, record};

async fn post(function: &TestFunction, path: &str, identity: &str) -> reqwest::Response {
    let origin = function.serve().await;
    let token = function.simulator.identity_token(identity, AUDIENCE);
    let client = reqwest::Client::builder().build().unwrap();
    let request = client.post(format!("{origin}{path}")).bearer_auth(token);
    request.body(r#"{"records": []}"#).send().await.unwrap()
}

pub(crate) async fn a_store_of_another_provider_takes_and_reports_nothing(store: Store) {
    let ours = TestFunction::start(store.clone()).await;
    // The first call makes an empty store the provider's own.
    assert!(ours.report("2026-03-01T10:05:00Z").await.finished);
    let order = ours.customer().await;
    ours.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    for other in ["another-partner", "example-partner-2"] {
        let setup = UsageSetup::over(store.clone()).with("PROCUREMENT_PROVIDER", other);
        let theirs = setup.start().await;
        for (path, identity) in [("/usage", CALLER), ("/report", SCHEDULER)] {
            let answer = post(&theirs, path, identity).await;
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(answer.headers()["retry-after"], "10");
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(body["code"], "other-provider");
        }
        assert!(theirs.simulator.operations().is_empty());
    }
    assert_eq!(ours.report("2026-03-01T11:05:00Z").await.reported, 1);
}

pub(crate) async fn orders_of_another_provider_are_not_looked_at(store: Store) {
    let function = TestFunction::start(store).await;
    let theirs = async |order: &Order| {
        let entitlement = Entitlement {
            provider: ProviderId::parse("another-partner").ok(),
            ..function.entitlement(order)
        };
        function.put(&entitlement).await;
    };
    let (with_usage, without) = (function.customer().await, function.customer().await);
    function
        .uses(&with_usage, "1", 1, "2026-03-01T10:10:00Z")
        .await;
    theirs(&with_usage).await;
    theirs(&without).await;
    for order in [&with_usage, &without] {
        let used = record(order, "2", 2, "2026-03-01T10:20:00Z");
        let (_, body) = function.record("2026-03-01T10:21:00Z", &[used]).await;
        assert_eq!(body["records"][0]["code"], "entitlement-unknown");
        assert_eq!(body["records"][0]["http_status"], 404);
    }
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.entitlements, done.closed, done.reported), (0, 0, 0));
    function.find_again(&with_usage).await;
    function.report("2026-03-01T11:15:00Z").await;
    let billed = function.billed(&with_usage, QUERIES);
    assert_eq!(billed, Some(Quantity::Int64(1)));
}
