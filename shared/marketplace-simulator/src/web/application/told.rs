//! What Portico told the application, by account.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Deserialize;

/// A `CloudEvent`, as far as this application has a use for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct CloudEvent {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) time: Timestamp,
    pub(super) data: Data,
}

/// What happened, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Data {
    pub(super) account: String,
    pub(super) entitlement: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) previous_plan: Option<String>,
    pub(super) access: Option<String>,
    pub(super) subscription_end: Option<Timestamp>,
}

/// A `CloudEvent` in words.
pub(super) struct News {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) time: String,
    pub(super) facts: Vec<(&'static str, String)>,
}

/// The events so far: gone with the process.
#[derive(Default)]
pub(super) struct Told(Mutex<HashMap<String, Vec<CloudEvent>>>);

impl CloudEvent {
    /// The event in words.
    pub(super) fn in_words(&self) -> News {
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
            ("order", data.entitlement.clone()),
        ];
        let said = facts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        News {
            id: self.id.clone(),
            kind: self.kind.clone(),
            time: self.time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            facts: said.collect(),
        }
    }
}

impl Told {
    /// Keeps the event, unless it came before: each comes at least once.
    pub(super) fn keep(&self, event: CloudEvent) {
        let mut accounts = self.lock();
        let known = accounts.entry(event.data.account.clone()).or_default();
        if !known.iter().any(|earlier| earlier.id == event.id) {
            known.push(event);
            // They come in no order.
            known.sort_by_key(|event| event.time);
        }
    }

    /// What was told of this account, oldest first.
    pub(super) fn of(&self, account: &str) -> Vec<CloudEvent> {
        self.lock().get(account).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<CloudEvent>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The access that was told last, if it was told later than this.
pub(super) fn access_since(events: &[CloudEvent], second: i64) -> Option<&str> {
    let telling = events
        .iter()
        .rev()
        .find(|event| event.data.access.is_some());
    let newer = telling.filter(|event| event.time.as_second() >= second)?;
    newer.data.access.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, second: i64, access: &str) -> CloudEvent {
        CloudEvent {
            id: id.to_owned(),
            kind: "portico.access.granted".to_owned(),
            time: Timestamp::from_second(second).unwrap(),
            data: Data {
                account: "a".to_owned(),
                entitlement: None,
                plan: None,
                previous_plan: None,
                access: Some(access.to_owned()),
                subscription_end: None,
            },
        }
    }

    #[test]
    fn an_event_is_kept_once_and_the_latest_counts() {
        let told = Told::default();
        for event in [
            event("2", 20, "ended"),
            event("1", 10, "live"),
            event("2", 20, "ended"),
        ] {
            told.keep(event);
        }
        let events = told.of("a");
        let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, ["1", "2"]);
        assert_eq!(access_since(&events, 15), Some("ended"));
        assert_eq!(access_since(&events, 21), None);
        assert_eq!(told.of("b"), []);
    }
}
