//! What is stored comes back as it was.

use jiff::Timestamp;
use store::{Absence, Approval, Commit, Rejecting, Store};

use crate::samples::{
    account_id, at, bare_account, bare_change, bare_entitlement, bare_hand_off, bare_link,
    bare_session, change, deadline, deployment, event, full_account, full_entitlement,
    full_hand_off, full_link, full_session, moment, order, token, user,
};

pub(crate) async fn a_full_record_of_each_kind_comes_back(store: Store) {
    let session = full_session();
    let commit = Commit::new()
        .create(full_account("account-1"))
        .create(full_link("account-1", "user-1"))
        .create(full_entitlement("E-1", "account-1"))
        .create(&session)
        .create(full_hand_off(1))
        .create(event("event-1"))
        .create(change("change-1"))
        .create(deployment("vendor"));
    store.commit(commit, deadline()).await.unwrap();

    let account = account_id("account-1");
    let found = store.account(&account, deadline()).await.unwrap().unwrap();
    assert_eq!(found.record, full_account("account-1"));
    let found = store.link(&account, &user("user-1"), deadline()).await;
    assert!(found.unwrap().unwrap().record == full_link("account-1", "user-1"));
    let found = store.entitlement(&order("E-1"), deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, full_entitlement("E-1", "account-1"));
    let found = store.session(&session.id, moment(1)).await.unwrap();
    assert!(found.unwrap().record == session);
    let found = store.replay(token(1), moment(1)).await.unwrap();
    assert_eq!(found.unwrap().record, full_hand_off(1));
    let found = store.event("event-1", moment(1)).await.unwrap();
    assert_eq!(found.unwrap().record, event("event-1"));
    let found = store.outbox_batch(9, deadline()).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|change| change.record).collect();
    assert_eq!(found, [change("change-1")]);
    let found = store.deployment(deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, deployment("vendor"));
}

pub(crate) async fn a_bare_record_of_each_kind_comes_back(store: Store) {
    let session = bare_session();
    let commit = Commit::new()
        .create(bare_account("account-1"))
        .create(bare_link("account-1", "user-1"))
        .create(bare_entitlement("E-1", "account-1"))
        .create(&session)
        .create(bare_hand_off(1))
        .create(bare_change("change-1"));
    store.commit(commit, deadline()).await.unwrap();

    let account = account_id("account-1");
    let found = store.account(&account, deadline()).await.unwrap().unwrap();
    assert_eq!(found.record, bare_account("account-1"));
    let found = store.link(&account, &user("user-1"), deadline()).await;
    assert!(found.unwrap().unwrap().record == bare_link("account-1", "user-1"));
    let found = store.entitlement(&order("E-1"), deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, bare_entitlement("E-1", "account-1"));
    let found = store.session(&session.id, moment(1)).await.unwrap();
    assert!(found.unwrap().record == session);
    let found = store.replay(token(1), moment(1)).await.unwrap();
    assert_eq!(found.unwrap().record, bare_hand_off(1));
    let found = store.outbox_batch(9, deadline()).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|change| change.record).collect();
    assert_eq!(found, [bare_change("change-1")]);
}

pub(crate) async fn an_unconfirmed_absence_and_rejection_come_back(store: Store) {
    let mut account = bare_account("account-1");
    account.rejecting = Some(Rejecting {
        since: at(1),
        confirmed: None,
        refused: None,
    });
    account.absent = Some(Absence {
        since: at(2),
        accepted: None,
    });
    let mut entitlement = bare_entitlement("E-1", "account-1");
    entitlement.absent = account.absent;
    let commit = Commit::new().create(&account).create(&entitlement);
    store.commit(commit, deadline()).await.unwrap();
    let found = store.account(&account.id, deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, account);
    let found = store.entitlement(&order("E-1"), deadline()).await.unwrap();
    assert_eq!(found.unwrap().record, entitlement);
}

pub(crate) async fn a_value_can_be_taken_away(store: Store) {
    let full = Commit::new().create(full_account("account-1"));
    store.commit(full, deadline()).await.unwrap();
    let account = account_id("account-1");
    let found = store.account(&account, deadline()).await.unwrap().unwrap();

    let bare = Commit::new().replace(bare_account("account-1"), &found.version);
    store.commit(bare, deadline()).await.unwrap();

    let found = store.account(&account, deadline()).await.unwrap().unwrap();
    assert_eq!(found.record, bare_account("account-1"));
}

pub(crate) async fn times_are_kept_to_the_microsecond(store: Store) {
    let mut account = bare_account("account-1");
    account.created = Timestamp::from_nanosecond(1_795_000_000_123_456_789).unwrap();
    account.updated = Timestamp::from_nanosecond(-1).unwrap();
    account.approval = Approval::Rejected;
    let commit = Commit::new().create(&account);
    store.commit(commit, deadline()).await.unwrap();

    let found = store.account(&account.id, deadline()).await.unwrap();
    let found = found.unwrap().record;
    assert_eq!(found.created.as_nanosecond(), 1_795_000_000_123_456_000);
    assert_eq!(found.updated.as_nanosecond(), -1_000);
}

pub(crate) async fn what_is_not_there_is_none(store: Store) {
    let account = account_id("account-1");
    let session = bare_session();
    assert!(store.account(&account, deadline()).await.unwrap().is_none());
    let link = store.link(&account, &user("user-1"), deadline()).await;
    assert!(link.unwrap().is_none());
    let entitlement = store.entitlement(&order("E-1"), deadline()).await;
    assert!(entitlement.unwrap().is_none());
    let session = store.session(&session.id, moment(1)).await;
    assert!(session.unwrap().is_none());
    let replay = store.replay(token(1), moment(1)).await.unwrap();
    assert!(replay.is_none());
    let event = store.event("event-1", moment(1)).await.unwrap();
    assert!(event.is_none());
    let all = store.entitlements_of(&account, deadline()).await.unwrap();
    assert!(all.is_empty());
    assert_eq!(store.deployment(deadline()).await.unwrap(), None);
    let lines = store.journal_of(&account, deadline()).await.unwrap();
    assert!(lines.records.is_empty());
    assert!(store.outbox_batch(9, deadline()).await.unwrap().is_empty());
}
