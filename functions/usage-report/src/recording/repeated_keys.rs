//! Records of one request that have the same key.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use marketplace::EntitlementId;

use super::answers::{AnswersByIndex, RecordAnswer};
use super::refusals::Refusal;
use super::request_body::SentRecord;
use super::store_batch::{Batch, IndexedRecord, LARGEST_BATCH};

/// The first record of each entitlement and key in a request.
#[derive(Default)]
pub(super) struct FirstRecords(BTreeMap<(EntitlementId, String), IndexedRecord>);

impl FirstRecords {
    /// Separates the first record of each entitlement and key from those that repeat its key.
    pub(super) fn split(records: Vec<IndexedRecord>) -> (Self, Vec<IndexedRecord>) {
        let mut first = Self::default();
        let mut repeated = Vec::new();
        for record in records {
            match first.0.entry(key_of(&record.record)) {
                Entry::Vacant(entry) => {
                    entry.insert(record);
                }
                Entry::Occupied(_) => repeated.push(record),
            }
        }
        (first, repeated)
    }

    /// The answer to a record whose key was decided on already in this request; none if the record
    /// has to be decided on by itself.
    pub(super) fn answer_to_repeated(
        &self,
        repeated: &SentRecord,
        decided: &AnswersByIndex,
    ) -> Option<RecordAnswer> {
        let first = self.0.get(&key_of(repeated))?;
        let answer = decided.get(&first.index).copied();
        let is_same = first.record == *repeated;
        match answer.unwrap_or(RecordAnswer::Retry) {
            RecordAnswer::Retry => Some(RecordAnswer::Retry),
            refused @ RecordAnswer::Refused(_) => is_same.then_some(refused),
            _ if is_same => Some(RecordAnswer::Duplicate),
            _ => Some(RecordAnswer::Refused(Refusal::KeyReused)),
        }
    }

    /// The records in batches, each of one entitlement.
    pub(super) fn batches(&self) -> Vec<Batch> {
        let mut by_entitlement: BTreeMap<&EntitlementId, Batch> = BTreeMap::new();
        for first in self.0.values() {
            let batch = by_entitlement.entry(&first.record.entitlement).or_default();
            batch.push(first.clone());
        }
        let batches = by_entitlement.into_values();
        let batches = batches.map(|batch| {
            let parts = batch.chunks(LARGEST_BATCH).map(<[_]>::to_vec);
            parts.collect::<Vec<_>>()
        });
        batches.flatten().collect()
    }
}

fn key_of(record: &SentRecord) -> (EntitlementId, String) {
    (record.entitlement.clone(), record.idempotency_key.clone())
}
