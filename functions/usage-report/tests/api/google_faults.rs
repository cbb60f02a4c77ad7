//! What can go wrong between us and Google.

use function_tests::log::Log;
use marketplace_simulator::{Fault, Matcher, Order, Quantity};
use store::{ReportState, Store};

use crate::function::{QUERIES, TestFunction, record};

const CLOSE: &str = "2026-03-01T11:05:00Z";
const LATER: &str = "2026-03-01T11:06:00Z";

/// A customer with one unit in the window that is closed next.
async fn used(function: &TestFunction) -> Order {
    let order = function.customer().await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    order
}

pub(crate) async fn a_definite_refusal_is_kept_with_its_reason(store: Store) {
    let function = TestFunction::start(store).await;
    for status in [400, 403, 404] {
        let order = used(&function).await;
        let faults = function.simulator.faults();
        faults.next(Matcher::report_usage(), Fault::status(status));
        let done = function.report(CLOSE).await;
        assert_eq!((done.refused, done.pending), (1, 0), "{status}");
        let done = function.report(LATER).await;
        assert_eq!((done.reported, done.refused), (0, 0), "{status}");
        assert_eq!(function.billed(&order, QUERIES), None);
        let rows = function.rows(ReportState::Refused).await;
        let row = rows.iter().find(|row| row.entitlement == order.entitlement);
        let reason = row.unwrap().reason.clone().unwrap();
        assert!(reason.starts_with(&format!("HTTP {status}")), "{reason}");
    }
}

pub(crate) async fn what_is_not_known_is_sent_again_unchanged(store: Store) {
    let function = TestFunction::start(store).await;
    for fault in [
        Fault::status(429),
        Fault::status(401),
        Fault::status(500),
        Fault::status(503),
        Fault::cut(),
        Fault::garbage(),
        // It is not followed: the access token is for one address.
        Fault::redirect(),
    ] {
        let order = used(&function).await;
        let faults = function.simulator.faults();
        faults.next(Matcher::report_usage(), fault);
        let done = function.report(CLOSE).await;
        assert_eq!((done.pending, done.refused), (1, 0), "{fault:?}");
        let before = function.rows(ReportState::Pending).await.remove(0);
        // What comes later joins no window that was closed.
        let late = record(&order, "2", 2, "2026-03-01T10:20:00Z");
        function.accept(CLOSE, &[late]).await;
        assert_eq!(function.report(LATER).await.reported, 1, "{fault:?}");
        let rows = function.rows(ReportState::Reported).await;
        let after = rows.into_iter().find(|row| row.id == before.id).unwrap();
        assert_eq!(
            (after.value, after.start, after.end),
            (before.value, before.start, before.end)
        );
        assert_eq!((after.attempts, after.reason), (2, None), "{fault:?}");
        assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(1)));
    }
}

pub(crate) async fn an_answer_that_stays_unknown_calls_an_operator_after_two_hours(store: Store) {
    let (log, _capturing) = Log::capture("usage-report");
    let function = TestFunction::start(store).await;
    used(&function).await;
    let faults = function.simulator.faults();
    faults.always(Matcher::report_usage(), Fault::status(503));
    for (now, calls) in [(CLOSE, false), ("2026-03-01T13:06:00Z", true)] {
        function.report(now).await;
        let lines = log.lines();
        let mut alerts = lines.iter().map(|line| &line["alert"]);
        assert_eq!(alerts.any(|alert| alert == "usage-report-pending"), calls);
    }
    function.simulator.faults().clear();
}

pub(crate) async fn a_lost_answer_is_made_up_for(store: Store) {
    let function = TestFunction::where_repeats_count_once(store).await;
    for fault in [
        Fault::cut().after_effect(),
        Fault::cut_mid_body(),
        Fault::status(500).after_effect(),
    ] {
        let order = used(&function).await;
        let faults = function.simulator.faults();
        faults.next(Matcher::report_usage(), fault);
        assert_eq!(function.report(CLOSE).await.pending, 1, "{fault:?}");
        assert_eq!(function.report(LATER).await.reported, 1, "{fault:?}");
        assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(1)));
        let operations = function.simulator.operations();
        let mut ids = operations.iter().rev().map(|it| &it.operation_id);
        assert_eq!(ids.next().unwrap(), ids.next().unwrap(), "{fault:?}");
    }
}

pub(crate) async fn errors_in_an_answer_of_200_are_failures(store: Store) {
    let function = TestFunction::start(store).await;
    for (code, state) in [
        (3, ReportState::Refused),
        (7, ReportState::Refused),
        (8, ReportState::Pending),
        (14, ReportState::Pending),
    ] {
        let order = used(&function).await;
        let consumer = function.entitlement(&order).usage_reporting_id.unwrap();
        function.simulator.refuse_reports(&consumer, 1, code);
        function.report(CLOSE).await;
        assert_eq!(function.billed(&order, QUERIES), None);
        let rows = function.rows(state).await;
        assert!(
            rows.iter().any(|row| row.entitlement == order.entitlement),
            "{code}"
        );
        function.report(LATER).await;
        let billed = (state == ReportState::Pending).then_some(Quantity::Int64(1));
        assert_eq!(function.billed(&order, QUERIES), billed, "{code}");
    }
}

pub(crate) async fn a_google_that_hangs_does_not_keep_windows_open(store: Store) {
    // What hung is counted in the end, after it was given up.
    let function = TestFunction::where_repeats_count_once(store).await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(used(&function).await);
    }
    let faults = function.simulator.faults();
    let hanging = faults.always(Matcher::service_control(), Fault::hang());
    let done = function.report(CLOSE).await;
    assert_eq!((done.closed, done.pending, done.failed), (3, 3, 0));
    function.simulator.faults().clear();
    hanging.release();
    assert_eq!(function.report(LATER).await.reported, 3);
    for order in orders {
        assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(1)));
    }
}
