//! How many entries one call publishes.

use marketplace::EntitlementState;

use super::*;
use crate::tests::{at, entitlement};

/// How many entries of so many bytes each part has, when there are so many of them.
async fn parts(count: usize, bytes: usize) -> Vec<usize> {
    let (store, deadline) = (Store::memory(), Deadline::after(Duration::from_secs(9)));
    let account = entitlement(&EntitlementState::Active, 0).account;
    let commit = (0..count).fold(Commit::new(), |commit, number| {
        commit.put(OutboxEntry {
            id: format!("n-{number:03}"),
            kind: "kind".to_owned(),
            account: account.clone(),
            data: "x".repeat(bytes).into(),
            occurred: at(0),
            sequence: None,
        })
    });
    store.commit(commit, deadline).await.unwrap();
    let entries = store.outbox_batch(BATCH, deadline).await.unwrap();
    let parts: Vec<_> = batches(&entries).collect();
    // None is left out, and none comes before its turn.
    assert_eq!(parts.concat(), entries);
    parts.into_iter().map(<[_]>::len).collect()
}

#[tokio::test]
async fn a_part_has_at_most_four_mebibytes() {
    assert_eq!(parts(9, 900_000).await, [4, 4, 1]);
}

#[tokio::test]
async fn small_entries_are_published_together() {
    assert_eq!(parts(BATCH, 900).await, [BATCH]);
}

#[tokio::test]
async fn an_entry_that_is_too_large_is_tried_alone() {
    assert_eq!(parts(2, LARGEST).await, [1, 1]);
}

#[tokio::test]
async fn without_entries_nothing_is_published() {
    assert_eq!(parts(0, 0).await, [0; 0]);
}
