//! How far a long hour has been read, between two calls.

use metering::{Labels, MetricId, Quantity, RunningTotals, Used};
use store::{Commit, CommitError, Document, PastEnd, ReadingProgress, Store};

use crate::samples::{at, deadline, order};
use crate::usage_samples::{bare_meter, full_meter, hour};

/// As it is in the middle of an hour with as many sets of labels as there is room for.
pub(crate) fn reading() -> ReadingProgress {
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
    ReadingProgress {
        entitlement: order("E-1"),
        from: at(0),
        until: hour(2),
        hour: hour(1),
        after: "a key / of \u{1f600}".to_owned(),
        tally,
        past_end: Some(past_end()),
        updated: at(7),
    }
}

fn past_end() -> PastEnd {
    let mut tally = RunningTotals::default();
    tally.add(Used {
        metric: &MetricId::parse("requests").unwrap(),
        quantity: Quantity::Double(0.1),
        labels: &Labels::new(),
    });
    PastEnd {
        after: "a key / of \u{1f600}".to_owned(),
        tally,
    }
}

pub(crate) async fn a_reading_comes_back_and_is_kept_under_its_meter(store: Store) {
    let entitlement = order("E-1");
    let found = store
        .reading_progress(&entitlement, deadline())
        .await
        .unwrap();
    assert_eq!(found, None);
    let commit = Commit::new().create(full_meter());
    store.commit(commit, deadline()).await.unwrap();
    let meter = store.meter(&entitlement, deadline()).await.unwrap();
    let version = meter.unwrap().version;
    let keep = |reading: &ReadingProgress| {
        let commit = Commit::new().unchanged(Document::meter(&entitlement), &version);
        store.commit(commit.put(reading), deadline())
    };
    let whole = reading();
    let length = whole.tally.to_text().len();
    assert!((600_000..1_000_000).contains(&length), "{length}");
    keep(&whole).await.unwrap();
    let found = store
        .reading_progress(&entitlement, deadline())
        .await
        .unwrap();
    assert_eq!(found.unwrap().record, whole);
    let bare = ReadingProgress {
        tally: RunningTotals::default(),
        past_end: None,
        ..whole
    };
    keep(&bare).await.unwrap();
    let found = store
        .reading_progress(&entitlement, deadline())
        .await
        .unwrap();
    assert_eq!(found.unwrap().record, bare);

    let commit = Commit::new().replace(bare_meter(), &version);
    let commit = commit.delete(Document::reading_progress(&entitlement));
    store.commit(commit, deadline()).await.unwrap();
    assert!(matches!(keep(&bare).await, Err(CommitError::Conflict)));
    let found = store
        .reading_progress(&entitlement, deadline())
        .await
        .unwrap();
    assert_eq!(found, None);
}
