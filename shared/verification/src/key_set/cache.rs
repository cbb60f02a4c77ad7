//! What is decided about cached keys, without a clock and without a network.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::fetch::{Fetched, KeysUnavailable};
use crate::rejected::{Rejected, VerificationError};
use crate::signature::VerifyingKey;

/// How long keys are used after the last successful fetch while no further one succeeds. Google shows
/// keys for days and announces none that it withdraws, so a day is a compromise between an outage of
/// theirs and a key they had to revoke.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The least time between two fetches while there are keys: tokens with made-up key ids must not
/// make us hammer Google.
const COOL_DOWN: SignedDuration = SignedDuration::from_secs(10);

/// The least time between two fetches while there are no keys, when every request needs one.
const COOL_DOWN_WITHOUT_KEYS: SignedDuration = SignedDuration::from_secs(1);

/// Usable keys by their id.
pub(super) type Keys = HashMap<String, Arc<VerifyingKey>>;

/// The keys of one address, and how the last fetch went.
#[derive(Default)]
pub(super) struct Cache {
    known: Option<Known>,
    last_fetch: Option<LastFetch>,
}

struct Known {
    keys: Keys,
    fetched_at: Timestamp,
    lifetime: SignedDuration,
}

struct LastFetch {
    begun_at: Timestamp,
    outcome: Result<(), KeysUnavailable>,
}

/// What is to be done about a key id.
pub(super) enum Answer {
    /// Use the key.
    Key(Arc<VerifyingKey>),
    /// Use the key, and fetch meanwhile, since it expires soon.
    KeyToRefresh(Arc<VerifyingKey>),
    /// Fetch and wait a little: the key has expired, but is usable if the fetch fails.
    StaleKey,
    /// Fetch and wait: there is no such key.
    NoKey,
    /// Neither is there a key, nor may be fetched now.
    Refused(VerificationError),
}

impl Cache {
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        self.known.as_ref().is_some_and(|known| known.is_fresh(now))
    }

    pub(super) fn look_up(&self, key_id: &str, now: Timestamp) -> Answer {
        let Some(known) = self.usable(now) else {
            return match self.cooling(now, COOL_DOWN_WITHOUT_KEYS) {
                Some(Err(error)) => Answer::Refused((*error).into()),
                _ => Answer::NoKey,
            };
        };
        let cooling = self.cooling(now, COOL_DOWN);
        match (known.keys.get(key_id), cooling) {
            (Some(key), None) if known.is_due(now) => Answer::KeyToRefresh(Arc::clone(key)),
            (Some(_), None) if !known.is_fresh(now) => Answer::StaleKey,
            (Some(key), _) => Answer::Key(Arc::clone(key)),
            (None, None) => Answer::NoKey,
            (None, Some(Ok(()))) => Answer::Refused(Rejected::UnknownKey.into()),
            (None, Some(Err(error))) => Answer::Refused((*error).into()),
        }
    }

    /// Takes up what a fetch that began at this time brought.
    pub(super) fn record(
        &mut self,
        begun_at: Timestamp,
        fetched: Result<Fetched, KeysUnavailable>,
    ) -> Result<(), KeysUnavailable> {
        let outcome = fetched.map(|Fetched { keys, lifetime }| {
            self.known = Some(Known {
                keys,
                fetched_at: begun_at,
                lifetime,
            });
        });
        self.last_fetch = Some(LastFetch { begun_at, outcome });
        outcome
    }

    /// The answer after a fetch that was waited for.
    pub(super) fn settle(
        &self,
        key_id: &str,
        now: Timestamp,
        outcome: Result<(), KeysUnavailable>,
    ) -> Result<Arc<VerifyingKey>, VerificationError> {
        if let Some(key) = self.usable(now).and_then(|known| known.keys.get(key_id)) {
            return Ok(Arc::clone(key));
        }
        outcome?;
        Err(Rejected::UnknownKey.into())
    }

    fn usable(&self, now: Timestamp) -> Option<&Known> {
        self.known
            .as_ref()
            .filter(|known| known.age(now) < STALE_AFTER)
    }

    /// The outcome of the last fetch, if it began too short a time ago for another one. Requests do not
    /// arrive in the order of their clocks, so a little before counts as a little after.
    fn cooling(
        &self,
        now: Timestamp,
        cool_down: SignedDuration,
    ) -> Option<&Result<(), KeysUnavailable>> {
        self.last_fetch
            .as_ref()
            .filter(|last| now.duration_since(last.begun_at).abs() < cool_down)
            .map(|last| &last.outcome)
    }
}

impl Known {
    fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.fetched_at)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.age(now) < self.lifetime
    }

    /// In the last fifth of its life.
    fn is_due(&self, now: Timestamp) -> bool {
        self.is_fresh(now) && self.age(now) >= self.lifetime / 5 * 4
    }
}

#[cfg(test)]
mod tests {
    use marketplace_simulator::tokens;

    use super::super::certificates;
    use super::*;

    const DOWN: KeysUnavailable = KeysUnavailable::Status(503);
    const KNOWN: &str = "known";
    const OTHER: &str = "other";
    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn fetched() -> Fetched {
        let body = tokens::key_set_json([tokens::foreign()]);
        let keys = certificates::keys(body.as_bytes()).unwrap();
        let key = keys.into_values().next().unwrap();
        Fetched {
            keys: Keys::from([(KNOWN.to_owned(), key)]),
            lifetime: SignedDuration::from_hours(1),
        }
    }

    fn shown(answer: &Answer) -> &'static str {
        match answer {
            Answer::Key(_) => "use",
            Answer::KeyToRefresh(_) => "use and refresh",
            Answer::StaleKey => "wait a little",
            Answer::NoKey => "wait",
            Answer::Refused(VerificationError::Rejected(rule)) => rule.name(),
            Answer::Refused(VerificationError::Unavailable(_)) => "unavailable",
        }
    }

    /// Fetched at second 0 for an hour, then failed at the given second.
    fn cache(failed_at: Option<i64>) -> Cache {
        let mut cache = Cache::default();
        assert_eq!(cache.record(at(0), Ok(fetched())), Ok(()));
        if let Some(second) = failed_at {
            assert_eq!(cache.record(at(second), Err(DOWN)), Err(DOWN));
        }
        cache
    }

    #[test]
    fn an_empty_cache_fetches_and_after_a_failure_waits_a_second() {
        let mut cache = Cache::default();
        assert_eq!(shown(&cache.look_up(KNOWN, at(0))), "wait");
        let _ = cache.record(at(0), Err(DOWN));
        assert_eq!(shown(&cache.look_up(KNOWN, at(0))), "unavailable");
        assert_eq!(shown(&cache.look_up(KNOWN, at(1))), "wait");
    }

    #[test]
    fn a_known_key_is_used_refreshed_ahead_and_used_stale_for_a_day() {
        for (second, failed_at, expected) in [
            (0, None, "use"),
            (2879, None, "use"),
            (2880, None, "use and refresh"),
            (2881, Some(2880), "use"),
            (2890, Some(2880), "use and refresh"),
            (HOUR - 1, None, "use and refresh"),
            (HOUR, None, "wait a little"),
            (HOUR + 5, Some(HOUR), "use"),
            (HOUR + 10, Some(HOUR), "wait a little"),
            (24 * HOUR - 1, Some(24 * HOUR - 2), "use"),
            (24 * HOUR, Some(24 * HOUR - 2), "wait"),
            (24 * HOUR, Some(24 * HOUR), "unavailable"),
            (24 * HOUR, None, "wait"),
        ] {
            let answer = cache(failed_at).look_up(KNOWN, at(second));
            assert_eq!(shown(&answer), expected, "{second} {failed_at:?}");
        }
    }

    #[test]
    fn an_unknown_key_causes_one_fetch_in_ten_seconds() {
        for (second, failed_at, expected) in [
            (0, None, "unknown_key"),
            (-9, None, "unknown_key"),
            (9, None, "unknown_key"),
            (10, None, "wait"),
            (15, Some(10), "unavailable"),
            (20, Some(10), "wait"),
        ] {
            let answer = cache(failed_at).look_up(OTHER, at(second));
            assert_eq!(shown(&answer), expected, "{second} {failed_at:?}");
        }
    }

    #[test]
    fn after_waiting_the_key_counts_more_than_the_outcome() {
        for (key_id, second, outcome, expected) in [
            (KNOWN, 0, Ok(()), None),
            (KNOWN, 2 * HOUR, Err(DOWN), None),
            (KNOWN, 24 * HOUR, Err(DOWN), Some(DOWN.into())),
            (OTHER, 0, Err(DOWN), Some(DOWN.into())),
            (OTHER, 0, Ok(()), Some(Rejected::UnknownKey.into())),
        ] {
            let settled = cache(None).settle(key_id, at(second), outcome);
            assert_eq!(settled.err(), expected, "{key_id} {second}");
        }
    }

    #[test]
    fn a_later_success_replaces_all_keys() {
        let mut cache = cache(None);
        let mut rotated = fetched();
        let key = rotated.keys.remove(KNOWN).unwrap();
        rotated.keys.insert(OTHER.to_owned(), key);
        let _ = cache.record(at(20), Ok(rotated));
        assert_eq!(shown(&cache.look_up(OTHER, at(21))), "use");
        assert_eq!(shown(&cache.look_up(KNOWN, at(21))), "unknown_key");
    }
}
