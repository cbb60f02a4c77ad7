//! Taking usage: read what the records meet, decide, and store them beside a gate that has not
//! moved.

use std::collections::BTreeMap;
use std::sync::Arc;

use google_calls::Causes;
use marketplace::At;
use marketplace::EntitlementId;
use store::{
    Commit, CommitError, Document, Entitlement, Meter, RecordingContext, Shard, Store,
    StoreUnavailable, Stored, UsageRecord, WindowGate,
};
use tokio::task::JoinSet;

use crate::answer::{Answer, Answers};
use crate::body::{Given, Item};
use crate::decide::{Decision, Met, Refusal, Rules, decide};

/// Records in one commit. Firestore takes more, but not more than 10 MiB.
const CHUNK: usize = 400;

/// Chunks on their way at the same time.
const PARALLEL: usize = 8;

/// How often a chunk is decided anew because the store had changed.
const ATTEMPTS: usize = 5;

/// Takes usage.
#[derive(Clone)]
pub(crate) struct Recorder {
    store: Store,
    rules: Arc<Rules>,
}

/// Records of one entitlement with different keys, and where they stand in the request.
type Chunk = Vec<(usize, Given)>;

impl Recorder {
    pub(crate) fn new(store: Store, rules: Rules) -> Self {
        Self {
            store,
            rules: Arc::new(rules),
        }
    }

    /// What becomes of these. The whole request may be repeated, whatever it says.
    pub(crate) async fn record(&self, items: Vec<Item>, at: At) -> Answers {
        let mut answers = Vec::with_capacity(items.len());
        let mut waiting = Vec::new();
        for item in items {
            let (key, answer) = match item {
                Item::Malformed(key) => (key, Answer::Refused(Refusal::Malformed)),
                Item::Record(given) => {
                    let key = Some(given.idempotency_key.clone());
                    waiting.push((answers.len(), given));
                    (key, Answer::Retry)
                }
            };
            answers.push((key, answer));
        }
        while !waiting.is_empty() && !at.deadline.has_passed() {
            let (first, again) = firsts(waiting);
            let decided = self.record_all(&first, at).await;
            waiting = Vec::new();
            for (index, given) in again {
                match repeated(&given, &first, &decided) {
                    Some(answer) => set(&mut answers, index, answer),
                    None => waiting.push((index, given)),
                }
            }
            for (index, answer) in decided {
                set(&mut answers, index, answer);
            }
        }
        Answers(answers)
    }

    async fn record_all(&self, first: &Firsts, at: At) -> BTreeMap<usize, Answer> {
        let mut chunks = chunks(first).into_iter();
        let mut under_way = JoinSet::new();
        let mut answers = BTreeMap::new();
        loop {
            while under_way.len() < PARALLEL
                && let Some(chunk) = chunks.next()
            {
                let recorder = self.clone();
                under_way.spawn(async move { Box::pin(recorder.record_chunk(chunk, at)).await });
            }
            match under_way.join_next().await {
                Some(Ok(decided)) => answers.extend(decided),
                // What a lost task was to answer stays to be retried.
                Some(Err(_)) => {}
                None => return answers,
            }
        }
    }

    async fn record_chunk(&self, chunk: Chunk, at: At) -> Vec<(usize, Answer)> {
        match self.try_chunk(&chunk, at).await {
            Ok(answers) => answers,
            Err(error) => {
                tracing::warn!(
                    error = %Causes(&error),
                    records = chunk.len(),
                    "usage could not be stored now"
                );
                let retry = chunk.iter().map(|(index, _)| (*index, Answer::Retry));
                retry.collect()
            }
        }
    }

    /// Decides until nothing has changed between the reading and the writing.
    async fn try_chunk(
        &self,
        chunk: &Chunk,
        at: At,
    ) -> Result<Vec<(usize, Answer)>, StoreUnavailable> {
        let Some((_, first)) = chunk.first() else {
            return Ok(Vec::new());
        };
        let entitlement = &first.entitlement;
        let keys: Vec<_> = chunk
            .iter()
            .map(|(_, it)| it.idempotency_key.as_str())
            .collect();
        let mut answers = Vec::new();
        for _ in 0..ATTEMPTS {
            let shard = Shard::of(fastrand::u8(..));
            let ground = self
                .store
                .recording_context(entitlement, shard, &keys, at.deadline)
                .await?;
            let (decided, taken) = self.decide_all(chunk, &ground, at);
            answers = decided;
            if taken.is_empty() {
                break;
            }
            let Some(gate) = &ground.gate else {
                if let Some(entitlement) = &ground.entitlement {
                    make_meter(&self.store, &entitlement.record, at).await?;
                }
                continue;
            };
            let document = Document::window_gate(entitlement, shard);
            let commit = Commit::new().unchanged(document, &gate.version);
            let commit = taken.into_iter().fold(commit, Commit::create);
            match self.store.commit(commit, at.deadline).await {
                Ok(()) => return Ok(answers),
                Err(CommitError::Conflict) => {}
                Err(CommitError::Unavailable(error)) => {
                    tracing::warn!(
                        error = %Causes(&error),
                        entitlement_id = entitlement.as_str(),
                        "usage could not be stored now"
                    );
                    break;
                }
            }
        }
        // What was decided without the store still holds.
        for (_, answer) in &mut answers {
            if matches!(answer, Answer::Accepted | Answer::AcceptedLate) {
                *answer = Answer::Retry;
            }
        }
        Ok(answers)
    }

    fn decide_all(
        &self,
        chunk: &Chunk,
        ground: &RecordingContext,
        at: At,
    ) -> (Vec<(usize, Answer)>, Vec<UsageRecord>) {
        let mut taken = Vec::new();
        let entitlement = ground.entitlement.as_ref().map(|it| &it.record);
        let gate = ground.gate.as_ref().map(|it| &it.record);
        let pairs = chunk.iter().zip(&ground.records);
        let answers = pairs.map(|((index, given), stored)| {
            let met = Met {
                entitlement,
                gate,
                stored: stored.as_ref().map(|stored| &stored.record),
            };
            let answer = match decide(given, met, &self.rules, at.now) {
                Decision::Take(record) => {
                    let late = record.late;
                    taken.push(record);
                    if late {
                        Answer::AcceptedLate
                    } else {
                        Answer::Accepted
                    }
                }
                Decision::Duplicate => Answer::Duplicate,
                Decision::Refuse(refusal) => Answer::Refused(refusal),
            };
            (*index, answer)
        });
        (answers.collect(), taken)
    }
}

/// The first records of each entitlement and key, by both.
type Firsts = BTreeMap<(EntitlementId, String), (usize, Given)>;

/// Sets apart what comes under a key that stands before it in the same request.
fn firsts(records: Chunk) -> (Firsts, Chunk) {
    let mut first = Firsts::new();
    let mut again = Vec::new();
    for (index, given) in records {
        let key = (given.entitlement.clone(), given.idempotency_key.clone());
        match first.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert((index, given));
            }
            std::collections::btree_map::Entry::Occupied(_) => again.push((index, given)),
        }
    }
    (first, again)
}

/// What becomes of a record whose key was decided on already in this request; none if it has to be
/// decided by itself.
fn repeated(given: &Given, first: &Firsts, decided: &BTreeMap<usize, Answer>) -> Option<Answer> {
    let key = (given.entitlement.clone(), given.idempotency_key.clone());
    let (index, before) = first.get(&key)?;
    let answer = decided.get(index).copied().unwrap_or(Answer::Retry);
    match (answer, before == given) {
        (Answer::Retry, _) => Some(Answer::Retry),
        (Answer::Accepted | Answer::AcceptedLate | Answer::Duplicate, true) => {
            Some(Answer::Duplicate)
        }
        (Answer::Accepted | Answer::AcceptedLate | Answer::Duplicate, false) => {
            Some(Answer::Refused(Refusal::KeyReused))
        }
        (refused @ Answer::Refused(_), true) => Some(refused),
        (Answer::Refused(_), false) => None,
    }
}

fn chunks(first: &Firsts) -> Vec<Chunk> {
    let mut by_entitlement: BTreeMap<&EntitlementId, Chunk> = BTreeMap::new();
    for (index, given) in first.values() {
        let chunk = by_entitlement.entry(&given.entitlement).or_default();
        chunk.push((*index, given.clone()));
    }
    let chunks = by_entitlement.into_values();
    chunks
        .flat_map(|chunk| chunk.chunks(CHUNK).map(<[_]>::to_vec).collect::<Vec<_>>())
        .collect()
}

fn set(answers: &mut [(Option<String>, Answer)], index: usize, answer: Answer) {
    if let Some((_, known)) = answers.get_mut(index) {
        *known = answer;
    }
}

/// Makes the meter of an entitlement with its gates, open from the entitlement's first moment, unless
/// there is one.
pub(crate) async fn make_meter(
    store: &Store,
    entitlement: &Entitlement,
    at: At,
) -> Result<Option<Stored<Meter>>, StoreUnavailable> {
    let meter = Meter {
        entitlement: entitlement.id.clone(),
        account: entitlement.account.clone(),
        open: entitlement.create_time,
        ended: None,
        closing: None,
        stopped: None,
        updated: at.now,
    };
    let gates = Shard::all().map(|shard| WindowGate {
        entitlement: entitlement.id.clone(),
        shard,
        open: entitlement.create_time,
        ended: None,
    });
    let commit = gates.fold(Commit::new().create(&meter), Commit::create);
    match store.commit(commit, at.deadline).await {
        Ok(()) | Err(CommitError::Conflict) => store.meter(&entitlement.id, at.deadline).await,
        Err(CommitError::Unavailable(error)) => Err(error),
    }
}
