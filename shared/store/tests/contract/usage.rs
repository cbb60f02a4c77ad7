//! Meters, gates, usage and the ledger.

use jiff::Timestamp;
use store::{
    Commit, CommitError, Document, Meter, ReportState, Shard, Store, UsageHours, UsageRecord,
    UsageReport,
};

use crate::samples::{bare_entitlement, deadline, order};
use crate::usage_samples::{
    bare_meter, bare_report, full_meter, full_record, full_report, gates, hour, record,
};

/// All records from this hour on.
fn from<'a>(hour: Timestamp) -> UsageHours<'a> {
    UsageHours {
        from: hour,
        before: None,
        after: None,
        limit: 9,
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
    let hours = from(record.hour);
    let found = store.usage_between(&entitlement, hours, deadline()).await;
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
        let context = store
            .recording_context(&entitlement, shard, &keys, deadline())
            .await;
        context.unwrap()
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
    let context = store.recording_context(&entitlement, shard, &[], deadline());
    let gate = context.await.unwrap().gate.unwrap();
    let take = |key: &str| {
        let gate = (Document::window_gate(&entitlement, shard), &gate.version);
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
    let stored = store.usage_between(&entitlement, from(hour(0)), deadline());
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
    let keys = async |start, before: Option<i64>| -> Vec<String> {
        let hours = UsageHours {
            before: before.map(hour),
            ..from(hour(start))
        };
        let found = store.usage_between(&order("E-1"), hours, deadline()).await;
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
    let mut found: Vec<(Timestamp, String)> = Vec::new();
    loop {
        let of = order("E-1");
        let hours = UsageHours {
            before: Some(hour(9)),
            after: found.last().map(|(hour, key)| (*hour, key.as_str())),
            limit: 4,
            ..from(hour(0))
        };
        let page = store.usage_between(&of, hours, deadline());
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

pub(crate) async fn reports_are_found_by_their_state(store: Store) {
    let rows = [
        bare_report("op-1"),
        full_report("op-2"),
        full_report("op-3"),
    ];
    let commit = rows.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    let ids = async |state, after, limit| -> Vec<String> {
        let found = store
            .walk_reports_with_state(state, after, limit, deadline())
            .await;
        let found = found.unwrap().records.into_iter();
        found.map(|it| it.record.id).collect()
    };
    assert_eq!(ids(ReportState::Held, None, 9).await, ["op-1"]);
    assert_eq!(ids(ReportState::Refused, None, 1).await, ["op-2"]);
    assert_eq!(ids(ReportState::Refused, Some("op-2"), 9).await, ["op-3"]);
    assert!(ids(ReportState::Pending, None, 9).await.is_empty());
    let found = store.walk_reports_with_state(ReportState::Held, None, 9, deadline());
    let found = found.await.unwrap().records.remove(0);
    let sent = UsageReport {
        state: ReportState::Reported,
        ..found.record
    };
    let commit = Commit::new().replace(sent, &found.version);
    store.commit(commit, deadline()).await.unwrap();
    assert!(ids(ReportState::Held, None, 9).await.is_empty());
    assert_eq!(ids(ReportState::Reported, None, 9).await, ["op-1"]);
    let all = store
        .walk_reports(Some("op-1"), 9, deadline())
        .await
        .unwrap();
    assert_eq!(all.records.len(), 2);
}
