//! The journal: its lines, their order, and what was typed for them.

use store::{Commit, Document, JournalEntry, JournalKind, JournalText, Store};

use crate::samples::{account_id, at, deadline, line, order};

async fn write(store: &Store, line: JournalEntry, text: Option<&str>) {
    let commit = line.add_to(Commit::new(), text);
    store.commit(commit, deadline()).await.unwrap();
}

async fn lines_of(store: &Store, account: &str) -> Vec<JournalEntry> {
    let lines = store.journal_of(&account_id(account), deadline()).await;
    let lines = lines.unwrap().records.into_iter();
    lines.map(|line| line.record).collect()
}

async fn texts_of(store: &Store, account: &str) -> Vec<JournalText> {
    let account = account_id(account);
    let texts = store.journal_texts_of(&account, deadline());
    texts.await.unwrap()
}

pub(crate) async fn a_line_comes_back_with_who_why_and_what_was_typed(store: Store) {
    let account = account_id("account-1");
    let line = JournalEntry::of_order(&account, &order("E-1"), JournalKind::OrderRejected, at(0))
        .by("operator@vendor.example")
        .with("plan", "standard-plan")
        .with("count", 3);
    write(&store, line.clone(), Some("Änne asked for it")).await;
    let text = JournalText {
        id: line.id.clone(),
        account,
        text: "Änne asked for it".to_owned(),
    };
    assert_eq!(lines_of(&store, "account-1").await, [line]);
    assert!(texts_of(&store, "account-1").await == [text]);
}

pub(crate) async fn a_line_about_the_deployment_belongs_to_no_account_and_has_no_text(
    store: Store,
) {
    let line = JournalEntry::of_deployment(JournalKind::ProviderAdopted, "vendor", at(0));
    write(&store, line.clone(), Some("why")).await;
    let step = store.walk_journal(None, 9, deadline()).await.unwrap();
    let lines: Vec<_> = step.records.into_iter().map(|line| line.record).collect();
    assert_eq!(lines, [line]);
    assert!(lines_of(&store, "-").await.is_empty());
    assert!(texts_of(&store, "-").await.is_empty());
}

pub(crate) async fn lines_of_an_account_are_in_the_order_of_their_times(store: Store) {
    for seconds in [7, 100, -5, 0] {
        write(&store, line("account-1", seconds), None).await;
    }
    write(&store, line("account-2", 1), None).await;
    let expected = [-5, 0, 7, 100].map(|seconds| line("account-1", seconds));
    assert_eq!(lines_of(&store, "account-1").await, expected);
}

pub(crate) async fn the_journal_is_paged_through(store: Store) {
    let lines = [0, 1, 2].map(|seconds| line("account-1", seconds));
    for line in &lines {
        write(&store, line.clone(), None).await;
    }
    let first = store.walk_journal(None, 2, deadline()).await.unwrap();
    let last = first.next.as_deref();
    assert_eq!(last, Some(lines[1].id.as_str()));
    let second = store.walk_journal(last, 2, deadline()).await.unwrap();
    assert_eq!(second.next, None);
    let found = first.records.iter().chain(&second.records);
    let found: Vec<_> = found.map(|line| line.record.clone()).collect();
    assert_eq!(found, lines);
    let page = store.journal_after(last, 9, deadline()).await.unwrap();
    assert_eq!(page, lines[2..]);
}

pub(crate) async fn a_line_written_twice_is_one_line(store: Store) {
    for _ in 0..2 {
        write(&store, line("account-1", 0), Some("why")).await;
    }
    assert_eq!(lines_of(&store, "account-1").await.len(), 1);
    assert_eq!(texts_of(&store, "account-1").await.len(), 1);
}

pub(crate) async fn what_was_typed_can_be_deleted_and_the_line_stays(store: Store) {
    for account in ["account-1", "account-2"] {
        write(&store, line(account, 0), Some("a name")).await;
    }
    let texts = texts_of(&store, "account-1").await;
    let commit = texts.iter().fold(Commit::new(), |commit, text| {
        commit.delete(Document::journal_text(&text.id))
    });
    store.commit(commit, deadline()).await.unwrap();
    assert!(texts_of(&store, "account-1").await.is_empty());
    assert_eq!(lines_of(&store, "account-1").await, [line("account-1", 0)]);
    assert_eq!(texts_of(&store, "account-2").await.len(), 1);
}
