//! A store that is away, and processes that end between any two of their steps.

use std::sync::Arc;
use std::time::Duration;

use function_tests::emulator;
use function_tests::firestore_proxy::ReservedAddress;
use jiff::SignedDuration;
use marketplace::{At, Deadline};
use marketplace_simulator::Quantity;
use serde_json::json;
use store::Store;
use tokio::time::timeout;

use crate::function::{QUERIES, TestFunction, at, read, record, request};

#[tokio::test]
async fn without_a_store_every_record_is_to_be_sent_again() {
    let closed = ReservedAddress::default();
    let function = TestFunction::start(closed.store()).await;
    let order = function.buy();
    let used = "2026-03-01T10:10:00Z";
    let records = [record(&order, "1", 1, used), json!("nothing")];
    let body = json!({ "records": records }).to_string();
    let at = At {
        now: at("2026-03-01T10:11:00Z"),
        deadline: Deadline::after(Duration::from_secs(2)),
    };
    let (handler, caller) = (&function.handler, &function.caller);
    let answer = handler.record(caller, body.as_bytes(), at).await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "10");
    let (status, body) = read(answer).await;
    assert_eq!(status, 503);
    assert_eq!((&body["retry"], &body["refused"]), (&json!(1), &json!(1)));
    assert_eq!(body["records"][0]["status"], "retry");
    assert!(function.handler.report(&function.caller, at).await.is_err());
}

/// Both sides are cut off after a while that grows, so that they end in each of their steps.
#[tokio::test]
async fn work_cut_off_at_any_point_is_made_up_for() {
    let store = emulator::new_store();
    let function = TestFunction::where_repeats_count_once(store).await;
    let order = function.customer().await;
    let mut now = at("2026-03-01T10:00:00Z");
    let mut used = 0;
    for round in 0..40_u64 {
        let patience = Duration::from_millis(1 + round * 3);
        let keys = [format!("{round}-a"), format!("{round}-b")];
        let records = keys.map(|key| record(&order, &key, 1, &now.to_string()));
        used += records.len();
        let body = json!({ "records": records }).to_string();
        let take = async |function: &TestFunction, patience: Option<Duration>| -> bool {
            let answer = function
                .handler
                .record(&function.caller, body.as_bytes(), request(now));
            match patience {
                Some(patience) => timeout(patience, answer).await.is_ok(),
                None => read(answer.await.unwrap()).await.0 == 200,
            }
        };
        take(&function, Some(patience)).await;
        while !take(&function, None).await {}
        now = now.saturating_add(SignedDuration::from_mins(61)).unwrap();
        let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
        let cut = tokio::spawn(async move { handler.report(&caller, request(now)).await.is_ok() });
        let abort = cut.abort_handle();
        if timeout(patience, cut).await.is_err() {
            abort.abort();
        }
    }
    for _ in 0..2 {
        now = now.saturating_add(SignedDuration::from_mins(61)).unwrap();
        function.report_at(now).await;
    }
    let all = Quantity::Int64(i128::try_from(used).unwrap());
    assert_eq!(function.billed(&order, QUERIES), Some(all));
}

#[tokio::test]
async fn an_empty_store_has_nothing_to_report() {
    let function = TestFunction::start(Store::memory()).await;
    let done = function.report("2026-03-01T10:05:00Z").await;
    assert!(done.finished);
    assert_eq!(done.entitlements, 0);
}
