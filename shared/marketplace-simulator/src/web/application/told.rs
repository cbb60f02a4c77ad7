//! What Portico told the application, by account, until it tells that the account is gone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::cloud_event::{CloudEvent, News};

/// The events so far: gone with the process.
#[derive(Default)]
pub(super) struct Told(Mutex<HashMap<String, Known>>);

/// What is kept of one account.
enum Known {
    /// Oldest first.
    Customer(Vec<CloudEvent>),
    /// Nothing but that it was deleted, so that an event that comes late brings nothing back.
    Erased(Box<Erasure>),
}

/// What a deletion has erased.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Erasure {
    deletion: CloudEvent,
    events: usize,
    sessions: usize,
}

impl Told {
    /// Keeps the event, unless it came before: each comes at least once.
    pub(super) fn keep(&self, event: CloudEvent) {
        let mut accounts = self.lock();
        let account = event.data.account.clone();
        let known = accounts.entry(account).or_default();
        let Known::Customer(events) = known else {
            return;
        };
        if !events.iter().any(|earlier| earlier.id == event.id) {
            events.push(event);
            // They come in no order.
            events.sort_by_key(|event| event.time);
        }
    }

    /// Forgets what was told of the account, but for its deletion. `end_sessions` ends its sessions,
    /// with what they know of its people, and answers how many there were.
    pub(super) fn erase(&self, deletion: CloudEvent, end_sessions: impl FnOnce(&str) -> usize) {
        let mut accounts = self.lock();
        let known = accounts.entry(deletion.data.account.clone()).or_default();
        let sessions = end_sessions(&deletion.data.account);
        match known {
            Known::Customer(events) => {
                let events = events.len();
                *known = Known::Erased(Box::new(Erasure {
                    deletion,
                    events,
                    sessions,
                }));
            }
            Known::Erased(erasure) => erasure.sessions += sessions,
        }
    }

    /// What was told of this account, oldest first.
    pub(super) fn of(&self, account: &str) -> Vec<CloudEvent> {
        match self.lock().get(account) {
            Some(Known::Customer(events)) => events.clone(),
            Some(Known::Erased(_)) | None => Vec::new(),
        }
    }

    /// Whether this account was deleted.
    pub(super) fn has_erased(&self, account: &str) -> bool {
        matches!(self.lock().get(account), Some(Known::Erased(_)))
    }

    /// What was told of every account and is still kept, newest first.
    pub(super) fn all(&self) -> Vec<News> {
        let accounts = self.lock();
        let mut all: Vec<(Timestamp, News)> = accounts.values().flat_map(Known::news).collect();
        all.sort_by(|(a, one), (b, other)| (b, &other.id).cmp(&(a, &one.id)));
        all.into_iter().map(|(_, news)| news).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Known {
    fn default() -> Self {
        Self::Customer(Vec::new())
    }
}

impl Known {
    fn news(&self) -> Vec<(Timestamp, News)> {
        match self {
            Self::Customer(events) => {
                let news = events.iter().map(|event| (event.time, event.in_words()));
                news.collect()
            }
            Self::Erased(erasure) => {
                let Erasure {
                    deletion,
                    events,
                    sessions,
                } = &**erasure;
                let done = format!(
                    "Erased what was kept of this account, {}, and ended {}.",
                    counted(*events, "event"),
                    counted(*sessions, "session"),
                );
                let news = News {
                    done: Some(done),
                    ..deletion.in_words()
                };
                vec![(deletion.time, news)]
            }
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::cloud_event::{Data, access_since};
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
                reason: None,
            },
        }
    }

    fn deletion(second: i64) -> CloudEvent {
        CloudEvent {
            kind: "portico.account.deleted".to_owned(),
            ..event("gone", second, "ended")
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

    #[test]
    fn a_deletion_leaves_nothing_but_itself_whatever_comes_later_or_again() {
        let told = Told::default();
        told.keep(event("1", 10, "live"));
        told.keep(event("2", 20, "ended"));
        assert!(!told.has_erased("a"));
        told.erase(deletion(30), |_| 1);
        told.keep(event("3", 25, "ended"));
        told.erase(deletion(30), |_| 0);
        assert_eq!(told.of("a"), []);
        assert!(told.has_erased("a"));
        let all = told.all();
        let said: Vec<_> = all
            .iter()
            .map(|it| (&*it.kind, it.done.as_deref()))
            .collect();
        let done = "Erased what was kept of this account, 2 events, and ended 1 session.";
        assert_eq!(said, [("portico.account.deleted", Some(done))]);
    }

    #[test]
    fn all_events_are_listed_with_the_newest_first() {
        let told = Told::default();
        told.keep(event("1", 10, "live"));
        told.keep(event("2", 20, "ended"));
        let all = told.all();
        let ids: Vec<_> = all.iter().map(|news| news.id.as_str()).collect();
        assert_eq!(ids, ["2", "1"]);
    }
}
