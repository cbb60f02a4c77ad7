//! What Portico publishes, as this application reads it.

use jiff::Timestamp;
use serde::Deserialize;

use super::raw_push::RawPush;

/// A `CloudEvent`, as far as this application has a use for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct CloudEvent {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) time: Timestamp,
    /// Its place among the events about the account. Events of earlier versions of Portico have none.
    pub(super) sequence: Option<String>,
    pub(super) data: Data,
    /// How it came.
    #[serde(skip)]
    pub(super) raw: RawPush,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Data {
    pub(super) account: String,
    pub(super) entitlement: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) previous_plan: Option<String>,
    pub(super) access: Option<String>,
    pub(super) subscription_end: Option<Timestamp>,
    /// Of `stop-serving`: Google's code.
    pub(super) reason: Option<String>,
    /// All orders of the account. Events of earlier versions of Portico have none.
    pub(super) orders: Option<Vec<KnownOrder>>,
}

/// An order as an event describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct KnownOrder {
    pub(super) entitlement: String,
    pub(super) plan: Option<String>,
    pub(super) state: String,
    pub(super) subscription_end: Option<Timestamp>,
}

pub(super) struct EventText {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) time: String,
    pub(super) account: String,
    pub(super) facts: Vec<(&'static str, String)>,
    /// What the application did because of it.
    pub(super) done: Option<String>,
    /// How it came.
    pub(super) raw: RawPush,
}

impl CloudEvent {
    /// What puts the events about one account in order: without a sequence, an event is older than all that have one.
    pub(super) fn place(&self) -> (Option<&str>, Timestamp) {
        (self.sequence.as_deref(), self.time)
    }

    /// Whether the customer is gone, and everything known of the customer is to be erased.
    pub(super) fn erases(&self) -> bool {
        self.kind == "portico.account.deleted"
    }

    pub(super) fn in_words(&self) -> EventText {
        let data = &self.data;
        let ends = data.subscription_end;
        let facts = [
            ("access", data.access.clone()),
            ("plan", data.plan.clone()),
            ("before", data.previous_plan.clone()),
            (
                "ends",
                ends.map(|ends| ends.strftime("%Y-%m-%d").to_string()),
            ),
            ("reason", data.reason.clone()),
            ("order", data.entitlement.clone()),
        ];
        let said = facts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        EventText {
            id: self.id.clone(),
            kind: self.kind.clone(),
            time: self.time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            account: data.account.clone(),
            facts: said.collect(),
            done: None,
            raw: self.raw.clone(),
        }
    }
}

/// The access in the last event that names it, if that is later than this.
pub(super) fn access_since(events: &[CloudEvent], second: i64) -> Option<&str> {
    let telling = events
        .iter()
        .rev()
        .find(|event| event.data.access.is_some());
    let newer = telling.filter(|event| event.time.as_second() >= second)?;
    newer.data.access.as_deref()
}
