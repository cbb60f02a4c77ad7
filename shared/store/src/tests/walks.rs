//! Walks go past what cannot be read; what a decision rests on is read whole or not at all.

use std::collections::BTreeMap;

use marketplace::{
    At, EntitlementState, ProcurementAccountId, ProductId, ProviderId, UserIdentity,
};
use serde_json::json;

use super::raw::{account_id, at, deadline, order, put, put_record, stored, text};
use crate::documents::collections::{
    ACCOUNTS, ENTITLEMENTS, EVENTS, JOURNAL, JOURNAL_TEXTS, LINKS, METERS, OUTBOX, REPORTS, USAGE,
};
use crate::{
    Account, Approval, Commit, Document, Entitlement, HandledEvent, JournalEntry, JournalKind,
    JournalText, Link, OutboxEntry, Ownership, ReportState, Store, StoreUnavailable, Unruled,
    UsageHours, Walked,
};

async fn put_account(store: &Store, id: &str) {
    let account = Account::new(&account_id(id), Approval::Approved, at(0));
    put_record(store, account).await;
}

/// A document that is of its collection only by its place and by this field.
async fn put_unreadable(
    store: &Store,
    collection: &'static str,
    id: &str,
    field: [&'static str; 2],
) {
    let [name, value] = field;
    put(store, Document::new(collection, id), &[(name, text(value))]).await;
}

async fn put_unreadable_account(store: &Store, id: &str) {
    put_unreadable(store, ACCOUNTS, id, ["approval", "of a later version"]).await;
}

fn entitlement(id: &str) -> Entitlement {
    Entitlement {
        unruled: Some(Unruled::UnknownState),
        ..Entitlement::new(
            &order(id),
            &account_id("a-1"),
            &ProductId::parse("product").unwrap(),
            &EntitlementState::ActivationRequested,
            at(0),
        )
    }
}

fn event(id: &str) -> HandledEvent {
    HandledEvent {
        id: id.to_owned(),
        kind: "kind".to_owned(),
        outcome: "waiting".to_owned(),
        resource: None,
        body: None,
        handled: at(0),
        keep_until: at(1),
    }
}

fn news(id: &str) -> OutboxEntry {
    OutboxEntry {
        id: id.to_owned(),
        kind: "kind".to_owned(),
        account: account_id("a-1"),
        data: json!({}),
        occurred: at(0),
        sequence: None,
    }
}

/// What each step through the accounts finds, and how many documents it passes over.
async fn steps(store: &Store, limit: usize) -> Vec<(Vec<String>, usize)> {
    let mut steps = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let step = store.walk_accounts(after.as_deref(), limit, deadline());
        let step = step.await.unwrap();
        let ids = step.records.into_iter();
        let ids = ids.map(|account| account.record.id.to_string()).collect();
        steps.push((ids, step.unreadable));
        after = step.next;
        if after.is_none() {
            return steps;
        }
    }
}

fn found(ids: &[&str], unreadable: usize) -> (Vec<String>, usize) {
    let ids = ids.iter().map(|id| (*id).to_owned());
    (ids.collect(), unreadable)
}

pub(super) async fn a_walk_goes_past_an_unreadable_document_in_the_middle(store: Store) {
    put_account(&store, "a-1").await;
    put_unreadable_account(&store, "a-2").await;
    put_account(&store, "a-3").await;
    assert_eq!(steps(&store, 9).await, [found(&["a-1", "a-3"], 1)]);
}

pub(super) async fn a_walk_goes_past_an_unreadable_document_at_the_end_of_a_page(store: Store) {
    put_account(&store, "a-1").await;
    put_unreadable_account(&store, "a-2").await;
    put_account(&store, "a-3").await;
    assert_eq!(
        steps(&store, 2).await,
        [found(&["a-1"], 1), found(&["a-3"], 0)]
    );
}

pub(super) async fn a_walk_goes_past_pages_of_nothing_but_unreadable_documents(store: Store) {
    for id in ["a-1", "a-2", "a-3", "a-4"] {
        put_unreadable_account(&store, id).await;
    }
    put_account(&store, "a-5").await;
    let nothing = found(&[], 2);
    assert_eq!(
        steps(&store, 2).await,
        [nothing.clone(), nothing, found(&["a-5"], 0)]
    );
}

/// Of an unreadable document and a readable one after it, read in steps of one.
async fn goes_past<T>(step: impl AsyncFn(Option<String>) -> Walked<T>) {
    let first = step(None).await;
    assert_eq!((first.records.len(), first.unreadable), (0, 1));
    assert!(first.next.is_some());
    let second = step(first.next).await;
    assert_eq!((second.records.len(), second.unreadable), (1, 0));
}

pub(super) async fn every_walk_goes_past_what_is_unreadable(store: Store) {
    put_unreadable(&store, ENTITLEMENTS, "E-1", ["state", "ENTITLEMENT_ACTIVE"]).await;
    put_record(&store, entitlement("E-2")).await;
    goes_past(async |after: Option<String>| {
        let step = store.walk_entitlements(after.as_deref(), 1, deadline());
        step.await.unwrap()
    })
    .await;

    put_unreadable(&store, EVENTS, "e-1", ["outcome", "waiting"]).await;
    put_record(&store, event("e-2")).await;
    goes_past(async |after: Option<String>| {
        let step = store.walk_events_with_outcome("waiting", after.as_deref(), 1, deadline());
        step.await.unwrap()
    })
    .await;

    let line = JournalEntry::of_account(&account_id("a-1"), JournalKind::Announced, at(0));
    put_unreadable(&store, JOURNAL, "a-0", ["account", "a-1"]).await;
    put_record(&store, &line).await;
    goes_past(async |after: Option<String>| {
        let step = store.walk_journal(after.as_deref(), 1, deadline());
        step.await.unwrap()
    })
    .await;
    let lines = store.journal_of(&account_id("a-1"), deadline()).await;
    let lines = lines.unwrap();
    assert_eq!((lines.unreadable, lines.next), (1, None));
    let lines = lines.records.into_iter().map(|line| line.record);
    assert_eq!(lines.collect::<Vec<_>>(), [line]);
}

pub(super) async fn one_unreadable_text_does_not_hide_the_others_of_its_account(store: Store) {
    let account = account_id("a-1");
    put_unreadable(&store, JOURNAL_TEXTS, "a-0", ["account", "a-1"]).await;
    let text = JournalText {
        id: "a-1:1".to_owned(),
        account: account.clone(),
        text: "a reason".to_owned(),
    };
    put_record(&store, &text).await;
    goes_past(async |after: Option<String>| {
        let step = store.walk_typed_texts(after.as_deref(), 1, deadline());
        step.await.unwrap()
    })
    .await;
    let texts = store.readable_texts_of(&account, deadline()).await.unwrap();
    assert_eq!((texts.unreadable, texts.next), (1, None));
    let texts = texts.records.into_iter().map(|text| text.record.text);
    assert_eq!(texts.collect::<Vec<_>>(), ["a reason"]);
}

fn link(user: &str) -> Link {
    Link {
        account: account_id("a-1"),
        user: UserIdentity::parse(user).unwrap(),
        profile: BTreeMap::new(),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: at(0),
        last_seen: at(0),
    }
}

pub(super) async fn what_is_taken_along_goes_past_what_is_unreadable(store: Store) {
    let account = account_id("a-1");
    for (collection, id) in [
        (ENTITLEMENTS, "E-1"),
        (LINKS, "a-1:user-1"),
        (JOURNAL, "a-1:0"),
        (JOURNAL_TEXTS, "a-1:0"),
    ] {
        put_unreadable(&store, collection, id, ["account", "a-1"]).await;
    }
    put_record(&store, entitlement("E-2")).await;
    put_record(&store, link("user-2")).await;
    let line = JournalEntry::of_account(&account, JournalKind::LinksImported, at(0));
    let commit = line.add_to(Commit::new(), Some("typed"));
    store.commit(commit, deadline()).await.unwrap();

    let counts = async |page: Option<&ProcurementAccountId>| {
        let (links, texts) = match page {
            Some(id) => (
                store.walk_links_of(id, deadline()).await.unwrap(),
                store.readable_texts_of(id, deadline()).await.unwrap(),
            ),
            None => (
                store.walk_links(None, 9, deadline()).await.unwrap(),
                store.walk_typed_texts(None, 9, deadline()).await.unwrap(),
            ),
        };
        assert_eq!((links.next, texts.next), (None, None));
        [
            (links.records.len(), links.unreadable),
            (texts.records.len(), texts.unreadable),
        ]
    };
    assert_eq!(counts(None).await, [(1, 1), (1, 1)]);
    assert_eq!(counts(Some(&account)).await, [(1, 1), (1, 1)]);
    let orders = store.walk_entitlements_of(&account, deadline());
    let orders = orders.await.unwrap();
    assert_eq!((orders.records.len(), orders.unreadable), (1, 1));
    let lines = store.journal_of(&account, deadline()).await.unwrap();
    assert_eq!((lines.records.len(), lines.unreadable), (1, 1));
    put_unreadable(&store, USAGE, "u-1", ["key", "1"]).await;
    let usage = store.walk_usage(None, 9, deadline()).await.unwrap();
    assert_eq!((usage.records.len(), usage.unreadable), (0, 1));

    let known = UserIdentity::parse("user-2").unwrap();
    let unknown = UserIdentity::parse("user-3").unwrap();
    let ids = [(account.clone(), unknown), (account, known)];
    let found = store.links(&ids, deadline()).await.unwrap();
    let found: Vec<_> = found.iter().map(Option::is_some).collect();
    assert_eq!(found, [false, true]);
}

pub(super) async fn unreadable_rows_of_the_ledger_are_counted(store: Store) {
    put_unreadable(&store, REPORTS, "op-1", ["state", "held"]).await;
    let all = store.walk_reports(None, 1, deadline()).await.unwrap();
    assert_eq!((all.records.len(), all.unreadable), (0, 1));
    assert_eq!(all.next.as_deref(), Some("op-1"));
    let held = store.walk_reports_with_state(ReportState::Held, None, 9, deadline());
    let held = held.await.unwrap();
    assert_eq!((held.records.len(), held.unreadable), (0, 1));
    assert_eq!(held.next, None);
}

pub(super) async fn an_unreadable_entry_does_not_stop_the_outbox_and_stays(store: Store) {
    for id in ["n-1", "n-2"] {
        put_unreadable(&store, OUTBOX, id, ["kind", "of a later version"]).await;
    }
    put_record(&store, news("n-3")).await;
    put_record(&store, news("n-4")).await;
    let ids = async |limit| -> Vec<String> {
        let batch = store.outbox_batch(limit, deadline()).await.unwrap();
        batch.into_iter().map(|entry| entry.record.id).collect()
    };
    assert_eq!(ids(1).await, ["n-3"]);
    assert_eq!(ids(9).await, ["n-3", "n-4"]);
    let all = store.walk_outbox(None, 9, deadline()).await.unwrap();
    assert_eq!((all.records.len(), all.unreadable), (2, 2));
    let left = stored(&store, &Document::outbox("n-1")).await;
    assert_eq!(left.len(), 1);
}

pub(super) async fn a_count_of_orders_goes_past_an_unreadable_one(store: Store) {
    let waiting = EntitlementState::ActivationRequested;
    let state = ["state", "ENTITLEMENT_ACTIVATION_REQUESTED"];
    put_unreadable(&store, ENTITLEMENTS, "E-1", state).await;
    put_unreadable(&store, ENTITLEMENTS, "E-2", ["unruled", "unknown-state"]).await;
    put_record(&store, entitlement("E-3")).await;
    let found = store.entitlements_in(&waiting, 1, deadline()).await;
    assert_eq!(found.unwrap().len(), 1);
    let found = store.unruled_entitlements(Unruled::UnknownState, 1, deadline());
    assert_eq!(found.await.unwrap().len(), 1);
}

/// The collection that could not be read.
fn refused<T>(answer: Result<T, StoreUnavailable>) -> Option<&'static str> {
    match answer.err()? {
        StoreUnavailable::Undecodable { collection, .. } => Some(collection),
        _ => None,
    }
}

pub(super) async fn what_a_decision_rests_on_is_not_passed_over(store: Store) {
    let (account, order) = (account_id("a-1"), order("E-1"));
    let user = UserIdentity::parse("user-1").unwrap();
    put_account(&store, "a-1").await;
    put_record(&store, entitlement("E-2")).await;
    for (collection, id) in [
        (ENTITLEMENTS, "E-1"),
        (LINKS, "a-1:user-2"),
        (JOURNAL_TEXTS, "a-1:1"),
        (METERS, "E-1"),
    ] {
        put_unreadable(&store, collection, id, ["account", "a-1"]).await;
    }
    let window = ["window", "E-1@2026-11-30T10:00:00Z"];
    put_unreadable(&store, USAGE, "u-1", window).await;

    let found = store.entitlements_of(&account, deadline()).await;
    assert_eq!(refused(found), Some(ENTITLEMENTS));
    let found = store.customer(&account, &user, deadline()).await;
    assert_eq!(refused(found), Some(ENTITLEMENTS));
    let found = store.entitlement(&order, deadline()).await;
    assert_eq!(refused(found), Some(ENTITLEMENTS));
    let found = store.links_of(&account, deadline()).await;
    assert_eq!(refused(found), Some(LINKS));
    let found = store.journal_texts_of(&account, deadline()).await;
    assert_eq!(refused(found), Some(JOURNAL_TEXTS));
    let found = store.meter(&order, deadline()).await;
    assert_eq!(refused(found), Some(METERS));
    let hours = UsageHours {
        from: "2026-11-30T10:00:00Z".parse().unwrap(),
        before: None,
        after: None,
        limit: 9,
    };
    let found = store.usage_between(&order, hours, deadline()).await;
    assert_eq!(refused(found), Some(USAGE));
}

pub(super) async fn a_store_with_one_unreadable_account_is_not_empty(store: Store) {
    put_unreadable_account(&store, "a-1").await;
    let provider = ProviderId::parse("vendor").unwrap();
    let at = At {
        now: at(0),
        deadline: deadline(),
    };
    Ownership::new(store.clone(), provider)
        .ensure(at)
        .await
        .unwrap();
    let owner = store.deployment(deadline()).await.unwrap();
    assert_eq!(owner, None);
}
