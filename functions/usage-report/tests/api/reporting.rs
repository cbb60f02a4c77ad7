//! From records to the customer's bill.

use marketplace_simulator::{Gaps, Quantity, ReportingIds};
use serde_json::json;
use store::{ReportState, Store, UsageReport};

use crate::function::{QUERIES, SCANNED, TestFunction, UsageSetup, record};

fn int(value: i128) -> Quantity {
    Quantity::Int64(value)
}

fn line(start: &str, end: &str, quantity: Quantity) -> (String, String, Quantity) {
    (start.to_owned(), end.to_owned(), quantity)
}

pub(crate) async fn what_was_used_is_billed_hour_by_hour(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let mut scanned = record(&order, "s-1", 0.1, "2026-03-01T09:30:00Z");
    scanned["metric"] = json!(SCANNED);
    let records = [
        record(&order, "1", 1, "2026-03-01T09:20:00Z"),
        record(&order, "2", 2, "2026-03-01T09:59:59.999Z"),
        scanned,
        record(&order, "3", 4, "2026-03-01T10:00:00Z"),
    ];
    function.accept("2026-03-01T10:01:00Z", &records).await;
    // The hour that is not over stays open.
    let done = function.report("2026-03-01T10:05:00Z").await;
    assert_eq!((done.closed, done.reported), (1, 2));
    let more = record(&order, "4", 8, "2026-03-01T10:59:00Z");
    function.accept("2026-03-01T11:02:00Z", &[more]).await;
    function.report("2026-03-01T11:05:00Z").await;
    let again = function.report("2026-03-01T11:25:00Z").await;
    assert_eq!((again.closed, again.reported), (0, 0));
    assert_eq!(
        function.billed(&order, SCANNED),
        Some(Quantity::Double(0.1))
    );
    let expected = [
        line("2026-03-01T09:20:00Z", "2026-03-01T10:00:00Z", int(3)),
        line(
            "2026-03-01T09:20:00Z",
            "2026-03-01T10:00:00Z",
            Quantity::Double(0.1),
        ),
        line("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", int(12)),
    ];
    let mut lines = function.lines(&order);
    lines.sort_by_key(|(start, _, quantity)| {
        (start.clone(), matches!(quantity, Quantity::Double(_)))
    });
    assert_eq!(lines, expected);
    let rows = function.rows(ReportState::Reported).await;
    assert_eq!(rows.len(), 3);
    let at_once = |row: &UsageReport| row.attempts == 1 && row.reason.is_none();
    assert!(rows.iter().all(at_once));
}

pub(crate) async fn late_usage_is_billed_in_the_open_window(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.report("2026-03-01T11:05:00Z").await;
    let late = record(&order, "2", 2, "2026-03-01T10:20:00Z");
    let (_, body) = function.record("2026-03-01T11:10:00Z", &[late]).await;
    assert_eq!(body["records"][0]["status"], "accepted-late");
    function.report("2026-03-01T12:05:00Z").await;
    let expected = [
        line("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", int(1)),
        line("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", int(2)),
    ];
    assert_eq!(function.lines(&order), expected);

    let function = UsageSetup::over(Store::memory())
        .with("LATE_USAGE", "refuse")
        .start()
        .await;
    let order = function.customer().await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.report("2026-03-01T11:05:00Z").await;
    let late = record(&order, "2", 2, "2026-03-01T10:20:00Z");
    let (_, body) = function.record("2026-03-01T11:10:00Z", &[late]).await;
    assert_eq!(body["records"][0]["code"], "window-closed");
}

pub(crate) async fn a_cancelled_customer_s_last_window_is_sent_at_once(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.cancel(&order, "2026-03-01T10:20:00Z").await;
    let before = record(&order, "2", 2, "2026-03-01T10:19:59Z");
    function.accept("2026-03-01T10:22:00Z", &[before]).await;
    let after = record(&order, "3", 4, "2026-03-01T10:20:00Z");
    let (_, body) = function.record("2026-03-01T10:22:00Z", &[after]).await;
    assert_eq!(body["records"][0]["code"], "after-entitlement");
    function.report("2026-03-01T10:25:00Z").await;
    let last = line("2026-03-01T10:00:00Z", "2026-03-01T10:20:00Z", int(3));
    assert_eq!(function.lines(&order), [last]);
    let late = record(&order, "4", 8, "2026-03-01T10:15:00Z");
    let (_, body) = function.record("2026-03-01T10:26:00Z", &[late]).await;
    assert_eq!(body["records"][0]["code"], "last-window-closed");
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.closed, done.entitlements), (0, 0));
}

pub(crate) async fn usage_after_an_end_that_was_not_known_yet_is_held(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let records = [
        record(&order, "1", 1, "2026-03-01T10:10:00Z"),
        record(&order, "2", 2, "2026-03-01T10:50:00Z"),
        record(&order, "3", 4, "2026-03-01T11:10:00Z"),
        record(&order, "4", 8, "2026-03-01T12:10:00Z"),
    ];
    function.accept("2026-03-01T12:11:00Z", &records).await;
    function.cancel(&order, "2026-03-01T10:20:00Z").await;
    let done = function.report("2026-03-01T12:12:00Z").await;
    assert_eq!((done.reported, done.held), (1, 3));
    let held = function.rows(ReportState::Held).await;
    let mut values: Vec<_> = held
        .iter()
        .map(|row| (row.start.to_string(), row.end.to_string(), row.value))
        .collect();
    values.sort_by(|a, b| a.0.cmp(&b.0));
    let value = |value| Some(metering::Quantity::Int64(value));
    let held = |start: &str, end: &str, units| (start.to_owned(), end.to_owned(), value(units));
    let expected = [
        held("2026-03-01T10:20:00Z", "2026-03-01T11:00:00Z", 2),
        held("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", 4),
        held("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z", 8),
    ];
    assert_eq!(values, expected);
    // Nothing is lost, and nothing is billed beyond the end.
    assert_eq!(function.billed(&order, QUERIES), Some(int(1)));
}

pub(crate) async fn a_missing_reporting_id_waits(store: Store) {
    let minute = std::time::Duration::from_mins(1);
    let setup = UsageSetup::over(store).simulated(|settings| {
        settings.usage.reporting_ids = ReportingIds::AfterActivation(minute);
    });
    let function = setup.start().await;
    let order = function.customer().await;
    assert_eq!(function.entitlement(&order).usage_reporting_id, None);
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.waiting, done.reported), (1, 0));
    function.uses(&order, "2", 2, "2026-03-01T11:10:00Z").await;
    assert_eq!(function.report("2026-03-01T12:05:00Z").await.waiting, 2);
    assert!(function.simulator.operations().is_empty());
    function
        .simulator
        .issue_usage_reporting_id(&order.entitlement)
        .unwrap();
    function.put(&function.entitlement(&order)).await;
    let done = function.report("2026-03-01T12:15:00Z").await;
    assert_eq!((done.waiting, done.reported), (0, 2));
    let expected = [
        line("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", int(1)),
        line("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", int(2)),
    ];
    assert_eq!(function.lines(&order), expected);
}

pub(crate) async fn zeros_are_reported_where_that_is_wanted(store: Store) {
    let setup = UsageSetup::over(store).with("ZERO_USAGE", "report");
    // Every moment is covered then, for every metric.
    let setup = setup.simulated(|settings| settings.usage.gaps = Gaps::AreViolations);
    let function = setup.start().await;
    let order = function.customer().await;
    function.report("2026-03-01T11:05:00Z").await;
    function.uses(&order, "1", 5, "2026-03-01T11:10:00Z").await;
    function.report("2026-03-01T12:05:00Z").await;
    assert_eq!(function.lines(&order).len(), 6);
    assert_eq!(function.billed(&order, QUERIES), Some(int(5)));
    assert_eq!(
        function.billed(&order, SCANNED),
        Some(Quantity::Double(0.0))
    );
}

pub(crate) async fn labels_are_reported_where_that_is_wanted(store: Store) {
    let function = UsageSetup::over(store)
        .with("USER_LABELS", "on")
        .start()
        .await;
    let order = function.customer().await;
    let labelled = |key: &str, environment: &str| {
        let mut record = record(&order, key, 2, "2026-03-01T10:10:00Z");
        record["labels"] = json!({ "environment": environment });
        record
    };
    let records = [
        labelled("1", "prod"),
        labelled("2", "test"),
        labelled("3", "prod"),
    ];
    function.accept("2026-03-01T10:11:00Z", &records).await;
    function.report("2026-03-01T11:05:00Z").await;
    let bill = function.simulator.bill(&order.account);
    let mut lines: Vec<_> = bill
        .lines
        .iter()
        .map(|line| (line.user_labels["environment"].clone(), line.quantity))
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        lines,
        [("prod".to_owned(), int(4)), ("test".to_owned(), int(2))]
    );
}

pub(crate) async fn without_labels_everything_is_one_operation(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let mut labelled = record(&order, "1", 2, "2026-03-01T10:10:00Z");
    labelled["labels"] = json!({ "environment": "prod" });
    let plain = record(&order, "2", 1, "2026-03-01T10:10:00Z");
    function
        .accept("2026-03-01T10:11:00Z", &[labelled, plain])
        .await;
    function.report("2026-03-01T11:05:00Z").await;
    let bill = function.simulator.bill(&order.account);
    assert_eq!(bill.lines.len(), 1);
    assert!(bill.lines[0].user_labels.is_empty());
    assert_eq!(bill.lines[0].quantity, int(3));
}

pub(crate) async fn a_clock_that_stepped_back_closes_nothing(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.report("2026-03-01T11:05:00Z").await;
    // Ten o'clock once more.
    let again = record(&order, "2", 2, "2026-03-01T10:04:00Z");
    let (_, body) = function.record("2026-03-01T10:05:00Z", &[again]).await;
    assert_eq!(body["records"][0]["status"], "accepted-late");
    let done = function.report("2026-03-01T10:06:00Z").await;
    assert_eq!((done.closed, done.reported), (0, 0));
    function.report("2026-03-01T12:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(int(3)));
}

pub(crate) async fn a_total_beyond_2_63_is_held(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let used = "2026-03-01T10:10:00Z";
    let records = [
        record(&order, "1", i64::MAX, used),
        record(&order, "2", 1, used),
    ];
    function.accept("2026-03-01T10:11:00Z", &records).await;
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.held, done.reported), (1, 0));
    assert_eq!(function.rows(ReportState::Held).await[0].value, None);
    assert!(function.simulator.operations().is_empty());
}

pub(crate) async fn a_pause_of_days_leaves_no_gap(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let used = |key: &str, when: &str| record(&order, key, 1, when);
    let records = [
        used("1", "2026-03-01T09:20:00Z"),
        used("2", "2026-03-02T23:59:59Z"),
        used("3", "2026-03-08T10:30:00Z"),
    ];
    function.accept("2026-03-08T11:01:00Z", &records).await;
    let done = function.report("2026-03-08T12:05:00Z").await;
    assert_eq!((done.closed, done.reported), (1, 3));
    assert_eq!(function.billed(&order, QUERIES), Some(int(3)));
}
