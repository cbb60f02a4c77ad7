//! Recording usage: every record of a request is decided on by itself and stored once.

mod answers;
mod decide;
mod refusals;
mod refused_in_force;
mod repeated_keys;
mod request_body;
mod store_batch;
mod unique_labels;

use std::sync::Arc;

use marketplace::At;
use store::Store;
use tokio::task::JoinSet;

pub(crate) use self::answers::RecordAnswers;
use self::answers::{AnswersByIndex, RecordAnswer};
pub(crate) use self::decide::RecordRules;
use self::refusals::Refusal;
use self::repeated_keys::FirstRecords;
use self::request_body::SentItem;
pub(crate) use self::request_body::{InvalidBody, parse};
use self::store_batch::{IndexedRecord, store_batch};

/// Batches that are stored at the same time.
const PARALLEL: usize = 8;

#[derive(Clone)]
pub(crate) struct Recorder {
    store: Store,
    rules: Arc<RecordRules>,
}

impl Recorder {
    pub(crate) fn new(store: Store, rules: RecordRules) -> Self {
        Self {
            store,
            rules: Arc::new(rules),
        }
    }

    /// Stores the records that may be stored, and answers each of them. The same request may be sent
    /// again after any answer.
    pub(crate) async fn record(&self, items: Vec<SentItem>, at: At) -> RecordAnswers {
        let mut answers = RecordAnswers::default();
        let mut waiting = sorted(items, &mut answers);
        while !waiting.is_empty() && !at.deadline.has_passed() {
            let (first, repeated) = FirstRecords::split(waiting);
            let decided = self.store_all(&first, at).await;
            waiting = Vec::new();
            for repeated in repeated {
                match first.answer_to_repeated(&repeated.record, &decided) {
                    Some(answer) => answers.set(repeated.index, answer),
                    None => waiting.push(repeated),
                }
            }
            for (index, answer) in decided {
                answers.set(index, answer);
            }
        }
        answers
    }

    /// The answers without the store: what is no record is refused, and all others have to be sent again.
    pub(crate) fn not_now(items: Vec<SentItem>) -> RecordAnswers {
        let mut answers = RecordAnswers::default();
        sorted(items, &mut answers);
        answers
    }

    async fn store_all(&self, first: &FirstRecords, at: At) -> AnswersByIndex {
        let mut batches = first.batches().into_iter();
        let mut under_way = JoinSet::new();
        let mut answers = AnswersByIndex::new();
        loop {
            while under_way.len() < PARALLEL
                && let Some(batch) = batches.next()
            {
                let Self { store, rules } = self.clone();
                under_way
                    .spawn(async move { Box::pin(store_batch(&store, &rules, &batch, at)).await });
            }
            match under_way.join_next().await {
                Some(Ok(decided)) => answers.extend(decided),
                // The records of a task that panicked keep the answer `retry`.
                Some(Err(_)) => {}
                None => return answers,
            }
        }
    }
}

/// Answers what is no record, and returns the records. Until they are decided on, their answer is `retry`.
fn sorted(items: Vec<SentItem>, answers: &mut RecordAnswers) -> Vec<IndexedRecord> {
    let mut records = Vec::new();
    for item in items {
        match item {
            SentItem::Malformed(key) => {
                answers.push(key, RecordAnswer::Refused(Refusal::Malformed));
            }
            SentItem::Record(record) => {
                let key = Some(record.idempotency_key.clone());
                let index = answers.push(key, RecordAnswer::Retry);
                records.push(IndexedRecord { index, record });
            }
        }
    }
    records
}
