//! What is refused of an order in force is nobody's bill: an operator hears of it.

use function_tests::log::Log;
use serde_json::{Value, json};
use store::Store;

use crate::function::{TestFunction, UsageSetup, record};

const NOW: &str = "2026-03-01T10:30:00Z";
const USED: &str = "2026-03-01T10:10:00Z";

/// The alerts about refused usage: entitlement, code, number and severity.
fn alerts(log: &Log) -> Vec<Value> {
    let mut lines = log.lines();
    lines.retain(|line| line["alert"] == "usage-refused");
    let alerts = lines.iter().map(|line| {
        json!([
            line["entitlementId"],
            line["code"],
            line["refused"],
            line["severity"]
        ])
    });
    alerts.collect()
}

fn with(mut record: Value, member: &str, value: impl Into<Value>) -> Value {
    record[member] = value.into();
    record
}

pub(crate) async fn a_refusal_of_an_order_in_force_calls_an_operator_once(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let (log, _capturing) = Log::capture("usage-report");
    function.uses(&order, "1", 1, USED).await;
    let records = [
        record(&order, "2", 1, USED),
        with(record(&order, "3", 1, USED), "metric", "unknown"),
        with(record(&order, "4", 1, USED), "quantity", -1),
        // Something else is stored under this key.
        record(&order, "1", 2, USED),
        json!("nothing"),
    ];
    let (_, body) = function.record(NOW, &records).await;
    assert_eq!(
        (&body["accepted"], &body["refused"]),
        (&json!(1), &json!(4))
    );
    let expected = json!([order.entitlement, "metric-unknown", 2, "ERROR"]);
    assert_eq!(alerts(&log), [expected]);
}

pub(crate) async fn a_refusal_of_an_order_that_has_ended_calls_nobody(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let (log, _capturing) = Log::capture("usage-report");
    function.uses(&order, "1", 1, USED).await;
    function.cancel(&order, "2026-03-01T10:20:00Z").await;
    let after = record(&order, "2", 1, "2026-03-01T10:25:00Z");
    let unknown = with(record(&order, "3", 1, USED), "metric", "unknown");
    let nobody_s = with(record(&order, "4", 1, USED), "entitlement", "E-unknown");
    let (_, body) = function.record(NOW, &[after, unknown, nobody_s]).await;
    assert_eq!(body["refused"], 3);
    assert_eq!(alerts(&log), Vec::<Value>::new());
}

pub(crate) async fn usage_of_a_product_without_a_service_calls_an_operator(store: Store) {
    let function = UsageSetup::over(store);
    let function = function.with("PRODUCTS", "another-product,third-product");
    let function = function.with("SERVICE_NAME", "another-product=another.example.com");
    let function = function.start().await;
    let order = function.customer().await;
    let (log, _capturing) = Log::capture("usage-report");
    let (_, body) = function.record(NOW, &[record(&order, "1", 1, USED)]).await;
    assert_eq!(body["refused"], 1);
    let expected = json!([order.entitlement, "product-without-service", 1, "ERROR"]);
    assert_eq!(alerts(&log), [expected]);
}
