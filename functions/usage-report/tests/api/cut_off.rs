//! Reports that end somewhere in the middle, and several at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use marketplace_simulator::{Fault, Matcher, Quantity};
use metering::{Labels, MetricId, UserLabels, Window, operation_id};
use serde_json::json;
use store::{Closing, Commit, Meter, ReportState, Shard, Store, UsageReport, WindowGate};
use tokio::task::JoinSet;

use crate::function::{QUERIES, SCANNED, START, TestFunction, at, read, record, request, soon};

const CLOSE: &str = "2026-03-01T11:05:00Z";
const LATER: &str = "2026-03-01T11:06:00Z";

/// Units of both metrics in two windows of each customer: four operations.
async fn usage(function: &TestFunction) -> marketplace_simulator::Order {
    let order = function.customer().await;
    let mut records = Vec::new();
    for (key, when) in [("1", "2026-03-01T09:30:00Z"), ("2", "2026-03-01T10:10:00Z")] {
        records.push(record(&order, key, 3, when));
        let mut scanned = record(&order, &format!("s-{key}"), 0.25, when);
        scanned["metric"] = json!(SCANNED);
        records.push(scanned);
    }
    function.accept("2026-03-01T10:11:00Z", &records).await;
    order
}

fn assert_billed(function: &TestFunction, order: &marketplace_simulator::Order, why: &str) {
    let billed = [QUERIES, SCANNED].map(|metric| function.billed(order, metric));
    let expected = [Quantity::Int64(6), Quantity::Double(0.5)].map(Some);
    assert_eq!(billed, expected, "{why}");
}

pub(crate) async fn a_report_cut_off_in_any_call_is_completed_by_the_next(store: Store) {
    let function = TestFunction::where_repeats_count_once(store).await;
    // One check and four reports.
    for n in 1..=5 {
        for fault in [Fault::hang(), Fault::hang().after_effect()] {
            let order = usage(&function).await;
            let call = Matcher::service_control();
            let held = function.simulator.faults().nth(n, call, fault);
            let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
            let crashing = tokio::spawn(async move {
                let _ = handler.report(&caller, request(at(CLOSE))).await;
            });
            held.arrived().await;
            // The process is gone; what Google does with the call is another matter.
            crashing.abort();
            assert!(crashing.await.unwrap_err().is_cancelled());
            held.release();
            function.report(LATER).await;
            assert_billed(&function, &order, &format!("{n} {fault:?}"));
            assert!(function.rows(ReportState::Pending).await.is_empty());
        }
    }
}

/// As a crash leaves it after the first commit of a closing.
async fn closing(function: &TestFunction, order: &marketplace_simulator::Order) -> Closing {
    let until = at("2026-03-01T11:00:00Z");
    let closing = Closing {
        from: at(START),
        until,
        labels: UserLabels::LeftOut,
        zero: Vec::new(),
    };
    let found = function.store.meter_and_gates(&order.entitlement, soon());
    let (meter, gates) = found.await.unwrap().unwrap();
    assert_eq!(gates.len(), usize::from(Shard::COUNT));
    let closed = Meter {
        open: until,
        closing: Some(closing.clone()),
        ..meter.record
    };
    let commit = Commit::new().replace(&closed, &meter.version);
    let commit = gates.into_iter().fold(commit, |commit, gate| {
        let moved = WindowGate {
            open: until,
            ..gate.record
        };
        commit.replace(moved, &gate.version)
    });
    function.store.commit(commit, soon()).await.unwrap();
    closing
}

pub(crate) async fn a_closing_that_a_crash_left_is_finished(store: Store) {
    let function = TestFunction::start(store).await;
    let order = usage(&function).await;
    closing(&function, &order).await;
    let late = record(&order, "late", 1, "2026-03-01T10:20:00Z");
    let (_, body) = function.record(CLOSE, &[late]).await;
    assert_eq!(body["records"][0]["status"], "accepted-late");
    let done = function.report(CLOSE).await;
    assert_eq!((done.reported, done.closed), (4, 0));
    assert_billed(&function, &order, "");
    let meter = function.store.meter(&order.entitlement, soon()).await;
    assert_eq!(meter.unwrap().unwrap().record.closing, None);
}

pub(crate) async fn rows_that_a_crash_left_are_sent_once(store: Store) {
    let function = TestFunction::start(store).await;
    let order = usage(&function).await;
    closing(&function, &order).await;
    // One of the four rows was written a minute before.
    let entitlement = function.entitlement(&order);
    let metric = MetricId::parse(QUERIES).unwrap();
    let window = Window {
        start: at(START),
        end: at("2026-03-01T10:00:00Z"),
    };
    let row = UsageReport {
        id: operation_id(&order.entitlement, &metric, window, &Labels::new()).to_string(),
        entitlement: entitlement.id,
        account: entitlement.account,
        metric,
        start: window.start,
        end: window.end,
        labels: Labels::new(),
        value: Some(metering::Quantity::Int64(3)),
        consumer: entitlement.usage_reporting_id,
        state: ReportState::Pending,
        reason: None,
        attempts: 0,
        created: at("2026-03-01T11:04:00Z"),
        updated: at("2026-03-01T11:04:00Z"),
    };
    let commit = Commit::new().create(&row);
    function.store.commit(commit, soon()).await.unwrap();
    let done = function.report(CLOSE).await;
    assert_eq!(done.reported, 4);
    assert_billed(&function, &order, "");
}

pub(crate) async fn reporters_at_once_bill_everything_once(store: Store) {
    let function = TestFunction::start(store).await;
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(usage(&function).await);
    }
    // All at once, first with work for everybody, then with something to send again.
    let lost = Matcher::report_usage();
    let faults = function.simulator.faults();
    faults.times(3, lost, Fault::status(503));
    for now in [CLOSE, LATER] {
        let mut reporters = JoinSet::new();
        for _ in 0..6 {
            let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
            reporters.spawn(async move { handler.report(&caller, request(at(now))).await });
        }
        for done in reporters.join_all().await {
            done.unwrap();
        }
    }
    function.report("2026-03-01T11:10:00Z").await;
    for order in &orders {
        assert_billed(&function, order, "");
    }
    let rows = function.rows(ReportState::Reported).await;
    let ids: BTreeSet<_> = rows.iter().map(|row| &row.id).collect();
    assert_eq!((rows.len(), ids.len()), (16, 16));
    let counted = function.simulator.operations();
    assert_eq!(counted.iter().filter(|it| it.is_counted()).count(), 16);
}

pub(crate) async fn records_and_reports_at_once_lose_nothing(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let mut work = JoinSet::new();
    for number in 0..30_u32 {
        let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
        let records: Vec<_> = (0..5)
            .map(|n| record(&order, &format!("{number}-{n}"), 1, "2026-03-01T10:59:00Z"))
            .collect();
        let body = json!({ "records": records }).to_string();
        work.spawn(async move {
            tokio::time::sleep(Duration::from_millis(u64::from(number) * 7)).await;
            // Until everything is taken, as applications do.
            loop {
                let answer = handler
                    .record(&caller, body.as_bytes(), request(at(CLOSE)))
                    .await;
                let (status, body) = read(answer.unwrap()).await;
                assert_eq!(body["refused"], 0, "{body}");
                if status == 200 {
                    return;
                }
            }
        });
        if number % 5 == 0 {
            let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
            work.spawn(async move {
                tokio::time::sleep(Duration::from_millis(u64::from(number) * 7)).await;
                handler.report(&caller, request(at(CLOSE))).await.unwrap();
            });
        }
    }
    work.join_all().await;
    function.report("2026-03-01T12:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(150)));
}
