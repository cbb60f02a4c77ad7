//! Firestore out of reach: at the start, in the middle, silent, or with its answer lost.

use std::time::{Duration, Instant};

use marketplace::Deadline;
use store::{Commit, CommitError, FirestoreSettings, Store, StoreUnavailable};
use tokio::task::JoinSet;

use function_tests::emulator::host;

use crate::emulator::settings;
use crate::proxy::{Proxy, ProxyMode, Refusing};
use crate::samples::{account_id, bare_account, deadline, full_account};

/// A store behind a proxy, and a store of the same project that goes to the emulator directly.
fn behind_proxy() -> (Store, Proxy, Store) {
    let proxy = Refusing::new().open(host());
    let near = settings(proxy.address());
    let direct = FirestoreSettings {
        emulator: Some(host()),
        ..near.clone()
    };
    (Store::firestore(near), proxy, Store::firestore(direct))
}

async fn has_account(store: &Store) -> Result<bool, StoreUnavailable> {
    let account = account_id("account-1");
    let found = store.account(&account, deadline()).await;
    found.map(|found| found.is_some())
}

async fn create(store: &Store) -> Result<(), CommitError> {
    let commit = Commit::new().create(bare_account("account-1"));
    store.commit(commit, deadline()).await
}

/// Waits until the emulator has the account, asking over and over.
async fn applied(direct: &Store) {
    while !has_account(direct).await.unwrap() {}
}

#[tokio::test]
async fn a_refused_connection_is_an_outage_that_ends_by_itself() {
    let refusing = Refusing::new();
    let store = Store::firestore(settings(refusing.address()));
    let started = Instant::now();
    store.warm_up().await;
    let error = has_account(&store).await.unwrap_err();
    let StoreUnavailable::Unreachable { .. } = error else {
        panic!("{error:?}");
    };
    let error = create(&store).await.unwrap_err();
    let CommitError::Unavailable(StoreUnavailable::Unreachable { .. }) = error else {
        panic!("{error:?}");
    };
    assert!(started.elapsed() < Duration::from_secs(5));

    let _proxy = refusing.open(host());
    create(&store).await.unwrap();
    assert!(has_account(&store).await.unwrap());
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_is_an_outage_that_ends_by_itself() {
    let (store, proxy, _) = behind_proxy();
    create(&store).await.unwrap();

    proxy.set(ProxyMode::Down);
    let started = Instant::now();
    has_account(&store).await.unwrap_err();
    let put = Commit::new().put(full_account("account-1"));
    let error = store.commit(put, deadline()).await.unwrap_err();
    assert!(matches!(error, CommitError::Unavailable(_)), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(5));

    proxy.set(ProxyMode::Up);
    assert!(has_account(&store).await.unwrap());
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_not_noticed() {
    let (store, proxy, _) = behind_proxy();
    assert!(!has_account(&store).await.unwrap());
    proxy.set(ProxyMode::Down);
    proxy.set(ProxyMode::Up);
    create(&store).await.unwrap();
    proxy.set(ProxyMode::Down);
    proxy.set(ProxyMode::Up);
    assert!(has_account(&store).await.unwrap());
}

#[tokio::test]
async fn a_connection_gone_silent_is_replaced_within_the_deadline() {
    let (store, proxy, _) = behind_proxy();
    create(&store).await.unwrap();
    proxy.set(ProxyMode::Silent);
    let (found, ()) = tokio::join!(has_account(&store), async {
        proxy.has_accepted(2).await;
        proxy.set(ProxyMode::Up);
    });
    assert!(found.unwrap());
}

#[tokio::test]
async fn a_silent_server_costs_no_more_than_the_deadline() {
    let (store, proxy, _) = behind_proxy();
    create(&store).await.unwrap();
    proxy.set(ProxyMode::Silent);
    let started = Instant::now();
    let short = || Deadline::after(Duration::from_millis(200));

    let account = account_id("account-1");
    let error = store.account(&account, short()).await.unwrap_err();
    assert!(matches!(error, StoreUnavailable::TimedOut), "{error:?}");
    for commit in [
        Commit::new().create(bare_account("account-2")),
        Commit::new().put(bare_account("account-2")),
    ] {
        let error = store.commit(commit, short()).await.unwrap_err();
        let CommitError::Unavailable(StoreUnavailable::TimedOut) = error else {
            panic!("{error:?}");
        };
    }
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_server_silent_from_the_start_costs_no_more_than_the_deadline() {
    let (store, proxy, _) = behind_proxy();
    proxy.set(ProxyMode::Silent);
    let started = Instant::now();
    let short = Deadline::after(Duration::from_millis(200));
    let account = account_id("account-1");
    let error = store.account(&account, short).await.unwrap_err();
    assert!(matches!(error, StoreUnavailable::TimedOut), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn after_the_deadline_nothing_is_sent() {
    let (store, proxy, direct) = behind_proxy();
    let passed = Deadline::after(Duration::ZERO);
    let commit = Commit::new().put(bare_account("account-1"));
    let error = store.commit(commit, passed).await.unwrap_err();
    let CommitError::Unavailable(StoreUnavailable::TimedOut) = error else {
        panic!("{error:?}");
    };
    assert_eq!(proxy.accepted(), 0);
    assert!(!has_account(&direct).await.unwrap());
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_found_to_have_happened() {
    let (store, proxy, direct) = behind_proxy();
    assert!(!has_account(&store).await.unwrap());
    proxy.set(ProxyMode::Mute);
    let (created, ()) = tokio::join!(create(&store), async {
        applied(&direct).await;
        proxy.set(ProxyMode::Up);
    });
    created.unwrap();
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_conflicts_if_somebody_else_came_after() {
    let (store, proxy, direct) = behind_proxy();
    assert!(!has_account(&store).await.unwrap());
    proxy.set(ProxyMode::Mute);
    let (created, ()) = tokio::join!(create(&store), async {
        applied(&direct).await;
        let other = Commit::new().put(full_account("account-1"));
        direct.commit(other, deadline()).await.unwrap();
        proxy.set(ProxyMode::Up);
    });
    let error = created.unwrap_err();
    assert!(matches!(error, CommitError::Conflict), "{error:?}");
}

#[tokio::test]
async fn an_unguarded_commit_whose_answer_was_lost_is_not_repeated() {
    let (store, proxy, direct) = behind_proxy();
    assert!(!has_account(&store).await.unwrap());
    proxy.set(ProxyMode::Mute);
    let put = Commit::new().put(bare_account("account-1"));
    let (answer, ()) = tokio::join!(store.commit(put, deadline()), async {
        applied(&direct).await;
        proxy.set(ProxyMode::Up);
    });
    let error = answer.unwrap_err();
    assert!(matches!(error, CommitError::Unavailable(_)), "{error:?}");
    assert_eq!(proxy.accepted(), 1, "nothing was sent again");
}

#[tokio::test]
async fn first_calls_at_the_same_time_share_one_connection() {
    let (store, proxy, _) = behind_proxy();
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let store = store.clone();
        calls.spawn(async move { has_account(&store).await.unwrap() });
    }
    assert!(calls.join_all().await.into_iter().all(|found| !found));
    assert_eq!(proxy.accepted(), 1);
}

#[tokio::test]
async fn a_warmed_up_store_is_connected() {
    let (store, proxy, _) = behind_proxy();
    assert_eq!(proxy.accepted(), 0, "making a store connects nothing");
    store.warm_up().await;
    proxy.has_accepted(1).await;
    assert!(!has_account(&store).await.unwrap());
    assert_eq!(proxy.accepted(), 1);
}
