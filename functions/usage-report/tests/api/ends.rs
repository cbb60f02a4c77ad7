//! Orders that end, that seem to, and that come back.

use marketplace::EntitlementState;
use marketplace_simulator::{Fault, Matcher, Order, Quantity};
use metering::{Labels, MetricId, RunningTotals, Used, UserLabels, hour_of};
use serde_json::Value;
use store::{
    Closing, Commit, Entitlement, Meter, PastEnd, ReadingProgress, ReportState, Store, UsageGap,
    WindowGate,
};

use crate::function::{QUERIES, START, TestFunction, UsageSetup, at, record, soon};

fn int(value: i128) -> Quantity {
    Quantity::Int64(value)
}

fn line(start: &str, end: &str, units: i128) -> (String, String, Quantity) {
    (start.to_owned(), end.to_owned(), int(units))
}

fn status(body: &Value) -> &str {
    body["records"][0]["status"].as_str().unwrap()
}

/// The windows of what is held, with their units.
async fn held(function: &TestFunction) -> Vec<(String, String, Quantity)> {
    let rows = function.rows(ReportState::Held).await.into_iter();
    let mut held: Vec<_> = rows
        .map(|row| {
            let Some(metering::Quantity::Int64(units)) = row.value else {
                panic!("{row:?}");
            };
            line(&row.start.to_string(), &row.end.to_string(), units.into())
        })
        .collect();
    held.sort_by(|a, b| a.0.cmp(&b.0));
    held
}

/// The customer used one unit, and the order is known to have been gone since 10:20.
async fn ended(function: &TestFunction) -> Order {
    let order = function.customer().await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function
        .confirm_absence(&order, "2026-03-01T10:20:00Z")
        .await;
    function.report("2026-03-01T10:25:00Z").await;
    let last = line("2026-03-01T10:00:00Z", "2026-03-01T10:20:00Z", 1);
    assert_eq!(function.lines(&order), [last]);
    order
}

pub(crate) async fn an_absence_closes_nothing_until_it_is_confirmed(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.uses(&order, "2", 2, "2026-03-01T11:01:00Z").await;
    function.miss(&order, "2026-03-01T11:02:30Z").await;
    function.uses(&order, "3", 4, "2026-03-01T11:10:00Z").await;
    for now in ["2026-03-01T11:15:00Z", "2026-03-02T11:00:00Z"] {
        let done = function.report(now).await;
        assert_eq!((done.closed, done.reported, done.held), (0, 0, 0));
        assert_eq!(done.absent, 1);
    }
    assert!(function.simulator.operations().is_empty());
    function
        .confirm_absence(&order, "2026-03-01T11:02:30Z")
        .await;
    let done = function.report("2026-03-02T11:10:00Z").await;
    assert_eq!((done.absent, done.reported, done.held), (0, 2, 1));
    let expected = [
        line("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", 1),
        line("2026-03-01T11:00:00Z", "2026-03-01T11:02:30Z", 2),
    ];
    assert_eq!(function.lines(&order), expected);
    let expected = [line("2026-03-01T11:02:30Z", "2026-03-01T12:00:00Z", 4)];
    assert_eq!(held(&function).await, expected);
}

pub(crate) async fn an_absence_that_passes_changes_nothing(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.miss(&order, "2026-03-01T10:30:00Z").await;
    function.uses(&order, "2", 2, "2026-03-01T10:40:00Z").await;
    assert_eq!(function.report("2026-03-01T11:05:00Z").await.closed, 0);
    function.find_again(&order).await;
    let done = function.report("2026-03-01T11:25:00Z").await;
    assert_eq!((done.absent, done.reported, done.held), (0, 1, 0));
    let expected = [line("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", 3)];
    assert_eq!(function.lines(&order), expected);
}

pub(crate) async fn rows_of_an_absent_order_are_sent(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    let faults = function.simulator.faults();
    faults.next(Matcher::report_usage(), Fault::status(503));
    assert_eq!(function.report("2026-03-01T11:05:00Z").await.pending, 1);
    function.miss(&order, "2026-03-01T11:06:00Z").await;
    let done = function.report("2026-03-01T11:07:00Z").await;
    assert_eq!((done.reported, done.absent, done.closed), (1, 1, 0));
    assert_eq!(function.billed(&order, QUERIES), Some(int(1)));
}

pub(crate) async fn an_order_that_is_back_is_open_from_the_next_full_hour(store: Store) {
    let function = TestFunction::start(store).await;
    let order = ended(&function).await;
    function.find_again(&order).await;
    function.report("2026-03-01T13:30:00Z").await;
    let open = at("2026-03-01T14:00:00Z");
    let found = function.store.meter_and_gates(&order.entitlement, soon());
    let (meter, gates) = found.await.unwrap().unwrap();
    let gap = Some(UsageGap {
        from: at("2026-03-01T10:20:00Z"),
        until: open,
    });
    let Meter { ended, .. } = meter.record;
    assert_eq!(
        (meter.record.open, ended, meter.record.gap),
        (open, None, gap)
    );
    let is_open = |it: &WindowGate| (it.open, it.ended, it.gap) == (open, None, gap);
    assert_eq!(gates.len(), 16);
    assert!(gates.iter().all(|gate| is_open(&gate.record)));
    let used = record(&order, "2", 2, "2026-03-01T12:00:00Z");
    let (_, body) = function.record("2026-03-01T13:31:00Z", &[used]).await;
    assert_eq!(status(&body), "accepted-late");
    function.uses(&order, "3", 4, "2026-03-01T14:10:00Z").await;
    function.report("2026-03-01T15:05:00Z").await;
    let expected = [
        line("2026-03-01T10:00:00Z", "2026-03-01T10:20:00Z", 1),
        line("2026-03-01T14:00:00Z", "2026-03-01T15:00:00Z", 6),
    ];
    assert_eq!(function.lines(&order), expected);
    function.assert_nothing_waits().await;
}

pub(crate) async fn usage_of_an_order_that_is_back_opens_it(store: Store) {
    let function = TestFunction::start(store).await;
    let order = ended(&function).await;
    let used = |key: &str, when: &str| record(&order, key, 2, when);
    let refused = used("2", "2026-03-01T13:10:00Z");
    let (_, body) = function
        .record("2026-03-01T13:11:00Z", std::slice::from_ref(&refused))
        .await;
    assert_eq!(body["records"][0]["code"], "after-entitlement");
    function.find_again(&order).await;
    let records = [refused, used("3", "2026-03-01T13:20:00Z")];
    let (code, body) = function.record("2026-03-01T13:21:00Z", &records).await;
    assert_eq!((code, &body["accepted"]), (200, &serde_json::json!(2)));
    assert_eq!(status(&body), "accepted-late");
    function.report("2026-03-01T15:05:00Z").await;
    let again = line("2026-03-01T14:00:00Z", "2026-03-01T15:00:00Z", 4);
    assert_eq!(function.lines(&order).last(), Some(&again));
}

pub(crate) async fn an_order_that_is_absent_again_is_not_opened(store: Store) {
    let function = TestFunction::start(store).await;
    let order = ended(&function).await;
    function.miss(&order, "2026-03-01T12:00:00Z").await;
    let used = record(&order, "2", 2, "2026-03-01T11:30:00Z");
    let used = std::slice::from_ref(&used);
    for now in ["2026-03-01T12:05:00Z", "2026-03-02T11:05:00Z"] {
        let (code, body) = function.record(now, used).await;
        assert_eq!((code, status(&body)), (503, "retry"));
        function.report(now).await;
        assert!(function.meter(&order).await.ended.is_some());
    }
    function.find_again(&order).await;
    let (code, body) = function.record("2026-03-02T11:10:00Z", used).await;
    assert_eq!((code, status(&body)), (200, "accepted-late"));
    function.report("2026-03-02T13:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(int(3)));
}

pub(crate) async fn usage_of_a_gap_is_taken_although_late_usage_is_refused(store: Store) {
    let setup = UsageSetup::over(store).with("LATE_USAGE", "refuse");
    let function = setup.start().await;
    let order = ended(&function).await;
    function.find_again(&order).await;
    let now = "2026-03-01T13:30:00Z";
    for (key, used, expected) in [
        ("2", "2026-03-01T10:20:00Z", "accepted-late"),
        ("3", "2026-03-01T13:29:00Z", "accepted-late"),
        ("4", "2026-03-01T10:19:59Z", "refused"),
        ("5", "2026-03-01T09:30:00Z", "refused"),
    ] {
        let (_, body) = function.record(now, &[record(&order, key, 2, used)]).await;
        assert_eq!(status(&body), expected, "{used}");
    }
    function.report("2026-03-01T15:05:00Z").await;
    assert_eq!(function.billed(&order, QUERIES), Some(int(5)));
}

pub(crate) async fn what_was_held_stays_held_when_the_order_is_back(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    for (key, units, used) in [
        ("1", 1, "2026-03-01T10:10:00Z"),
        ("2", 2, "2026-03-01T10:50:00Z"),
        ("3", 4, "2026-03-01T11:10:00Z"),
    ] {
        function.uses(&order, key, units, used).await;
    }
    function
        .confirm_absence(&order, "2026-03-01T10:20:00Z")
        .await;
    assert_eq!(function.report("2026-03-01T11:15:00Z").await.held, 2);
    function.find_again(&order).await;
    function.report("2026-03-01T11:25:00Z").await;
    function.uses(&order, "4", 8, "2026-03-01T12:10:00Z").await;
    for now in ["2026-03-01T13:05:00Z", "2026-03-02T14:05:00Z"] {
        function.report(now).await;
        assert_eq!(function.billed(&order, QUERIES), Some(int(9)));
        let expected = [
            line("2026-03-01T10:20:00Z", "2026-03-01T11:00:00Z", 2),
            line("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", 4),
        ];
        assert_eq!(held(&function).await, expected);
    }
}

/// As a crash leaves it after the commit that closed the last window, at 10:20.
async fn last_closing(function: &TestFunction, order: &Order) -> Closing {
    let until = at("2026-03-01T10:20:00Z");
    let closing = Closing {
        from: at(START),
        until,
        labels: UserLabels::LeftOut,
        zero: Vec::new(),
    };
    let found = function.store.meter_and_gates(&order.entitlement, soon());
    let (meter, gates) = found.await.unwrap().unwrap();
    let closed = Meter {
        open: until,
        ended: Some(until),
        closing: Some(closing.clone()),
        ..meter.record
    };
    let commit = Commit::new().replace(&closed, &meter.version);
    let commit = gates.into_iter().fold(commit, |commit, gate| {
        let moved = WindowGate {
            open: until,
            ended: Some(until),
            ..gate.record
        };
        commit.replace(moved, &gate.version)
    });
    function.store.commit(commit, soon()).await.unwrap();
    closing
}

pub(crate) async fn an_order_is_not_opened_while_its_last_hours_are_read(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    last_closing(&function, &order).await;
    let used = record(&order, "2", 2, "2026-03-01T10:30:00Z");
    let used = std::slice::from_ref(&used);
    let (code, body) = function.record("2026-03-01T10:31:00Z", used).await;
    assert_eq!((code, status(&body)), (503, "retry"));
    function.report("2026-03-01T10:35:00Z").await;
    let (code, body) = function.record("2026-03-01T10:36:00Z", used).await;
    assert_eq!((code, status(&body)), (200, "accepted-late"));
    function.report("2026-03-01T12:05:00Z").await;
    let expected = [
        line("2026-03-01T10:00:00Z", "2026-03-01T10:20:00Z", 1),
        line("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", 2),
    ];
    assert_eq!(function.lines(&order), expected);
}

pub(crate) async fn an_hour_that_an_earlier_version_has_read_in_part_is_split(store: Store) {
    let function = TestFunction::start(store).await;
    // Nothing was split, or an earlier version has read on after it was.
    let split_before = PastEnd {
        after: "1".to_owned(),
        tally: RunningTotals::default(),
    };
    for (units, past_end) in [(1_000, None), (7, Some(split_before))] {
        let order = function.customer().await;
        function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
        function
            .uses(&order, "2", units, "2026-03-01T10:50:00Z")
            .await;
        function
            .confirm_absence(&order, "2026-03-01T10:20:00Z")
            .await;
        let Closing { from, until, .. } = last_closing(&function, &order).await;
        // Both records, summed up.
        let mut tally = RunningTotals::default();
        tally.add(Used {
            metric: &MetricId::parse(QUERIES).unwrap(),
            quantity: metering::Quantity::Int64(1 + units),
            labels: &Labels::new(),
        });
        let progress = ReadingProgress {
            entitlement: order.entitlement.clone(),
            from,
            until,
            hour: hour_of(until),
            after: "2".to_owned(),
            tally,
            past_end,
            updated: until,
        };
        let commit = Commit::new().put(&progress);
        function.store.commit(commit, soon()).await.unwrap();
        let done = function.report("2026-03-01T11:05:00Z").await;
        assert_eq!((done.reported, done.held), (1, 1));
        assert_eq!(function.billed(&order, QUERIES), Some(int(1)));
        let expected = line("2026-03-01T10:20:00Z", "2026-03-01T11:00:00Z", units.into());
        assert!(held(&function).await.contains(&expected));
    }
}

pub(crate) async fn usage_for_a_window_without_time_in_force_is_held(store: Store) {
    let function = TestFunction::start(store).await;
    let order = ended(&function).await;
    function.find_again(&order).await;
    function.report("2026-03-01T10:30:00Z").await;
    let used = record(&order, "2", 2, "2026-03-01T10:31:00Z");
    function.accept("2026-03-01T10:32:00Z", &[used]).await;
    // It ends again before it is open.
    let cancelled = Entitlement {
        state: EntitlementState::Cancelled,
        update_time: at("2026-03-01T10:40:00Z"),
        ..function.entitlement(&order)
    };
    function.put(&cancelled).await;
    function.report("2026-03-01T10:45:00Z").await;
    let expected = [line("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", 2)];
    assert_eq!(held(&function).await, expected);
    // And it comes back again, to an hour of which nothing is held.
    function.find_again(&order).await;
    function.report("2026-03-01T10:50:00Z").await;
    assert_eq!(
        function.meter(&order).await.open,
        at("2026-03-01T12:00:00Z")
    );
    function.uses(&order, "3", 4, "2026-03-01T11:10:00Z").await;
    function.report("2026-03-01T13:05:00Z").await;
    let last = line("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z", 4);
    assert_eq!(function.lines(&order).last(), Some(&last));
    assert_eq!(held(&function).await, expected);
}
