//! The journal: one line for each decision, and the list of all lines.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId};
use serde::Serialize;
use store::{Commit, JournalEntry, JournalText};

use crate::actor::Actor;
use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};
use crate::walks::PAGE;

/// A line of the journal with what was typed for it; its JSON is part of the interface of `operator journal`.
#[derive(Debug, Serialize)]
pub struct JournalLine {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: &'static str,
    /// The account; none if the line is about the whole deployment.
    pub account: Option<ProcurementAccountId>,
    /// The order, if it is about one.
    pub order: Option<EntitlementId>,
    /// Who decided it, if a person did.
    pub actor: Option<String>,
    /// Codes, ids, counts and times, by name.
    pub details: BTreeMap<String, String>,
    /// What a person typed, until it is erased.
    pub text: Option<String>,
}

/// A line that is written with a decision.
#[derive(Debug)]
pub(crate) struct Note {
    entry: JournalEntry,
    text: Option<String>,
}

impl Note {
    pub(crate) fn new(entry: JournalEntry, by: &Actor, text: Option<&str>) -> Self {
        Self {
            entry: entry.by(by.as_str()),
            text: text.map(str::to_owned),
        }
    }

    /// The line as it is written before Google is asked.
    pub(crate) fn asked(self) -> Self {
        Self {
            entry: self.entry.asked(),
            ..self
        }
    }

    /// The line that says that Google took what this one had asked for.
    pub(crate) fn taken(&self, now: Timestamp) -> Self {
        Self {
            entry: self.entry.taken(now),
            text: None,
        }
    }

    /// The line that says that Google did not take it.
    pub(crate) fn not_taken(&self, now: Timestamp) -> Self {
        Self {
            entry: self.entry.not_taken(now),
            text: None,
        }
    }

    pub(crate) fn add_to(&self, commit: Commit) -> Commit {
        self.entry.clone().add_to(commit, self.text.as_deref())
    }
}

impl Operations {
    /// All lines, or those about an account, the oldest first; and how many of these lines and of their texts are left
    /// out because they cannot be read. A decision of which it is not known whether Google took it has the outcome
    /// `asked`; one that Google did not take is left out.
    pub async fn journal(
        &self,
        account: Option<&ProcurementAccountId>,
    ) -> Result<(Vec<JournalLine>, usize), OperationError> {
        let (entries, unreadable) = match account {
            Some(account) => {
                let found = self.store.journal_of(account, call_deadline()).await?;
                let lines = found.records.into_iter().map(|stored| stored.record);
                (lines.collect(), found.unreadable)
            }
            None => self.whole_journal().await?,
        };
        let mut entries = JournalEntry::decided(entries);
        entries.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let (mut texts, unreadable_texts) = self.typed(account).await?;
        let lines = entries.into_iter().map(|entry| JournalLine {
            text: texts.remove(&entry.id),
            at: entry.at,
            kind: entry.kind.as_str(),
            account: entry.account,
            order: entry.order,
            actor: entry.actor,
            details: entry.details,
        });
        Ok((lines.collect(), unreadable + unreadable_texts))
    }

    /// Writes a line in a commit of its own.
    pub(crate) async fn write_line(&self, note: &Note) -> Result<(), OperationError> {
        let commit = note.add_to(Commit::new());
        self.store.commit(commit, call_deadline()).await?;
        Ok(())
    }

    async fn whole_journal(&self) -> Result<(Vec<JournalEntry>, usize), OperationError> {
        let (mut entries, mut unreadable) = (Vec::new(), 0_usize);
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .walk_journal(after.as_deref(), PAGE, call_deadline());
            let page = page.await?;
            entries.extend(page.records.into_iter().map(|stored| stored.record));
            unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                return Ok((entries, unreadable));
            }
        }
    }

    /// What was typed for all lines or those about an account, by their ids; and how many texts cannot be read.
    async fn typed(
        &self,
        account: Option<&ProcurementAccountId>,
    ) -> Result<(BTreeMap<String, String>, usize), OperationError> {
        let (mut texts, mut unreadable) = (BTreeMap::new(), 0_usize);
        let mut after: Option<String> = None;
        loop {
            let page = match account {
                Some(account) => self.store.readable_texts_of(account, call_deadline()).await,
                None => {
                    self.store
                        .walk_typed_texts(after.as_deref(), PAGE, call_deadline())
                        .await
                }
            }?;
            let found = page.records.into_iter().map(|stored| stored.record);
            texts.extend(found.map(|JournalText { id, text, .. }| (id, text)));
            unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                return Ok((texts, unreadable));
            }
        }
    }
}
