//! Closed hours with more usage than one call can read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use marketplace::{At, Deadline};
use marketplace_simulator::{Order, Quantity};
use metering::{Labels, MetricId, RunningTotals, Sum, Total, Used};
use store::{Commit, Meter, ReadingProgress, ReportState, Store, Stored, UsageRecord};
use tokio::task::JoinSet;
use tokio::time::timeout;
use usage_report::ReportSummary;

use crate::function::{QUERIES, SCANNED, START, TestFunction, UsageSetup, at, record, soon};

/// The first hour of usage, and the moment of reports on it.
const HOUR: &str = "2026-03-01T10:00:00Z";
const CLOSE: &str = "2026-03-01T11:05:00Z";

/// Hours of usage, each with as many records of each metric.
struct Usage {
    hours: i64,
    /// Of whole numbers, in an hour.
    whole: usize,
    /// Of floating-point numbers, in an hour.
    doubles: usize,
}

/// What the customer has to pay in the end.
struct ExpectedBill {
    queries: i128,
    scanned: Sum,
}

/// As many as the store can be filled with in a moment.
fn many(store: &Store) -> usize {
    match store {
        Store::Memory(_) => 60_000,
        Store::Firestore(_) => 4_000,
    }
}

/// A call that has hardly time enough for one page.
fn short(now: Timestamp) -> At {
    At {
        now,
        deadline: Deadline::after(Duration::from_millis(2_620)),
    }
}

fn used(order: &Order, key: String, quantity: metering::Quantity, hour: Timestamp) -> UsageRecord {
    let metric = match quantity {
        metering::Quantity::Int64(_) => QUERIES,
        metering::Quantity::Double(_) => SCANNED,
    };
    UsageRecord {
        entitlement: order.entitlement.clone(),
        key,
        metric: MetricId::parse(metric).unwrap(),
        quantity,
        occurred: hour,
        labels: Labels::new(),
        hour,
        late: false,
        received: hour,
        keep_until: at("2026-07-01T00:00:00Z"),
    }
}

async fn store_all(function: &TestFunction, records: &[UsageRecord]) {
    for chunk in records.chunks(200) {
        let commit = chunk.iter().fold(Commit::new(), Commit::create);
        function.store.commit(commit, soon()).await.unwrap();
    }
}

impl Usage {
    fn whole(hours: i64, whole: usize) -> Self {
        Self {
            hours,
            whole,
            doubles: 0,
        }
    }

    /// Stores it as `/usage` does, but faster.
    async fn fill(&self, function: &TestFunction, order: &Order) -> ExpectedBill {
        let first = record(order, "first", 1, "2026-03-01T10:10:00Z");
        function.accept("2026-03-01T10:11:00Z", &[first]).await;
        let mut expected = ExpectedBill {
            queries: 1,
            scanned: Sum::default(),
        };
        let mut rng = fastrand::Rng::with_seed(7);
        let mut records = Vec::new();
        for hour in 0..self.hours {
            let hour = at(HOUR)
                .saturating_add(SignedDuration::from_hours(hour))
                .unwrap();
            for number in 0..self.whole {
                let quantity = rng.i64(0..1_000);
                expected.queries += i128::from(quantity);
                let quantity = metering::Quantity::Int64(quantity);
                records.push(used(order, format!("w-{hour}-{number}"), quantity, hour));
            }
            for number in 0..self.doubles {
                let quantity = metering::Quantity::Double(rng.f64() * 10_f64.powi(rng.i32(-9..9)));
                expected.scanned.add(quantity);
                records.push(used(order, format!("d-{hour}-{number}"), quantity, hour));
            }
        }
        store_all(function, &records).await;
        expected
    }
}

impl ExpectedBill {
    /// The floating-point metric only where all of it is in one hour: others are rounded hour by hour.
    fn assert_billed(&self, function: &TestFunction, order: &Order) {
        let queries = function.billed(order, QUERIES);
        assert_eq!(queries, Some(Quantity::Int64(self.queries)));
        if let Total::Sum(metering::Quantity::Double(scanned)) = self.scanned.total() {
            let billed = function.billed(order, SCANNED);
            assert_eq!(billed, Some(Quantity::Double(scanned)));
        }
    }
}

/// Short calls until all is read; how many of them did not come to the end.
async fn read_in_parts(function: &TestFunction, now: Timestamp) -> usize {
    let mut parts = 0;
    while meter(function).await.iter().any(|it| it.closing.is_some()) || parts == 0 {
        let done = call(function, short(now)).await;
        assert!(!done.finished || done.reading == 0);
        parts += 1;
    }
    parts - 1
}

async fn call(function: &TestFunction, at: At) -> ReportSummary {
    let handler = &function.handler;
    handler.report(&function.caller, at).await.unwrap()
}

async fn meter(function: &TestFunction) -> Vec<Meter> {
    let found = function.store.walk_entitlements(None, 100, soon()).await;
    let found = found.unwrap().records.into_iter();
    let ids: Vec<_> = found.map(|it| it.record.id).collect();
    let meters = function.store.meters(&ids, soon()).await.unwrap();
    meters.into_iter().flatten().map(|it| it.record).collect()
}

async fn reading(function: &TestFunction, order: &Order) -> Option<Stored<ReadingProgress>> {
    let reading = function.store.reading_progress(&order.entitlement, soon());
    reading.await.unwrap()
}

async fn assert_all_reported(function: &TestFunction, order: &Order, rows: usize) {
    // What there was no time to send is left to the call that wrote it, for half a minute.
    function.report("2026-03-03T12:00:00Z").await;
    function.assert_nothing_waits().await;
    assert_eq!(function.rows(ReportState::Reported).await.len(), rows);
    assert_eq!(reading(function, order).await, None);
}

pub(crate) async fn an_hour_of_any_size_is_billed_over_several_calls(store: Store) {
    let many = many(&store);
    let (function, order) = TestFunction::with_customer(store).await;
    let usage = Usage {
        hours: 1,
        whole: many,
        doubles: many / 5,
    };
    let expected = usage.fill(&function, &order).await;
    let parts = read_in_parts(&function, at(CLOSE)).await;
    assert!(parts > 0, "it was read at once");
    assert_all_reported(&function, &order, 2).await;
    expected.assert_billed(&function, &order);
    let windows = function.lines(&order).into_iter().map(|(start, ..)| start);
    assert!(windows.eq([HOUR, HOUR].map(str::to_owned)));
}

pub(crate) async fn a_day_of_large_hours_is_billed_wherever_processes_end(store: Store) {
    let hours = match store {
        Store::Memory(_) => 24,
        Store::Firestore(_) => 5,
    };
    let function = TestFunction::where_repeats_count_once(store).await;
    let order = function.customer().await;
    let expected = Usage::whole(hours, 1_700).fill(&function, &order).await;
    let now = at("2026-03-02T12:05:00Z");
    let mut rng = fastrand::Rng::with_seed(3);
    let mut stored = 0;
    for _ in 0..25 {
        let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
        let cut = tokio::spawn(async move { handler.report(&caller, short(now)).await.is_ok() });
        let patience = Duration::from_millis(rng.u64(0..700));
        let abort = cut.abort_handle();
        if timeout(patience, cut).await.is_err() {
            abort.abort();
        }
        stored += usize::from(reading(&function, &order).await.is_some());
    }
    assert!(stored > 0, "no process left anything behind");
    function.report_at(now).await;
    assert_all_reported(&function, &order, usize::try_from(hours).unwrap()).await;
    expected.assert_billed(&function, &order);
}

pub(crate) async fn reporters_at_once_read_everything_once(store: Store) {
    let many = many(&store) / 4;
    let function = TestFunction::start(store).await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        let order = function.customer().await;
        let usage = Usage::whole(2, many);
        orders.push((usage.fill(&function, &order).await, order));
    }
    let now = at("2026-03-01T12:05:00Z");
    while meter(&function)
        .await
        .iter()
        .any(|it| it.open < at("2026-03-01T12:00:00Z") || it.closing.is_some())
    {
        let mut reporters = JoinSet::new();
        for number in 0..3_u64 {
            let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
            reporters.spawn(async move {
                tokio::time::sleep(Duration::from_millis(number * 150)).await;
                handler.report(&caller, short(now)).await
            });
        }
        for done in reporters.join_all().await {
            done.unwrap();
        }
    }
    for (expected, order) in &orders {
        assert_all_reported(&function, order, 4).await;
        expected.assert_billed(&function, order);
    }
    let counted = function.simulator.operations();
    assert_eq!(counted.iter().filter(|it| it.is_counted()).count(), 4);
}

pub(crate) async fn a_meter_that_changes_between_the_parts_changes_no_sum(store: Store) {
    let many = many(&store);
    let (function, order) = TestFunction::with_customer(store).await;
    let expected = Usage::whole(1, many).fill(&function, &order).await;
    let kept = loop {
        call(&function, short(at(CLOSE))).await;
        if let Some(kept) = reading(&function, &order).await {
            break kept.record;
        }
    };
    assert_eq!((kept.from, kept.hour), (at(START), at(HOUR)));
    // As it is when Google says that the customer may not be served.
    let stored = function.store.meter(&order.entitlement, soon()).await;
    let stored = stored.unwrap().unwrap();
    let stopped = Meter {
        stopped: Some(at(CLOSE)),
        ..stored.record
    };
    let commit = Commit::new().replace(&stopped, &stored.version);
    function.store.commit(commit, soon()).await.unwrap();
    read_in_parts(&function, at(CLOSE)).await;
    assert_all_reported(&function, &order, 1).await;
    expected.assert_billed(&function, &order);
}

pub(crate) async fn a_position_in_another_period_is_ignored(store: Store) {
    let many = many(&store) / 10;
    let (function, order) = TestFunction::with_customer(store).await;
    let expected = Usage::whole(1, many).fill(&function, &order).await;
    let mut totals = RunningTotals::default();
    totals.add(Used {
        metric: &MetricId::parse(QUERIES).unwrap(),
        quantity: metering::Quantity::Int64(1_000_000),
        labels: &Labels::new(),
    });
    let other = ReadingProgress {
        entitlement: order.entitlement.clone(),
        from: at(START),
        until: at(HOUR),
        hour: at(HOUR),
        after: "first".to_owned(),
        tally: totals,
        past_end: None,
        updated: at(HOUR),
    };
    let commit = Commit::new().put(&other);
    function.store.commit(commit, soon()).await.unwrap();
    read_in_parts(&function, at(CLOSE)).await;
    assert_all_reported(&function, &order, 1).await;
    expected.assert_billed(&function, &order);
}

pub(crate) async fn usage_after_an_end_is_held_however_it_is_read(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    Usage::whole(3, 1_100).fill(&function, &order).await;
    function.cancel(&order, "2026-03-01T11:20:00Z").await;
    let now = at("2026-03-01T13:05:00Z");
    read_in_parts(&function, now).await;
    function.report("2026-03-01T14:05:00Z").await;
    let held = function.rows(ReportState::Held).await;
    let windows: Vec<_> = held.iter().map(|row| (row.start, row.end)).collect();
    let (start, end) = ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z");
    assert_eq!(windows, [(at(start), at(end))]);
    let lines = function.lines(&order).into_iter();
    let ends: Vec<_> = lines.map(|(start, end, _)| (start, end)).collect();
    let expected = [
        (HOUR, "2026-03-01T11:00:00Z"),
        ("2026-03-01T11:00:00Z", "2026-03-01T11:20:00Z"),
    ];
    let expected = expected.map(|(start, end)| (start.to_owned(), end.to_owned()));
    assert_eq!(ends, expected);
}

pub(crate) async fn usage_after_the_end_of_a_long_hour_is_held_apart(store: Store) {
    let many = many(&store);
    let (function, order) = TestFunction::with_customer(store).await;
    let expected = Usage::whole(1, many).fill(&function, &order).await;
    let three = metering::Quantity::Int64(3);
    let after = (0..many / 4).map(|number| UsageRecord {
        occurred: at("2026-03-01T10:50:00Z"),
        ..used(&order, format!("a-{number}"), three, at(HOUR))
    });
    let after: Vec<_> = after.collect();
    store_all(&function, &after).await;
    function.cancel(&order, "2026-03-01T10:30:00Z").await;
    let parts = read_in_parts(&function, at(CLOSE)).await;
    assert!(parts > 0, "it was read at once");
    function.report("2026-03-01T12:05:00Z").await;
    expected.assert_billed(&function, &order);
    let held = function.rows(ReportState::Held).await;
    let held: Vec<_> = held.iter().map(|it| (it.start, it.end, it.value)).collect();
    let units = i64::try_from(3 * after.len()).unwrap();
    let (start, end) = ("2026-03-01T10:30:00Z", "2026-03-01T11:00:00Z");
    let value = Some(metering::Quantity::Int64(units));
    assert_eq!(held, [(at(start), at(end), value)]);
}

pub(crate) async fn usage_of_an_entitlement_that_ended_as_it_began_is_held(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.uses(&order, "1", 7, "2026-03-01T09:30:00Z").await;
    function.cancel(&order, START).await;
    let done = function.report("2026-03-01T09:45:00Z").await;
    assert_eq!((done.reported, done.held), (0, 1));
    let held = function.rows(ReportState::Held).await.remove(0);
    assert_eq!((held.start, held.end), (at(START), at(HOUR)));
    assert_eq!(held.value, Some(metering::Quantity::Int64(7)));
}

pub(crate) async fn more_sets_of_labels_than_fit_are_billed_without(store: Store) {
    let function = UsageSetup::over(store)
        .with("USER_LABELS", "on")
        .start()
        .await;
    let order = function.customer().await;
    function
        .uses(&order, "first", 1, "2026-03-01T10:10:00Z")
        .await;
    let mut records = Vec::new();
    let one = metering::Quantity::Int64(1);
    for number in 0..2_400 {
        let name = |n: usize| (format!("{n:0>250}"), format!("{:0>250}", number % 150));
        records.push(UsageRecord {
            labels: (0..16).map(name).collect(),
            ..used(&order, format!("l-{number}"), one, at(HOUR))
        });
    }
    store_all(&function, &records).await;
    read_in_parts(&function, at(CLOSE)).await;
    function.report("2026-03-01T13:05:00Z").await;
    let all = Some(Quantity::Int64(2_401));
    assert_eq!(function.billed(&order, QUERIES), all);
    let bill = function.simulator.bill(&order.account);
    let mut sizes = BTreeMap::new();
    for line in &bill.lines {
        *sizes.entry(line.user_labels.len()).or_insert(0_usize) += 1;
    }
    let labelled = sizes.get(&16).copied().unwrap_or_default();
    assert!((90..150).contains(&labelled), "{sizes:?}");
    assert_eq!(sizes, BTreeMap::from([(0, 1), (16, labelled)]));
}
