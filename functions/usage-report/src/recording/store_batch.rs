//! Storing some records of one entitlement: read, decide, and commit beside an unchanged gate.

use jiff::Timestamp;
use marketplace::{At, EntitlementId, ErrorChain};
use store::{
    Commit, CommitError, Contended, Document, RecordingContext, Shard, Store, StoreUnavailable,
    UsageRecord, retry_contended,
};

use super::answers::{AnswersByIndex, RecordAnswer};
use super::decide::{RecordDecision, RecordRules, StoredState, decide};
use super::refused_in_force::RefusedInForce;
use super::request_body::SentRecord;
use crate::create_meter::create_meter;
use crate::reopen::{Reopening, reopen};

/// Records in one commit. Firestore takes more records, but not more than 10 MiB.
pub(super) const LARGEST_BATCH: usize = 400;

/// A record and its position in the request.
#[derive(Debug, Clone)]
pub(super) struct IndexedRecord {
    pub(super) index: usize,
    pub(super) record: SentRecord,
}

/// Records of one entitlement with different keys.
pub(super) type Batch = Vec<IndexedRecord>;

/// The answers to a batch, and what of it an operator has to hear of.
#[derive(Default)]
struct Answered {
    answers: AnswersByIndex,
    refused: Option<RefusedInForce>,
}

/// The answers to a batch of which no record was stored.
struct NotStored {
    answered: Answered,
    cause: CommitError,
}

impl Contended for NotStored {
    fn is_contended(&self) -> bool {
        self.cause.is_contended()
    }
}

impl NotStored {
    /// A refusal is valid without the commit; a record that would have been stored has to be sent
    /// again.
    fn after(mut answered: Answered, cause: CommitError) -> Self {
        for answer in answered.answers.values_mut() {
            if matches!(answer, RecordAnswer::Accepted | RecordAnswer::AcceptedLate) {
                *answer = RecordAnswer::Retry;
            }
        }
        Self { answered, cause }
    }

    /// Without an answer of the store nothing is known about any record.
    fn unread(batch: &Batch, error: StoreUnavailable) -> Self {
        let retry = batch.iter().map(|it| (it.index, RecordAnswer::Retry));
        Self {
            answered: Answered {
                answers: retry.collect(),
                refused: None,
            },
            cause: error.into(),
        }
    }
}

/// Stores the records of a batch that may be stored, and answers all of them. What the last attempt refused of an order
/// in force calls an operator.
pub(super) async fn store_batch(
    store: &Store,
    rules: &RecordRules,
    batch: &Batch,
    at: At,
) -> AnswersByIndex {
    let entitlement = batch.first().map(|it| &it.record.entitlement);
    let stored = retry_contended(|| try_batch(store, rules, batch, at)).await;
    let Answered { answers, refused } = match stored {
        Ok(answered) => answered,
        Err(NotStored { answered, cause }) => {
            if let CommitError::Unavailable(error) = cause {
                tracing::warn!(
                    error = %ErrorChain(&error),
                    entitlement_id = entitlement.map(EntitlementId::as_str),
                    records = batch.len(),
                    "usage could not be stored now"
                );
            }
            answered
        }
    };
    if let Some((refused, entitlement)) = refused.zip(entitlement) {
        refused.alert(entitlement);
    }
    answers
}

/// Each attempt takes any of the gates, so that requests at the same time seldom meet at one.
async fn try_batch(
    store: &Store,
    rules: &RecordRules,
    batch: &Batch,
    at: At,
) -> Result<Answered, NotStored> {
    let Some(first) = batch.first() else {
        return Ok(Answered::default());
    };
    let entitlement = &first.record.entitlement;
    let keys = batch.iter().map(|it| it.record.idempotency_key.as_str());
    let keys: Vec<_> = keys.collect();
    let shard = Shard::of(fastrand::u8(..));
    let context = store.recording_context(entitlement, shard, &keys, at.deadline);
    let context = context
        .await
        .map_err(|error| NotStored::unread(batch, error))?;
    let Decided {
        answered,
        to_store,
        is_back,
    } = decide_all(batch, &context, rules, at.now);
    if is_back {
        return match Box::pin(reopen(store, entitlement, at)).await {
            // The next attempt finds the gates open.
            Ok(Reopening::Done | Reopening::Overtaken) => {
                Err(NotStored::after(answered, CommitError::Conflict))
            }
            Ok(Reopening::NotNow) => Ok(answered),
            Err(error) => Err(NotStored::unread(batch, error)),
        };
    }
    if to_store.is_empty() {
        return Ok(answered);
    }
    let Some(gate) = &context.gate else {
        if let Some(entitlement) = &context.entitlement {
            let created = create_meter(store, &entitlement.record, at).await;
            created.map_err(|error| NotStored::unread(batch, error))?;
        }
        // The next attempt finds the gates.
        return Err(NotStored::after(answered, CommitError::Conflict));
    };
    let gate_document = Document::window_gate(entitlement, shard);
    let commit = Commit::new().unchanged(gate_document, &gate.version);
    let commit = to_store.into_iter().fold(commit, Commit::create);
    match store.commit(commit, at.deadline).await {
        Ok(()) => Ok(answered),
        Err(cause) => Err(NotStored::after(answered, cause)),
    }
}

/// The answers to a batch, if the commit of these records succeeds.
struct Decided {
    answered: Answered,
    to_store: Vec<UsageRecord>,
    /// Whether the entitlement is in force again and its gates have to be opened first. Then nothing is stored.
    is_back: bool,
}

fn decide_all(
    batch: &Batch,
    context: &RecordingContext,
    rules: &RecordRules,
    now: Timestamp,
) -> Decided {
    let mut to_store = Vec::new();
    let mut is_back = false;
    let entitlement = context.entitlement.as_ref().map(|it| &it.record);
    let gate = context.gate.as_ref().map(|it| &it.record);
    let pairs = batch.iter().zip(&context.records);
    let answers = pairs.map(|(sent, same_key)| {
        let stored = StoredState {
            entitlement,
            gate,
            same_key: same_key.as_ref().map(|it| &it.record),
        };
        let answer = match decide(&sent.record, stored, rules, now) {
            RecordDecision::Store(record) => {
                let late = record.late;
                to_store.push(record);
                if late {
                    RecordAnswer::AcceptedLate
                } else {
                    RecordAnswer::Accepted
                }
            }
            RecordDecision::Duplicate => RecordAnswer::Duplicate,
            RecordDecision::Refuse(refusal) => RecordAnswer::Refused(refusal),
            RecordDecision::Reopen => {
                is_back = true;
                RecordAnswer::Retry
            }
        };
        (sent.index, answer)
    });
    let answers: AnswersByIndex = answers.collect();
    let refused = RefusedInForce::count(&answers, entitlement, rules);
    Decided {
        answered: Answered { answers, refused },
        to_store,
        is_back,
    }
}
