//! Commits are atomic, and only as good as their preconditions.

use store::{Account, Approval, Commit, CommitError, Document, Store, StoreUnavailable, Stored};
use tokio::task::JoinSet;

use crate::samples::{
    account_id, at, bare_account, bare_link, change, deadline, full_account, user,
};

async fn account(store: &Store) -> Option<Stored<Account>> {
    let id = account_id("account-1");
    store.account(&id, deadline()).await.unwrap()
}

/// A store with the bare account in it, and that account.
async fn with_account(store: &Store) -> Stored<Account> {
    let commit = Commit::new().create(bare_account("account-1"));
    store.commit(commit, deadline()).await.unwrap();
    account(store).await.unwrap()
}

#[track_caller]
fn assert_conflict(answer: &Result<(), CommitError>) {
    assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
}

pub(crate) async fn a_second_create_conflicts(store: Store) {
    let first = with_account(&store).await;
    let second = Commit::new().create(full_account("account-1"));
    assert_conflict(&store.commit(second, deadline()).await);
    assert_eq!(account(&store).await.unwrap(), first);
}

pub(crate) async fn a_replace_demands_the_version_it_read(store: Store) {
    let read = with_account(&store).await;
    let first = Commit::new().replace(full_account("account-1"), &read.version);
    store.commit(first, deadline()).await.unwrap();
    let late = Commit::new().replace(bare_account("account-1"), &read.version);
    assert_conflict(&store.commit(late, deadline()).await);
    let found = account(&store).await.unwrap();
    assert_eq!(found.record, full_account("account-1"));
}

pub(crate) async fn a_replace_of_nothing_conflicts(store: Store) {
    let read = with_account(&store).await;
    let delete = Commit::new().delete(Document::account(&read.record.id));
    store.commit(delete, deadline()).await.unwrap();
    let late = Commit::new().replace(full_account("account-1"), &read.version);
    assert_conflict(&store.commit(late, deadline()).await);
    assert!(account(&store).await.is_none());
}

pub(crate) async fn a_put_always_wins(store: Store) {
    for record in [bare_account("account-1"), full_account("account-1")] {
        let put = Commit::new().put(&record);
        store.commit(put, deadline()).await.unwrap();
        assert_eq!(account(&store).await.unwrap().record, record);
    }
}

pub(crate) async fn every_change_has_its_own_version(store: Store) {
    let first = with_account(&store).await;
    let change = Commit::new().replace(full_account("account-1"), &first.version);
    store.commit(change, deadline()).await.unwrap();
    let second = account(&store).await.unwrap();
    assert_ne!(second.version, first.version);
    let back = Commit::new().replace(bare_account("account-1"), &second.version);
    store.commit(back, deadline()).await.unwrap();
    let third = account(&store).await.unwrap();
    assert_eq!(third.record, first.record);
    assert_ne!(third.version, first.version);
    assert_ne!(third.version, second.version);
}

pub(crate) async fn a_write_that_changes_nothing_keeps_the_version(store: Store) {
    let first = with_account(&store).await;
    let same = Commit::new().replace(&first.record, &first.version);
    store.commit(same, deadline()).await.unwrap();
    assert_eq!(account(&store).await.unwrap(), first);
}

pub(crate) async fn one_failed_precondition_leaves_nothing(store: Store) {
    let first = with_account(&store).await;
    let commit = Commit::new()
        .create(bare_link("account-1", "user-1"))
        .put(change("change-1"))
        .replace(full_account("account-1"), &first.version)
        .create(bare_account("account-2"));
    let in_the_way = Commit::new().create(full_account("account-2"));
    store.commit(in_the_way, deadline()).await.unwrap();

    assert_conflict(&store.commit(commit, deadline()).await);

    assert_eq!(account(&store).await.unwrap(), first);
    let link = store
        .link(&first.record.id, &user("user-1"), deadline())
        .await;
    assert!(link.unwrap().is_none());
    assert!(store.outbox_batch(9, deadline()).await.unwrap().is_empty());
}

pub(crate) async fn an_unchanged_document_lets_a_commit_pass(store: Store) {
    let first = with_account(&store).await;
    let commit = Commit::new()
        .unchanged(Document::account(&first.record.id), &first.version)
        .create(bare_link("account-1", "user-1"));
    store.commit(commit, deadline()).await.unwrap();
    assert_eq!(account(&store).await.unwrap(), first);
    let link = store
        .link(&first.record.id, &user("user-1"), deadline())
        .await;
    assert!(link.unwrap().is_some());
}

pub(crate) async fn a_changed_document_stops_a_commit(store: Store) {
    let first = with_account(&store).await;
    let document = Document::account(&first.record.id);
    let changes = [
        Commit::new().replace(full_account("account-1"), &first.version),
        Commit::new().delete(document.clone()),
    ];
    for change in changes {
        store.commit(change, deadline()).await.unwrap();
        let commit = Commit::new()
            .unchanged(document.clone(), &first.version)
            .create(bare_link("account-1", "user-1"));
        assert_conflict(&store.commit(commit, deadline()).await);
    }
    assert!(account(&store).await.is_none());
    let link = store
        .link(&first.record.id, &user("user-1"), deadline())
        .await;
    assert!(link.unwrap().is_none());
}

pub(crate) async fn a_deleted_document_is_gone_and_may_be_created_again(store: Store) {
    let first = with_account(&store).await;
    let delete = Commit::new().delete(Document::account(&first.record.id));
    store.commit(delete, deadline()).await.unwrap();
    assert!(account(&store).await.is_none());
    let second = with_account(&store).await;
    assert_eq!(second.record, first.record);
    assert_ne!(second.version, first.version);
}

pub(crate) async fn deleting_nothing_is_no_error(store: Store) {
    let delete = Commit::new().delete(Document::account(&account_id("account-1")));
    store.commit(delete, deadline()).await.unwrap();
}

pub(crate) async fn an_empty_commit_is_no_error(store: Store) {
    assert!(Commit::new().is_empty());
    store.commit(Commit::new(), deadline()).await.unwrap();
}

pub(crate) async fn two_writes_to_one_document_are_refused(store: Store) {
    let commit = Commit::new()
        .put(bare_account("account-1"))
        .delete(Document::account(&account_id("account-1")));
    let error = store.commit(commit, deadline()).await.unwrap_err();
    let CommitError::Unavailable(StoreUnavailable::Malformed { collection, .. }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(collection, "accounts");
}

pub(crate) async fn a_malformed_id_is_refused(store: Store) {
    let commit = Commit::new()
        .put(bare_account("account-1"))
        .put(change("../accounts/1"));
    let error = store.commit(commit, deadline()).await.unwrap_err();
    let CommitError::Unavailable(StoreUnavailable::Malformed { collection, .. }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(collection, "outbox");
    assert!(account(&store).await.is_none());
}

pub(crate) async fn of_a_hundred_concurrent_creates_one_wins(store: Store) {
    let mut creates = JoinSet::new();
    for number in 0..100 {
        let store = store.clone();
        creates.spawn(async move {
            let mut account = bare_account("account-1");
            account.company = Some(format!("company {number}"));
            let who = format!("user-{number}");
            let commit = Commit::new()
                .create(&account)
                .create(bare_link("account-1", &who));
            (account, store.commit(commit, deadline()).await)
        });
    }
    let mut winners = Vec::new();
    for (account, answer) in creates.join_all().await {
        match answer {
            Ok(()) => winners.push(account),
            Err(CommitError::Conflict) => {}
            Err(CommitError::Unavailable(error)) => panic!("{error:?}"),
        }
    }
    let stored = account(&store).await.unwrap().record;
    assert_eq!(winners, [stored]);
    let links = store.links_of(&account_id("account-1"), deadline()).await;
    assert_eq!(links.unwrap().len(), 1);
}

pub(crate) async fn of_many_concurrent_replaces_none_is_lost(store: Store) {
    with_account(&store).await;
    let mut changes = JoinSet::new();
    for number in 1..=10 {
        let store = store.clone();
        changes.spawn(async move {
            loop {
                let mut found = account(&store).await.unwrap();
                let so_far = found.record.company.unwrap_or_default();
                found.record.company = Some(format!("{so_far}{number};"));
                found.record.updated = at(number);
                found.record.approval = Approval::Approved;
                let commit = Commit::new().replace(&found.record, &found.version);
                match store.commit(commit, deadline()).await {
                    Ok(()) => return,
                    Err(CommitError::Conflict) => {}
                    Err(CommitError::Unavailable(error)) => panic!("{error:?}"),
                }
            }
        });
    }
    changes.join_all().await;
    let company = account(&store).await.unwrap().record.company.unwrap();
    let mut numbers: Vec<u8> = company
        .split_terminator(';')
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
}
