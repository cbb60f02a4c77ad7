//! What is decided about cached keys, without a clock and without a network.

use std::sync::Arc;

use jiff::SignedDuration;

use super::certificates::Keys;
use super::fetch::Fetched;
use super::moment::Moment;
use crate::broken_rule::BrokenRule;
use crate::signature::VerifyingKey;
use crate::verification_error::{KeysUnavailable, VerificationError};

/// How long keys are used after the last successful fetch while no further one succeeds. Google shows
/// keys for days and announces none that it withdraws, so a day is a compromise between an outage of
/// theirs and a key they had to revoke.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The least time between two fetches while there are keys: tokens with made-up key ids must not
/// make us hammer Google.
const COOL_DOWN: SignedDuration = SignedDuration::from_secs(10);

/// The least time between two fetches while there are no keys, when every request needs one.
const COOL_DOWN_WITHOUT_KEYS: SignedDuration = SignedDuration::from_secs(1);

/// The keys of one address, and how the last fetch went.
#[derive(Default)]
pub(super) struct Cache {
    known: Option<CachedKeys>,
    last_fetch: Option<LastFetch>,
}

struct CachedKeys {
    keys: Keys,
    fetched_at: Moment,
    lifetime: SignedDuration,
}

struct LastFetch {
    begun_at: Moment,
    outcome: Result<(), KeysUnavailable>,
}

/// What is to be done about a key id.
pub(super) enum KeyLookUp {
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
    pub(super) fn is_fresh(&self, now: Moment) -> bool {
        self.known.as_ref().is_some_and(|known| known.is_fresh(now))
    }

    pub(super) fn look_up(&self, key_id: &str, now: Moment) -> KeyLookUp {
        let Some(known) = self.usable(now) else {
            return match self.cooling(now, COOL_DOWN_WITHOUT_KEYS) {
                Some(Err(error)) => KeyLookUp::Refused((*error).into()),
                _ => KeyLookUp::NoKey,
            };
        };
        let cooling = self.cooling(now, COOL_DOWN);
        match (known.keys.get(key_id), cooling) {
            (Some(key), None) if known.is_due(now) => KeyLookUp::KeyToRefresh(Arc::clone(key)),
            (Some(_), None) if !known.is_fresh(now) => KeyLookUp::StaleKey,
            (Some(key), _) => KeyLookUp::Key(Arc::clone(key)),
            (None, None) => KeyLookUp::NoKey,
            (None, Some(Ok(()))) => KeyLookUp::Refused(BrokenRule::UnknownKey.into()),
            (None, Some(Err(error))) => KeyLookUp::Refused((*error).into()),
        }
    }

    /// Takes up what a fetch that began at this time brought.
    pub(super) fn record(
        &mut self,
        begun_at: Moment,
        fetched: Result<Fetched, KeysUnavailable>,
    ) -> Result<(), KeysUnavailable> {
        let outcome = fetched.map(|Fetched { keys, lifetime }| {
            self.known = Some(CachedKeys {
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
        now: Moment,
        outcome: Result<(), KeysUnavailable>,
    ) -> Result<Arc<VerifyingKey>, VerificationError> {
        if let Some(key) = self.usable(now).and_then(|known| known.keys.get(key_id)) {
            return Ok(Arc::clone(key));
        }
        outcome?;
        Err(BrokenRule::UnknownKey.into())
    }

    fn usable(&self, now: Moment) -> Option<&CachedKeys> {
        self.known
            .as_ref()
            .filter(|known| known.age(now) < STALE_AFTER)
    }

    /// The outcome of the last fetch, if it began too short a time ago for another one. Requests do not
    /// arrive in the order of their clocks: one from a little before counts as one from then.
    fn cooling(
        &self,
        now: Moment,
        cool_down: SignedDuration,
    ) -> Option<&Result<(), KeysUnavailable>> {
        self.last_fetch
            .as_ref()
            .filter(|last| now.since(last.begun_at) < cool_down)
            .map(|last| &last.outcome)
    }
}

impl CachedKeys {
    fn age(&self, now: Moment) -> SignedDuration {
        now.since(self.fetched_at)
    }

    fn is_fresh(&self, now: Moment) -> bool {
        self.age(now) < self.lifetime
    }

    /// In the last fifth of its life.
    fn is_due(&self, now: Moment) -> bool {
        self.is_fresh(now) && self.age(now) >= self.lifetime / 5 * 4
    }
}

#[cfg(test)]
mod tests;
