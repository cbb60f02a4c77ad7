//! What is read before usage is recorded.

use marketplace::{Deadline, EntitlementId};

use crate::documents::record::StoredDocument;
use crate::store::decode_next;
use crate::{
    Document, Entitlement, Shard, Store, StoreUnavailable, Stored, UsageRecord, WindowGate,
};

/// Everything that decides what becomes of some new records of one entitlement.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingContext {
    /// The entitlement.
    pub entitlement: Option<Stored<Entitlement>>,
    /// The gate that was asked for; none if the entitlement has no meter yet.
    pub gate: Option<Stored<WindowGate>>,
    /// What is stored under the keys already, in their order.
    pub records: Vec<Option<Stored<UsageRecord>>>,
}

impl Store {
    /// What decides about some new records of one entitlement, in one round trip.
    pub async fn recording_context(
        &self,
        entitlement: &EntitlementId,
        shard: Shard,
        keys: &[&str],
        deadline: Deadline,
    ) -> Result<RecordingContext, StoreUnavailable> {
        let mut documents = vec![
            Document::entitlement(entitlement),
            Document::window_gate(entitlement, shard),
        ];
        documents.extend(keys.iter().map(|key| Document::usage(entitlement, key)));
        let mut found = self.fetch(&documents, deadline).await?.into_iter();
        Ok(RecordingContext {
            entitlement: decode_next(&mut found)?,
            gate: decode_next(&mut found)?,
            records: found
                .map(|record| record.map(StoredDocument::decode).transpose())
                .collect::<Result<_, _>>()?,
        })
    }
}
