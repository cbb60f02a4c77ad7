//! Changes that the vendor's application has yet to be notified of.

use jiff::Timestamp;
use marketplace::{Deadline, ProcurementAccountId};
use serde_json::Value as Json;

use crate::documents::collections::OUTBOX;
use crate::documents::fields::{Fields, Reader};
use crate::documents::query::Query;
use crate::documents::record::{Decode, Encode};
use crate::{Document, Store, StoreUnavailable, Stored};

/// One change, written in the commit that makes it and deleted when it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// The `CloudEvent`'s id: a hash of resource, change and update time, so that the same change
    /// found twice is one entry.
    pub id: String,
    /// The `CloudEvent`'s type.
    pub kind: String,
    /// Whose change it is.
    pub account: ProcurementAccountId,
    /// The `CloudEvent`'s data. It is stored as JSON text, since Firestore has no lists in lists.
    pub data: Json,
    /// When the change happened.
    pub occurred: Timestamp,
}

impl Document {
    /// A change that the application is to be notified of, by its `CloudEvent` id.
    pub fn outbox(id: &str) -> Self {
        Self::new(OUTBOX, id)
    }
}

impl Store {
    /// At most `limit` changes that the application has yet to be notified of, in no order of time.
    pub async fn outbox_batch(
        &self,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<OutboxEntry>>, StoreUnavailable> {
        self.many(Query::page(OUTBOX, None, limit), deadline).await
    }
}

impl Encode for OutboxEntry {
    fn document(&self) -> Document {
        Document::outbox(&self.id)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("kind", self.kind.as_str())
            .with("account", &self.account)
            .with("data", self.data.to_string().as_str())
            .with("occurred", self.occurred)
    }
}

impl Decode for OutboxEntry {
    const COLLECTION: &'static str = OUTBOX;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        let data: String = reader.required("data")?;
        Ok(Self {
            id: id.to_owned(),
            kind: reader.required("kind")?,
            account: reader.required("account")?,
            data: serde_json::from_str(&data).map_err(|_| reader.wrong("data"))?,
            occurred: reader.required("occurred")?,
        })
    }
}
