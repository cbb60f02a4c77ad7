//! Changes that the vendor's application has yet to be told of.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use serde_json::Value as Json;

use crate::document::OUTBOX;
use crate::fields::{Fields, Reader};
use crate::record::{Decode, Encode};
use crate::{Document, StoreUnavailable};

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
