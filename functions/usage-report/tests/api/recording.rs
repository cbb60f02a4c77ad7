//! Taking usage.

use std::sync::Arc;

use marketplace::EntitlementState;
use marketplace_simulator::Quantity;
use serde_json::{Value, json};
use store::Store;
use tokio::task::JoinSet;

use crate::function::{QUERIES, SCANNED, TestFunction, UsageSetup, at, read, record, request};

const NOW: &str = "2026-03-01T10:30:00Z";
const USED: &str = "2026-03-01T10:10:00Z";

fn ends(body: &Value) -> Vec<(&str, &str, u64)> {
    let records = body["records"].as_array().unwrap().iter();
    records
        .map(|it| {
            let text = |name: &str| it[name].as_str().unwrap_or_default();
            (
                text("status"),
                text("code"),
                it["http_status"].as_u64().unwrap_or_default(),
            )
        })
        .collect()
}

pub(crate) async fn a_record_is_stored_once(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let first = record(&order, "k-1", 3, USED);
    let (status, body) = function.record(NOW, std::slice::from_ref(&first)).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({
            "accepted": 1, "duplicate": 0, "refused": 0, "retry": 0,
            "records": [{ "idempotency_key": "k-1", "status": "accepted" }],
        })
    );
    let (_, body) = function.record(NOW, std::slice::from_ref(&first)).await;
    assert_eq!(ends(&body), [("duplicate", "", 0)]);
    let other = record(&order, "k-1", 4, USED);
    let (status, body) = function.record(NOW, &[other]).await;
    assert_eq!(
        (status, ends(&body)),
        (200, vec![("refused", "key-reused", 409)])
    );
    function.report("2026-03-01T11:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(3)));
    // It is known still when its window is closed.
    let (_, body) = function.record("2026-03-01T11:30:00Z", &[first]).await;
    assert_eq!(ends(&body), [("duplicate", "", 0)]);
}

pub(crate) async fn a_safe_repeat_outlives_its_metric(store: Store) {
    let (function, order) = TestFunction::with_customer(store.clone()).await;
    let first = record(&order, "k-1", 3, USED);
    function.accept(NOW, std::slice::from_ref(&first)).await;
    let setup = UsageSetup::over(store).with("METRICS", "usage-plan/other:int64");
    let without = setup.start().await;
    let (status, body) = without
        .record(NOW, &[first, record(&order, "k-2", 3, USED)])
        .await;
    assert_eq!(
        (status, ends(&body)),
        (
            200,
            vec![("duplicate", "", 0), ("refused", "metric-unknown", 400)]
        )
    );
}

pub(crate) async fn records_are_answered_one_by_one(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let with = |key: &str, member: &str, value: Value| {
        let mut record = record(&order, key, 1, USED);
        record[member] = value;
        record
    };
    let records = [
        record(&order, "good", 1, USED),
        with("entitlement", "entitlement", json!("E-unknown")),
        with("metric", "metric", json!("bytes")),
        with("text", "quantity", json!("1")),
        with("negative", "quantity", json!(-1)),
        with("part", "quantity", json!(1.5)),
        with("large", "quantity", json!(9_223_372_036_854_775_808_u64)),
        with("future", "occurred_at", json!("2026-03-01T11:00:00Z")),
        with("ancient", "occurred_at", json!("1970-01-01T00:00:00Z")),
        json!("nothing"),
        with("zero", "quantity", json!(0)),
        with("double", "metric", json!(SCANNED)),
    ];
    let (status, body) = function.record(NOW, &records).await;
    assert_eq!(status, 200);
    assert_eq!(
        ends(&body),
        [
            ("accepted", "", 0),
            ("refused", "entitlement-unknown", 404),
            ("refused", "metric-unknown", 400),
            ("refused", "record-malformed", 400),
            ("refused", "quantity-negative", 400),
            ("refused", "quantity-not-whole", 400),
            ("refused", "quantity-too-large", 400),
            ("refused", "in-the-future", 400),
            ("refused", "before-entitlement", 409),
            ("refused", "record-malformed", 400),
            ("accepted", "", 0),
            ("accepted", "", 0),
        ]
    );
    assert_eq!(body["accepted"], 3);
    assert_eq!(body["refused"], 9);
    assert_eq!(body["records"][3]["idempotency_key"], "text");
    assert_eq!(body["records"][9]["idempotency_key"], Value::Null);
    function.report("2026-03-01T11:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(1)));
    assert_eq!(
        function.billed(&order, SCANNED),
        Some(Quantity::Double(1.0))
    );
}

pub(crate) async fn a_key_stands_for_one_record_within_a_request_too(store: Store) {
    let function = TestFunction::start(store).await;
    let (order, other) = (function.customer().await, function.customer().await);
    let records = [
        record(&order, "k", 1, USED),
        record(&order, "k", 1, USED),
        record(&order, "k", 2, USED),
        // Another entitlement's keys are its own.
        record(&other, "k", 2, USED),
        record(&order, "l", -1, USED),
        record(&order, "l", -1, USED),
        record(&order, "l", 5, USED),
    ];
    let (_, body) = function.record(NOW, &records).await;
    assert_eq!(
        ends(&body),
        [
            ("accepted", "", 0),
            ("duplicate", "", 0),
            ("refused", "key-reused", 409),
            ("accepted", "", 0),
            ("refused", "quantity-negative", 400),
            ("refused", "quantity-negative", 400),
            ("accepted", "", 0),
        ]
    );
    function.report("2026-03-01T11:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(6)));
    assert_eq!(function.billed(&other, QUERIES), Some(Quantity::Int64(2)));
}

pub(crate) async fn ten_thousand_records_fit_into_one_request(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let records: Vec<_> = (0..10_000)
        .map(|number| record(&order, &format!("k-{number}"), number, USED))
        .collect();
    // A slow machine may need the request twice: that is what repeating is for.
    let mut taken = 0;
    for _ in 0..10 {
        let (status, body) = function.record(NOW, &records).await;
        taken += body["accepted"].as_u64().unwrap();
        if status == 200 {
            break;
        }
    }
    assert!(taken <= 10_000);
    let (_, body) = function.record(NOW, &records[..1_000]).await;
    assert_eq!(body["duplicate"], 1_000);
    // The same of reporting, which goes on where it was.
    for _ in 0..10 {
        if function.report("2026-03-01T11:05:00Z").await.failed == 0 {
            break;
        }
    }
    let all = Quantity::Int64((0..10_000).sum());
    assert_eq!(function.billed(&order, QUERIES), Some(all));
}

pub(crate) async fn many_first_requests_at_once_lose_nothing(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let mut requests = JoinSet::new();
    for number in 0..20 {
        let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
        // Neighbours overlap by one record.
        let keys = [number, number + 1].map(|key| record(&order, &format!("k-{key}"), 1, USED));
        let body = json!({ "records": keys }).to_string();
        requests.spawn(async move {
            let answer = handler
                .record(&caller, body.as_bytes(), request(at(NOW)))
                .await;
            read(answer.unwrap()).await
        });
    }
    let mut accepted = 0;
    for (status, body) in requests.join_all().await {
        assert_eq!(status, 200, "{body}");
        accepted += body["accepted"].as_u64().unwrap();
    }
    assert_eq!(accepted, 21);
    function.report("2026-03-01T11:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(21)));
}

pub(crate) async fn a_customer_who_never_was_active_uses_nothing(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.buy();
    let mut entitlement = function.entitlement(&order);
    entitlement.usage_reporting_id = None;
    for (state, code) in [
        (
            EntitlementState::ActivationRequested,
            "entitlement-not-active",
        ),
        (EntitlementState::Cancelled, "entitlement-never-active"),
        (EntitlementState::Suspended, "entitlement-suspended"),
    ] {
        entitlement.state = state;
        function.put(&entitlement).await;
        let (_, body) = function.record(NOW, &[record(&order, "k", 1, USED)]).await;
        assert_eq!(ends(&body), [("refused", code, 409)]);
    }
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.closed, done.entitlements), (0, 0));
    assert!(function.simulator.operations().is_empty());
}
