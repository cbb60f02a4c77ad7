//! What is answered for each record.

use metering::{InvalidQuantity, Misplaced};
use serde::Serialize;
use serde_json::{Value, json};

use crate::decide::Refusal;

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is stored in its own window.
    Accepted,
    /// It is stored in the open window, because its own was closed.
    AcceptedLate,
    /// It was stored before, and said the same.
    Duplicate,
    /// It is not stored.
    Refused(Refusal),
    /// Nobody knows whether it is stored: send it again.
    Retry,
}

/// The records of a request and what became of them, in the order in which they were sent.
pub(crate) struct Answers(pub(crate) Vec<(Option<String>, Answer)>);

/// How many records of a request ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) accepted: usize,
    pub(crate) duplicate: usize,
    pub(crate) refused: usize,
    /// These have to be sent again.
    pub(crate) retry: usize,
}

impl Answers {
    /// How many records ended how.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, answer) in &self.0 {
            *match answer {
                Answer::Accepted | Answer::AcceptedLate => &mut counts.accepted,
                Answer::Duplicate => &mut counts.duplicate,
                Answer::Refused(_) => &mut counts.refused,
                Answer::Retry => &mut counts.retry,
            } += 1;
        }
        counts
    }

    pub(crate) fn to_json(&self) -> Value {
        let records = self.0.iter().map(|(key, it)| it.to_json(key.as_ref()));
        let mut answer = json!(self.counts());
        if let Value::Object(members) = &mut answer {
            members.insert("records".to_owned(), records.collect());
        }
        answer
    }
}

impl Answer {
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
                let message = "Its own window was closed: it counts in the one that is open.";
                members.insert("message".to_owned(), message.into());
                return answer;
            }
            Self::Retry => (
                "store-unavailable",
                503,
                "The store could not be asked. Send it again, unchanged.",
            ),
            Self::Refused(refusal) => refusal.told(),
        };
        members.insert("code".to_owned(), code.into());
        members.insert("http_status".to_owned(), http_status.into());
        members.insert("message".to_owned(), message.into());
        answer
    }
}

impl Refusal {
    /// A stable code, the HTTP status that the record alone would have had, and a sentence.
    pub(crate) fn told(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Malformed => (
                "record-malformed",
                400,
                "A record is an object of `entitlement`, `metric` (text), `quantity` (a number), \
                 `occurred_at` (a time with its zone), `idempotency_key` (1 to 128 visible ASCII \
                 characters) and perhaps `labels` (at most 16 texts by name), each once.",
            ),
            Self::MetricUnknown => ("metric-unknown", 400, "METRICS declares no such metric."),
            Self::Quantity(InvalidQuantity::Negative) => {
                ("quantity-negative", 400, "Usage cannot be taken back.")
            }
            Self::Quantity(InvalidQuantity::NotWhole) => (
                "quantity-not-whole",
                400,
                "The metric is declared as int64: write a whole number without a point.",
            ),
            Self::Quantity(InvalidQuantity::TooLarge) => (
                "quantity-too-large",
                400,
                "A whole number must be below 2^63, another one below 10^18.",
            ),
            Self::KeyReused => (
                "key-reused",
                409,
                "Under this idempotency key another record of this entitlement is stored.",
            ),
            Self::EntitlementUnknown => (
                "entitlement-unknown",
                404,
                "There is no such entitlement of the served products.",
            ),
            Self::NotActiveYet => (
                "entitlement-not-active",
                409,
                "The entitlement is not in force yet.",
            ),
            Self::NeverActive => (
                "entitlement-never-active",
                409,
                "The entitlement ended without having been in force.",
            ),
            Self::Suspended => (
                "entitlement-suspended",
                409,
                "The entitlement was not in force then.",
            ),
            Self::MetricOfOtherPlan => (
                "metric-of-other-plan",
                409,
                "The entitlement's plan does not have this metric.",
            ),
            Self::TooOld => ("too-old", 400, "Usage must be recorded within 60 days."),
            Self::Misplaced(misplaced) => told_of_time(misplaced),
        }
    }
}

fn told_of_time(misplaced: Misplaced) -> (&'static str, u16, &'static str) {
    match misplaced {
        Misplaced::Future => ("in-the-future", 400, "The time has not come yet."),
        Misplaced::BeforeLife => (
            "before-entitlement",
            409,
            "The entitlement did not exist then.",
        ),
        Misplaced::AfterLife => ("after-entitlement", 409, "The entitlement had ended then."),
        Misplaced::Closed => (
            "window-closed",
            409,
            "The window is closed, and LATE_USAGE refuses what comes later.",
        ),
        Misplaced::LastClosed => (
            "last-window-closed",
            409,
            "The entitlement has ended and its last window is closed.",
        ),
    }
}
