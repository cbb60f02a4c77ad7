//! Documents that are found by something else than their id.

use marketplace::EntitlementState;
use store::{Commit, Entitlement, HandledEvent, Session, SessionId, Store, Unruled};

use crate::samples::{
    account_id, bare_account, bare_entitlement, bare_link, bare_session, change, cursor, customer,
    deadline, event, moment, order,
};

pub(crate) async fn an_account_has_its_own_entitlements_all_of_them(store: Store) {
    let mut commit = Commit::new();
    for number in 0..250 {
        commit = commit.create(bare_entitlement(&format!("E-{number:03}"), "account-1"));
    }
    commit = commit
        .create(bare_entitlement("E-000-other", "account-2"))
        .create(bare_link("account-1", "user-1"))
        .create(change("change-1"));
    store.commit(commit, deadline()).await.unwrap();

    let found = store
        .entitlements_of(&account_id("account-1"), deadline())
        .await;
    let found: Vec<_> = found.unwrap().into_iter().map(|e| e.record).collect();
    let expected = (0..250).map(|number| bare_entitlement(&format!("E-{number:03}"), "account-1"));
    assert_eq!(found, expected.collect::<Vec<_>>());
    let none = store
        .entitlements_of(&account_id("account"), deadline())
        .await;
    assert!(none.unwrap().is_empty());
}

pub(crate) async fn an_account_has_its_own_links(store: Store) {
    let commit = Commit::new()
        .create(bare_link("account-1", "user-2"))
        .create(bare_link("account-1", "user-1"))
        .create(bare_link("account-2", "user-1"));
    store.commit(commit, deadline()).await.unwrap();
    let found = store.links_of(&account_id("account-1"), deadline()).await;
    let found: Vec<_> = found.unwrap().into_iter().map(|link| link.record).collect();
    let expected = ["user-1", "user-2"].map(|who| bare_link("account-1", who));
    assert!(found == expected);
}

pub(crate) async fn accounts_are_paged_through(store: Store) {
    let ids = ["a-1", "a-2", "a-3", "a-4", "a-5"];
    let commit = ids
        .iter()
        .fold(Commit::new(), |commit, id| commit.create(bare_account(id)));
    store.commit(commit, deadline()).await.unwrap();
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let step = store.walk_accounts(after.as_deref(), 2, deadline()).await;
        let step = step.unwrap();
        assert!(step.records.len() <= 2);
        assert_eq!(step.unreadable, 0);
        found.extend(step.records.into_iter().map(|account| account.record.id));
        after = step.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, ids.map(account_id));
}

pub(crate) async fn entitlements_are_paged_through(store: Store) {
    let commit = Commit::new()
        .create(bare_entitlement("E-1", "account-2"))
        .create(bare_entitlement("E-2", "account-1"));
    store.commit(commit, deadline()).await.unwrap();
    let ids = async |after: Option<&str>| -> Vec<_> {
        let step = store.walk_entitlements(after, 9, deadline()).await;
        let records = step.unwrap().records.into_iter();
        records.map(|e| e.record.id).collect()
    };
    assert_eq!(ids(None).await, ["E-1", "E-2"].map(order));
    assert_eq!(ids(Some("E-1")).await, [order("E-2")]);
    assert!(ids(Some("E-2")).await.is_empty());
}

pub(crate) async fn entitlements_are_found_by_their_state_and_by_what_they_wait_for(store: Store) {
    let unruled = |id, why| Entitlement {
        unruled: Some(why),
        ..bare_entitlement(id, "account-1")
    };
    let active = Entitlement {
        state: EntitlementState::Active,
        ..bare_entitlement("E-3", "account-1")
    };
    let commit = Commit::new()
        .create(unruled("E-1", Unruled::UnknownState))
        .create(unruled("E-2", Unruled::ChangeWithoutPlan))
        .create(active);
    store.commit(commit, deadline()).await.unwrap();
    let waiting = EntitlementState::ActivationRequested;
    let found = store.entitlements_in(&waiting, 9, deadline()).await;
    let found: Vec<_> = found.unwrap().into_iter().map(|e| e.record.id).collect();
    assert_eq!(found, ["E-1", "E-2"].map(order));
    let found = store.unruled_entitlements(Unruled::ChangeWithoutPlan, 9, deadline());
    let found: Vec<_> = found
        .await
        .unwrap()
        .into_iter()
        .map(|e| e.record.id)
        .collect();
    assert_eq!(found, [order("E-2")]);
}

pub(crate) async fn the_outbox_is_read_in_batches(store: Store) {
    let changes = ["c-1", "c-2", "c-3"].map(change);
    let commit = changes.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    let batch = store.outbox_batch(2, deadline()).await.unwrap();
    let batch: Vec<_> = batch.into_iter().map(|change| change.record).collect();
    assert_eq!(batch, changes[..2]);
}

pub(crate) async fn an_account_s_sessions_can_be_deleted(store: Store) {
    let session = |account: &str| Session {
        id: SessionId::random(),
        customer: customer(account, None),
        ..bare_session()
    };
    let (own, other) = (session("account-1"), session("account-2"));
    let commit = Commit::new().create(&own).create(&other);
    store.commit(commit, deadline()).await.unwrap();
    let account = account_id("account-1");
    let found = store.sessions_of(&account, deadline()).await.unwrap();
    assert_eq!(found.len(), 1);
    let commit = found.into_iter().fold(Commit::new(), Commit::delete);
    store.commit(commit, deadline()).await.unwrap();
    let own = store.session(&own.id, moment(1)).await.unwrap();
    assert!(own.is_none());
    let other = store.session(&other.id, moment(1)).await.unwrap();
    assert!(other.is_some());
}

pub(crate) async fn events_are_found_by_their_outcome(store: Store) {
    let waiting = |id: &str| HandledEvent {
        outcome: "waiting".to_owned(),
        ..event(id)
    };
    let commit = Commit::new()
        .create(event("e-1"))
        .create(waiting("e-2"))
        .create(waiting("e-3"));
    store.commit(commit, deadline()).await.unwrap();
    let ids = async |after, limit| -> Vec<_> {
        let found = store
            .walk_events_with_outcome("waiting", after, limit, deadline())
            .await;
        let found = found.unwrap().records.into_iter();
        found.map(|event| event.record).collect()
    };
    assert_eq!(ids(None, 9).await, [waiting("e-2"), waiting("e-3")]);
    assert_eq!(ids(None, 1).await, [waiting("e-2")]);
    assert_eq!(ids(Some("e-2"), 9).await, [waiting("e-3")]);
}

pub(crate) async fn a_job_goes_on_where_it_was(store: Store) {
    assert_eq!(store.cursor("reconcile", deadline()).await.unwrap(), None);
    for after in [Some("a"), None] {
        let commit = Commit::new().put(cursor(after));
        store.commit(commit, deadline()).await.unwrap();
        let found = store.cursor("reconcile", deadline()).await.unwrap();
        assert_eq!(found.map(|found| found.record), Some(cursor(after)));
    }
}
