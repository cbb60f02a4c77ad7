//! The events that the application received, by account, until the account is deleted.

use std::collections::HashMap;

use jiff::Timestamp;
use marketplace_simulator::Watched;

use super::cloud_event::{CloudEvent, EventText};

/// The events so far: gone with the process.
#[derive(Default)]
pub(super) struct ReceivedEvents(Watched<HashMap<String, AccountHistory>>);

enum AccountHistory {
    /// Oldest first.
    Customer(Vec<CloudEvent>),
    /// Nothing but that it was deleted, so that an older event that comes late brings nothing back.
    Erased(Box<Erasure>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Erasure {
    deletion: CloudEvent,
    events: usize,
    sessions: usize,
}

impl ReceivedEvents {
    /// Keeps the event, unless it came before: each comes at least once. After a deletion only a newer one counts.
    pub(super) fn keep(&self, event: CloudEvent) {
        let mut accounts = self.0.lock();
        let account = event.data.account.clone();
        let known = accounts.entry(account).or_default();
        if matches!(known, AccountHistory::Erased(erasure) if is_newer(&event, &erasure.deletion)) {
            *known = AccountHistory::default();
        }
        let AccountHistory::Customer(events) = known else {
            return;
        };
        if !events.iter().any(|earlier| earlier.id == event.id) {
            events.push(event);
            // They come in no order.
            events.sort_by(|one, other| one.place().cmp(&other.place()));
        }
    }

    /// Removes the events of the account, except its deletion. `end_sessions` ends its sessions,
    /// with what they know of its people, and answers how many there were. An account that has come back since is not
    /// erased.
    pub(super) fn erase(&self, deletion: CloudEvent, end_sessions: impl FnOnce(&str) -> usize) {
        let mut accounts = self.0.lock();
        let known = accounts.entry(deletion.data.account.clone()).or_default();
        if known
            .newest()
            .is_some_and(|event| is_newer(event, &deletion))
        {
            return;
        }
        let sessions = end_sessions(&deletion.data.account);
        match known {
            AccountHistory::Customer(events) => {
                let events = events.len();
                *known = AccountHistory::Erased(Box::new(Erasure {
                    deletion,
                    events,
                    sessions,
                }));
            }
            AccountHistory::Erased(erasure) => erasure.sessions += sessions,
        }
    }

    /// The events of this account, oldest first.
    pub(super) fn of(&self, account: &str) -> Vec<CloudEvent> {
        match self.0.lock().get(account) {
            Some(AccountHistory::Customer(events)) => events.clone(),
            Some(AccountHistory::Erased(_)) | None => Vec::new(),
        }
    }

    pub(super) fn has_erased(&self, account: &str) -> bool {
        matches!(self.0.lock().get(account), Some(AccountHistory::Erased(_)))
    }

    /// The events of every account that are still kept, newest first.
    pub(super) fn all(&self) -> Vec<EventText> {
        let accounts = self.0.lock();
        let mut all: Vec<(Timestamp, EventText)> = accounts
            .values()
            .flat_map(AccountHistory::in_words)
            .collect();
        all.sort_by(|(a, one), (b, other)| (b, &other.id).cmp(&(a, &one.id)));
        all.into_iter().map(|(_, news)| news).collect()
    }
}

impl Default for AccountHistory {
    fn default() -> Self {
        Self::Customer(Vec::new())
    }
}

impl AccountHistory {
    fn newest(&self) -> Option<&CloudEvent> {
        match self {
            Self::Customer(events) => events.last(),
            Self::Erased(erasure) => Some(&erasure.deletion),
        }
    }

    fn in_words(&self) -> Vec<(Timestamp, EventText)> {
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
                let news = EventText {
                    done: Some(done),
                    ..deletion.in_words()
                };
                vec![(deletion.time, news)]
            }
        }
    }
}

/// Whether an event is newer than a deletion. One without a sequence never is: times decide nothing so grave.
fn is_newer(event: &CloudEvent, deletion: &CloudEvent) -> bool {
    event.sequence.is_some() && event.place() > deletion.place()
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
    use super::super::raw_push::RawPush;
    use super::*;

    fn event(id: &str, second: i64, access: &str) -> CloudEvent {
        CloudEvent {
            id: id.to_owned(),
            kind: "portico.access.granted".to_owned(),
            time: Timestamp::from_second(second).unwrap(),
            sequence: None,
            data: Data {
                account: "a".to_owned(),
                entitlement: None,
                plan: None,
                previous_plan: None,
                access: Some(access.to_owned()),
                subscription_end: None,
                reason: None,
                orders: None,
            },
            raw: RawPush::default(),
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
        let received = ReceivedEvents::default();
        for event in [
            event("2", 20, "ended"),
            event("1", 10, "live"),
            event("2", 20, "ended"),
        ] {
            received.keep(event);
        }
        let events = received.of("a");
        let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, ["1", "2"]);
        assert_eq!(access_since(&events, 15), Some("ended"));
        assert_eq!(access_since(&events, 21), None);
        assert_eq!(received.of("b"), []);
    }

    fn placed(event: CloudEvent, place: u64) -> CloudEvent {
        CloudEvent {
            sequence: Some(format!("{place:020}")),
            ..event
        }
    }

    #[test]
    fn the_sequence_decides_and_not_the_time() {
        let received = ReceivedEvents::default();
        for event in [
            placed(event("2", 10, "ended"), 2),
            placed(event("1", 20, "live"), 1),
            event("0", 30, "live"),
        ] {
            received.keep(event);
        }
        let events = received.of("a");
        let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, ["0", "1", "2"]);
    }

    #[test]
    fn an_account_that_has_come_back_is_known_again_and_not_erased_by_an_older_deletion() {
        let received = ReceivedEvents::default();
        received.erase(placed(deletion(30), 5), |_| 1);
        received.keep(placed(event("4", 40, "live"), 4));
        assert!(received.has_erased("a"));
        received.keep(placed(event("6", 20, "live"), 6));
        received.erase(placed(deletion(30), 5), |_| panic!("nobody is signed out"));
        let events = received.of("a");
        let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, ["6"]);
        received.erase(placed(deletion(50), 7), |_| 0);
        assert!(received.has_erased("a"));
    }

    #[test]
    fn a_deletion_leaves_nothing_but_itself_whatever_comes_later_or_again() {
        let received = ReceivedEvents::default();
        received.keep(event("1", 10, "live"));
        received.keep(event("2", 20, "ended"));
        assert!(!received.has_erased("a"));
        received.erase(deletion(30), |_| 1);
        received.keep(event("3", 25, "ended"));
        received.erase(deletion(30), |_| 0);
        assert_eq!(received.of("a"), []);
        assert!(received.has_erased("a"));
        let all = received.all();
        let said: Vec<_> = all
            .iter()
            .map(|it| (&*it.kind, it.done.as_deref()))
            .collect();
        let done = "Erased what was kept of this account, 2 events, and ended 1 session.";
        assert_eq!(said, [("portico.account.deleted", Some(done))]);
    }

    #[test]
    fn all_events_are_listed_with_the_newest_first() {
        let received = ReceivedEvents::default();
        received.keep(event("1", 10, "live"));
        received.keep(event("2", 20, "ended"));
        let all = received.all();
        let ids: Vec<_> = all.iter().map(|news| news.id.as_str()).collect();
        assert_eq!(ids, ["2", "1"]);
    }
}
