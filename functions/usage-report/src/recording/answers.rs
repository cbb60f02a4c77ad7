//! The answer to each record of a request.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::refusals::Refusal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordAnswer {
    /// It is stored in its own window.
    Accepted,
    /// It is stored in the open window, because its own was closed.
    AcceptedLate,
    /// It was stored before, with the same content.
    Duplicate,
    Refused(Refusal),
    /// It is not known whether it is stored; it has to be sent again.
    Retry,
}

/// Answers by the position of their records in the request.
pub(super) type AnswersByIndex = BTreeMap<usize, RecordAnswer>;

/// The answers to all records of a request, in the order in which they were sent.
#[derive(Default)]
pub(crate) struct RecordAnswers(Vec<AnsweredRecord>);

struct AnsweredRecord {
    /// The idempotency key, if the record had one.
    key: Option<String>,
    answer: RecordAnswer,
}

/// How many records of a request had which answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) accepted: usize,
    pub(crate) duplicate: usize,
    pub(crate) refused: usize,
    /// These have to be sent again.
    pub(crate) retry: usize,
}

impl RecordAnswers {
    /// Adds the answer to the next record, and returns the record's position.
    pub(super) fn push(&mut self, key: Option<String>, answer: RecordAnswer) -> usize {
        self.0.push(AnsweredRecord { key, answer });
        self.0.len() - 1
    }

    pub(super) fn set(&mut self, index: usize, answer: RecordAnswer) {
        if let Some(record) = self.0.get_mut(index) {
            record.answer = answer;
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for AnsweredRecord { answer, .. } in &self.0 {
            *match answer {
                RecordAnswer::Accepted | RecordAnswer::AcceptedLate => &mut counts.accepted,
                RecordAnswer::Duplicate => &mut counts.duplicate,
                RecordAnswer::Refused(_) => &mut counts.refused,
                RecordAnswer::Retry => &mut counts.retry,
            } += 1;
        }
        counts
    }

    pub(crate) fn to_json(&self) -> Value {
        let records = self.0.iter().map(|it| it.answer.to_json(it.key.as_ref()));
        let mut answer = json!(self.counts());
        if let Value::Object(members) = &mut answer {
            members.insert("records".to_owned(), records.collect());
        }
        answer
    }
}

impl RecordAnswer {
    fn to_json(self, key: Option<&String>) -> Value {
        let name = match self {
            Self::Accepted => "accepted",
            Self::AcceptedLate => "accepted-late",
            Self::Duplicate => "duplicate",
            Self::Refused(_) => "refused",
            Self::Retry => "retry",
        };
        let mut answer = json!({ "idempotency_key": key, "status": name });
        let Value::Object(members) = &mut answer else {
            return answer;
        };
        let (code, http_status, message) = match self {
            Self::Accepted | Self::Duplicate => return answer,
            Self::AcceptedLate => {
                let message = "Its own window was closed, so it counts in the open window.";
                members.insert("message".to_owned(), message.into());
                return answer;
            }
            Self::Retry => (
                "store-unavailable",
                503,
                "It is not known whether it is stored. Send the record again, unchanged.",
            ),
            Self::Refused(refusal) => refusal.describe(),
        };
        members.insert("code".to_owned(), code.into());
        members.insert("http_status".to_owned(), http_status.into());
        members.insert("message".to_owned(), message.into());
        answer
    }
}
