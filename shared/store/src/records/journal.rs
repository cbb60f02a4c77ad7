//! What happened to customers, and who decided it: written once, in the commit that makes the change.

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};
use sha2::{Digest as _, Sha256};

use crate::documents::collections::{JOURNAL, JOURNAL_TEXTS};
use crate::documents::document::hexadecimal;
use crate::documents::query::Query;
use crate::documents::record::stored_record;
use crate::{Commit, Document, JournalKind, Store, StoreUnavailable, Stored, Walked};

/// One line of the journal. It holds ids and codes, never a customer's name or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Sorts the lines of one account by time.
    pub id: String,
    /// The account; none if the line is about the whole deployment.
    pub account: Option<ProcurementAccountId>,
    /// The order, if it is about one.
    pub order: Option<EntitlementId>,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: JournalKind,
    /// Who decided it, if a person did: the e-mail address of the credentials, or what they said of themselves,
    /// marked so.
    pub actor: Option<String>,
    /// Codes, ids, counts and times that belong to it, by name.
    pub details: BTreeMap<String, String>,
}

/// What a person typed for a line of the journal, such as a reason. Erasing the account deletes it.
#[derive(Clone, PartialEq, Eq)]
pub struct JournalText {
    /// The id of the line.
    pub id: String,
    /// The account.
    pub account: ProcurementAccountId,
    /// What was typed.
    pub text: String,
}

impl JournalEntry {
    /// A line about an account.
    pub fn of_account(account: &ProcurementAccountId, kind: JournalKind, at: Timestamp) -> Self {
        Self::new(Some(account), None, kind, at)
    }

    /// A line about an order of an account.
    pub fn of_order(
        account: &ProcurementAccountId,
        order: &EntitlementId,
        kind: JournalKind,
        at: Timestamp,
    ) -> Self {
        Self::new(Some(account), Some(order), kind, at)
    }

    /// A line about an operation of an order's usage, of which several may be changed in one moment.
    pub fn of_operation(
        account: &ProcurementAccountId,
        order: &EntitlementId,
        operation: &str,
        kind: JournalKind,
        at: Timestamp,
    ) -> Self {
        let mut entry = Self::new(Some(account), Some(order), kind, at);
        let parts = [kind.as_str(), order.as_str(), operation];
        entry.id = line_id(account.as_str(), at, &parts);
        entry.with("operation", operation)
    }

    /// A line about the whole deployment. `what` distinguishes lines of one moment.
    pub fn of_deployment(kind: JournalKind, what: &str, at: Timestamp) -> Self {
        let mut entry = Self::new(None, None, kind, at);
        entry.id = line_id("-", at, &[kind.as_str(), what]);
        entry
    }

    fn new(
        account: Option<&ProcurementAccountId>,
        order: Option<&EntitlementId>,
        kind: JournalKind,
        at: Timestamp,
    ) -> Self {
        let subject = account.map(ProcurementAccountId::percent_encoded);
        let subject = subject.as_deref().unwrap_or("-");
        let order_id = order.map_or("", EntitlementId::as_str);
        Self {
            id: line_id(subject, at, &[kind.as_str(), order_id]),
            account: account.cloned(),
            order: order.cloned(),
            at,
            kind,
            actor: None,
            details: BTreeMap::new(),
        }
    }

    /// The line with who decided it.
    #[must_use]
    pub fn by(mut self, actor: &str) -> Self {
        self.actor = Some(actor.to_owned());
        self
    }

    /// The line with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds the line to a commit, with what a person typed for it. A line about the whole deployment takes no text,
    /// since no erasing would ever delete it.
    pub fn add_to(self, commit: Commit, text: Option<&str>) -> Commit {
        let text = text
            .zip(self.account.clone())
            .map(|(text, account)| JournalText {
                id: self.id.clone(),
                account,
                text: text.to_owned(),
            });
        let commit = commit.put(self);
        match text {
            Some(text) => commit.put(text),
            None => commit,
        }
    }
}

/// The account, the time so that it sorts, and a hash that distinguishes lines of one moment.
pub(super) fn line_id(subject: &str, at: Timestamp, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let hash: String = hexadecimal(&hash.finalize()).chars().take(12).collect();
    format!("{subject}:{:020}:{hash}", at.as_microsecond())
}

impl Document {
    /// What was typed for a line of the journal, by the id of the line.
    pub fn journal_text(id: &str) -> Self {
        Self::new(JOURNAL_TEXTS, id)
    }
}

impl Store {
    /// All lines about an account, the oldest first, in one step. A line that cannot be read is passed over and
    /// counted: nothing is decided by the journal.
    pub async fn journal_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Walked<JournalEntry>, StoreUnavailable> {
        self.walk(Query::of_account(JOURNAL, account), deadline)
            .await
    }

    /// One step through all lines, by account and time: at most `limit` documents from the one after `after` on.
    pub async fn walk_journal(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<JournalEntry>, StoreUnavailable> {
        self.walk(Query::page(JOURNAL, after, limit), deadline)
            .await
    }

    /// At most `limit` lines, by account and time, from the one after `after` on. A line that cannot be read is passed
    /// over.
    pub async fn journal_after(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<JournalEntry>, StoreUnavailable> {
        let page = Query::page(JOURNAL, after, limit);
        Ok(records(self.fill(page, deadline).await?))
    }

    /// What was typed for the lines about an account, in one step, to show it. A text that cannot be read is passed
    /// over and counted.
    pub async fn readable_texts_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Walked<JournalText>, StoreUnavailable> {
        self.walk(Query::of_account(JOURNAL_TEXTS, account), deadline)
            .await
    }

    /// One step through what was typed for all lines, by account and time: at most `limit` documents from the one
    /// after `after` on.
    pub async fn walk_typed_texts(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<JournalText>, StoreUnavailable> {
        self.walk(Query::page(JOURNAL_TEXTS, after, limit), deadline)
            .await
    }

    /// What was typed for the lines about an account. It fails if one text cannot be read: erasing must not leave one
    /// behind unseen.
    pub async fn journal_texts_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<JournalText>, StoreUnavailable> {
        let query = Query::of_account(JOURNAL_TEXTS, account);
        Ok(records(self.many(query, deadline).await?))
    }
}

fn records<T>(found: Vec<Stored<T>>) -> Vec<T> {
    found.into_iter().map(|stored| stored.record).collect()
}

stored_record! {
    JournalEntry, in JOURNAL, at |entry| Document::new(JOURNAL, entry.id.as_str());
    id: id;
    fields: account, order, at, kind, actor, details;
}

stored_record! {
    JournalText, in JOURNAL_TEXTS, at |text| Document::journal_text(&text.id);
    id: id;
    fields: account, text;
}

#[cfg(test)]
mod tests;
