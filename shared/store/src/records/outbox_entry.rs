//! Changes that the vendor's application has yet to be notified of.

use jiff::Timestamp;
use marketplace::{Deadline, ProcurementAccountId};
use serde_json::Value as Json;

use crate::documents::collections::OUTBOX;
use crate::documents::query::Query;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored, Walked};

/// One change, written in the commit that makes it and deleted when it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// The `CloudEvent`'s id: a hash of the account, the change and its place in the sequence.
    pub id: String,
    /// The `CloudEvent`'s type.
    pub kind: String,
    /// Whose change it is.
    pub account: ProcurementAccountId,
    /// The `CloudEvent`'s data. It is stored as JSON text, since Firestore has no lists in lists.
    pub data: Json,
    /// When the change happened.
    pub occurred: Timestamp,
    /// Its place among the news about its account: a number of 20 digits that only grows. Entries of earlier
    /// versions have none.
    pub sequence: Option<String>,
}

impl Document {
    /// A change that the application is to be notified of, by its `CloudEvent` id.
    pub fn outbox(id: &str) -> Self {
        Self::new(OUTBOX, id)
    }
}

impl Store {
    /// At most `limit` changes that the application has yet to be notified of, in no order of time. What cannot be
    /// read is passed over and stays stored: it must not keep the others from the application.
    pub async fn outbox_batch(
        &self,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<OutboxEntry>>, StoreUnavailable> {
        self.fill(Query::page(OUTBOX, None, limit), deadline).await
    }

    /// One step through all changes that the application has yet to be notified of, in the order of their ids: at most
    /// `limit` documents from the one after `after` on.
    pub async fn walk_outbox(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<OutboxEntry>, StoreUnavailable> {
        self.walk(Query::page(OUTBOX, after, limit), deadline).await
    }
}

stored_record! {
    OutboxEntry, in OUTBOX, at |entry| Document::outbox(&entry.id);
    id: id;
    fields: kind, account, data, occurred, sequence;
}
