//! Meters, gates, usage and the ledger.

use metering::{Labels, Metric, MetricId, Quantity, RunningTotals, Used, UserLabels};
use store::{
    Closing, Commit, CommitError, Document, Gate, Meter, Reading, ReportState, Shard, Store,
    UsageRecord, UsageReport,
};

use crate::samples::{account_id, at, bare_entitlement, deadline, order};

/// 2026-11-18T11:00:00Z, and hours after it.
fn hour(number: i64) -> jiff::Timestamp {
    metering::hour_of(at(number * 3_600))
}

fn labels() -> Labels {
    let environment = ("environment".to_owned(), "prod".to_owned());
    let reserved = "cloudmarketplace.googleapis.com/resource_name".to_owned();
    Labels::from([environment, (reserved, "ä".to_owned())])
}

fn record(entitlement: &str, key: &str, number: i64) -> UsageRecord {
    UsageRecord {
        entitlement: order(entitlement),
        key: key.to_owned(),
        metric: MetricId::parse("requests").unwrap(),
        quantity: Quantity::Int64(i64::MAX),
        occurred: at(1),
        labels: Labels::new(),
        hour: hour(number),
        late: false,
        received: at(2),
        keep_until: at(3),
    }
}

fn full_record() -> UsageRecord {
    UsageRecord {
        quantity: Quantity::Double(0.1),
        labels: labels(),
        late: true,
        ..record("E-1", "a key / of \u{1f600}", 1)
    }
}

fn bare_meter() -> Meter {
    Meter {
        entitlement: order("E-1"),
        account: account_id("account-1"),
        open: at(0),
        ended: None,
        closing: None,
        stopped: None,
        updated: at(1),
    }
}

fn full_meter() -> Meter {
    Meter {
        ended: Some(at(5)),
        closing: Some(Closing {
            from: at(0),
            until: at(5),
            labels: UserLabels::Reported,
            zero: vec![Metric::parse("pro/requests:int64").unwrap()],
        }),
        stopped: Some(at(6)),
        ..bare_meter()
    }
}

fn gates(open: i64) -> Vec<Gate> {
    let gate = |shard| Gate {
        entitlement: order("E-1"),
        shard,
        open: at(open),
        ended: (open > 0).then(|| at(open)),
    };
    Shard::all().map(gate).collect()
}

fn bare_report(id: &str) -> UsageReport {
    UsageReport {
        id: id.to_owned(),
        entitlement: order("E-1"),
        account: account_id("account-1"),
        metric: MetricId::parse("requests").unwrap(),
        start: at(0),
        end: at(5),
        labels: Labels::new(),
        value: None,
        consumer: None,
        state: ReportState::Held,
        reason: None,
        attempts: 0,
        created: at(6),
        updated: at(7),
    }
}

fn full_report(id: &str) -> UsageReport {
    UsageReport {
        labels: labels(),
        value: Some(Quantity::Double(1e-300)),
        consumer: Some("project_number:123".to_owned()),
        state: ReportState::Refused,
        reason: Some("why".to_owned()),
        attempts: 3,
        ..bare_report(id)
    }
}

async fn comes_back(store: Store, meter: Meter, record: UsageRecord, report: UsageReport) {
    let gates = gates(i64::from(meter.ended.is_some()));
    let commit = Commit::new().create(&meter).create(&record).create(&report);
    let commit = gates.iter().fold(commit, Commit::create);
    store.commit(commit, deadline()).await.unwrap();

    let entitlement = order("E-1");
    let found = store.meter_and_gates(&entitlement, deadline()).await;
    let (found, found_gates) = found.unwrap().unwrap();
    assert_eq!(found.record, meter);
    let found_gates: Vec<_> = found_gates.into_iter().map(|gate| gate.record).collect();
    assert_eq!(found_gates, gates);
    let found = store.meter(&entitlement, deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, meter);
    let all = (None, 9);
    let found = store
        .usage_between(&entitlement, (record.hour, None), all, deadline())
        .await;
    assert_eq!(found.unwrap(), [record]);
    let wanted = [report.id.clone(), "other".to_owned()];
    let found = store.reports(&wanted, deadline()).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|it| it.map(|it| it.record)).collect();
    assert_eq!(found, [Some(report), None]);
}

pub(crate) async fn a_full_record_of_each_kind_of_usage_comes_back(store: Store) {
    comes_back(store, full_meter(), full_record(), full_report("op-1")).await;
}

pub(crate) async fn a_bare_record_of_each_kind_of_usage_comes_back(store: Store) {
    let record = record("E-1", "1", 0);
    comes_back(store, bare_meter(), record, bare_report("op-1")).await;
}

pub(crate) async fn what_some_records_meet_is_read_at_once(store: Store) {
    let shard = Shard::of(7);
    let ask = async || {
        let entitlement = order("E-1");
        let keys = ["1", "2"];
        let ground = store
            .usage_ground((&entitlement, shard), &keys, deadline())
            .await;
        ground.unwrap()
    };
    let empty = ask().await;
    assert_eq!((empty.entitlement, empty.gate), (None, None));
    assert_eq!(empty.records, [None, None]);
    let entitlement = bare_entitlement("E-1", "account-1");
    let commit = Commit::new().create(&entitlement);
    let commit = gates(0).iter().fold(commit, Commit::create);
    let commit = commit.create(record("E-1", "2", 0));
    // Another entitlement's record of the same key is another record.
    let commit = commit.create(record("E-2", "1", 0));
    store.commit(commit, deadline()).await.unwrap();
    let found = ask().await;
    assert_eq!(found.entitlement.unwrap().record, entitlement);
    assert_eq!(found.gate.unwrap().record, gates(0)[7]);
    let records = found.records.into_iter();
    let records: Vec<_> = records.map(|it| it.map(|it| it.record)).collect();
    assert_eq!(records, [None, Some(record("E-1", "2", 0))]);
    let meters = store
        .meters(&[order("E-1"), order("E-2")], deadline())
        .await;
    assert_eq!(meters.unwrap(), [None, None]);
}

pub(crate) async fn some_entitlements_are_read_in_the_order_asked_for(store: Store) {
    let entitlements = ["E-1", "E-2"].map(|id| bare_entitlement(id, "account-1"));
    let commit = entitlements.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    let wanted = ["E-2", "E-3", "E-1"].map(order);
    let found = store.entitlements(&wanted, deadline()).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|it| it.map(|it| it.record)).collect();
    let [first, second] = entitlements;
    assert_eq!(found, [Some(second), None, Some(first)]);
    assert_eq!(store.entitlements(&[], deadline()).await.unwrap(), []);
}

pub(crate) async fn a_commit_of_usage_stops_at_a_gate_that_moved(store: Store) {
    let commit = gates(0).iter().fold(Commit::new(), Commit::create);
    let commit = commit.create(bare_meter());
    store.commit(commit, deadline()).await.unwrap();
    let (entitlement, shard) = (order("E-1"), Shard::of(18));
    let ground = store.usage_ground((&entitlement, shard), &[], deadline());
    let gate = ground.await.unwrap().gate.unwrap();
    let take = |key: &str| {
        let gate = (Document::gate(&entitlement, shard), &gate.version);
        let commit = Commit::new().unchanged(gate.0, gate.1);
        store.commit(commit.create(record("E-1", key, 0)), deadline())
    };
    // A gate can be passed many times.
    take("1").await.unwrap();
    take("2").await.unwrap();

    let found = store.meter_and_gates(&entitlement, deadline()).await;
    let (meter, found) = found.unwrap().unwrap();
    let close = Commit::new().replace(full_meter(), &meter.version);
    let moved = gates(5).into_iter().zip(found);
    let close = moved.fold(close, |commit, (gate, found)| {
        commit.replace(gate, &found.version)
    });
    store.commit(close, deadline()).await.unwrap();
    assert!(matches!(take("3").await, Err(CommitError::Conflict)));
    let stored = store.usage_between(&entitlement, (hour(0), None), (None, 9), deadline());
    assert_eq!(stored.await.unwrap().len(), 2);
}

pub(crate) async fn usage_is_found_by_entitlement_and_window(store: Store) {
    let records = [
        record("E-1", "0", 0),
        record("E-1", "1", 1),
        record("E-1", "2", 2),
        // These sort beside them.
        record("E", "3", 1),
        record("E-1-", "4", 1),
        record("E-10", "5", 1),
    ];
    let commit = records.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    let keys = async |from, before: Option<i64>| -> Vec<String> {
        let found = store
            .usage_between(
                &order("E-1"),
                (hour(from), before.map(hour)),
                (None, 9),
                deadline(),
            )
            .await;
        found.unwrap().into_iter().map(|it| it.key).collect()
    };
    assert_eq!(keys(0, Some(1)).await, ["0"]);
    assert_eq!(keys(1, Some(3)).await, ["1", "2"]);
    assert_eq!(keys(1, None).await, ["1", "2"]);
    assert!(keys(3, None).await.is_empty());
}

pub(crate) async fn usage_is_paged_through(store: Store) {
    let records = (0..25).map(|number| record("E-1", &number.to_string(), number / 10));
    let commit = records.fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    let mut found: Vec<(jiff::Timestamp, String)> = Vec::new();
    loop {
        let of = order("E-1");
        let hours = (hour(0), Some(hour(9)));
        let last = found.last().map(|(hour, key)| (*hour, key.as_str()));
        let page = store.usage_between(&of, hours, (last, 4), deadline());
        let page = page.await.unwrap();
        assert!(page.len() <= 4);
        if page.is_empty() {
            break;
        }
        found.extend(page.into_iter().map(|record| (record.hour, record.key)));
    }
    assert!(found.is_sorted_by_key(|(hour, _)| *hour));
    let mut keys: Vec<u8> = found.iter().map(|(_, key)| key.parse().unwrap()).collect();
    keys.sort_unstable();
    assert_eq!(keys, (0..25).collect::<Vec<_>>());
}

/// As it is in the middle of an hour with as many sets of labels as there is room for.
fn reading() -> Reading {
    let mut tally = RunningTotals::default();
    let metric = MetricId::parse("requests").unwrap();
    for number in 0..1_100 {
        let value = format!("{number} {}", "\u{1f600}".repeat(60));
        let mut add = |quantity| {
            tally.add(Used {
                metric: &metric,
                quantity,
                labels: &Labels::from([("environment".to_owned(), value.clone())]),
            });
        };
        add(Quantity::Int64(i64::MAX));
        // Sums as long as there are.
        for number in 0..19 {
            add(Quantity::Double(
                f64::from_bits(1) * 2_f64.powi(54 * number),
            ));
        }
    }
    Reading {
        entitlement: order("E-1"),
        from: at(0),
        until: hour(2),
        hour: hour(1),
        after: "a key / of \u{1f600}".to_owned(),
        tally,
        updated: at(7),
    }
}

pub(crate) async fn a_reading_comes_back_and_is_kept_under_its_meter(store: Store) {
    let entitlement = order("E-1");
    let found = store.reading(&entitlement, deadline()).await.unwrap();
    assert_eq!(found, None);
    let commit = Commit::new().create(full_meter());
    store.commit(commit, deadline()).await.unwrap();
    let meter = store.meter(&entitlement, deadline()).await.unwrap();
    let version = meter.unwrap().version;
    let keep = |reading: &Reading| {
        let commit = Commit::new().unchanged(Document::meter(&entitlement), &version);
        store.commit(commit.put(reading), deadline())
    };
    let whole = reading();
    let length = whole.tally.to_text().len();
    assert!((600_000..1_000_000).contains(&length), "{length}");
    keep(&whole).await.unwrap();
    let found = store.reading(&entitlement, deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, whole);
    let bare = Reading {
        tally: RunningTotals::default(),
        ..whole
    };
    keep(&bare).await.unwrap();
    let found = store.reading(&entitlement, deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, bare);

    let commit = Commit::new().replace(bare_meter(), &version);
    let commit = commit.delete(Document::reading(&entitlement));
    store.commit(commit, deadline()).await.unwrap();
    assert!(matches!(keep(&bare).await, Err(CommitError::Conflict)));
    let found = store.reading(&entitlement, deadline()).await.unwrap();
    assert_eq!(found, None);
}

pub(crate) async fn reports_are_found_by_their_state(store: Store) {
    let rows = [
        bare_report("op-1"),
        full_report("op-2"),
        full_report("op-3"),
    ];
    let commit = rows.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    let ids = async |state, page| -> Vec<String> {
        let found = store.reports_with_state(state, page, deadline()).await;
        found.unwrap().into_iter().map(|it| it.record.id).collect()
    };
    assert_eq!(ids(ReportState::Held, (None, 9)).await, ["op-1"]);
    assert_eq!(ids(ReportState::Refused, (None, 1)).await, ["op-2"]);
    assert_eq!(ids(ReportState::Refused, (Some("op-2"), 9)).await, ["op-3"]);
    assert!(ids(ReportState::Pending, (None, 9)).await.is_empty());
    let found = store.reports_with_state(ReportState::Held, (None, 9), deadline());
    let found = found.await.unwrap().remove(0);
    let sent = UsageReport {
        state: ReportState::Reported,
        ..found.record
    };
    let commit = Commit::new().replace(sent, &found.version);
    store.commit(commit, deadline()).await.unwrap();
    assert!(ids(ReportState::Held, (None, 9)).await.is_empty());
    assert_eq!(ids(ReportState::Reported, (None, 9)).await, ["op-1"]);
    let all = store
        .reports_after(Some("op-1"), 9, deadline())
        .await
        .unwrap();
    assert_eq!(all.len(), 2);
}
