//! Google's public keys: where they are, and how long they are used.

mod alarm;
mod cache;
mod certificates;
mod fetch;
mod lifetime;
mod moment;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use google_calls::Http;
use jiff::Timestamp;
use marketplace::{At, GoogleOrigin};
use tokio::sync::watch;
use tokio::time::timeout;

use self::alarm::Alarm;
use self::cache::{Cache, KeyLookUp};
use self::fetch::{FETCH_TIME, fetch};
use self::moment::Moment;
use crate::signature::VerifyingKey;
use crate::unverified::{SignedPayload, UnverifiedToken};
use crate::verification_error::{KeysUnavailable, VerificationError};

/// All addresses of keys are on this host.
const HOST: &str = "www.googleapis.com";

/// The certificates of the Marketplace's issuer. The address equals `iss` and is never taken from it:
/// the same host serves the keys of every service account of every Google customer.
const MARKETPLACE_PATH: &str =
    "/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com";

/// The certificates behind Google's identity and sign-in tokens.
const GOOGLE_IDENTITY_PATH: &str = "/oauth2/v1/certs";

/// How long a request waits for new keys while it has usable old ones.
const PATIENCE_WITH_STALE_KEYS: Duration = Duration::from_secs(2);

/// The keys at one constant address: fetched when first needed, cached, refreshed before they expire.
///
/// Clones share one cache. One fetch is in flight at a time, in a task of its own, which a client
/// that goes away does not end.
#[derive(Clone)]
pub struct KeySet(Arc<Shared>);

struct Shared {
    url: String,
    http: Http,
    state: Mutex<KeySetState>,
}

#[derive(Default)]
struct KeySetState {
    cache: Cache,
    alarm: Alarm,
    in_flight: Option<InFlight>,
    /// How many fetches were begun.
    begun: u64,
}

type FetchOutcome = Result<(), KeysUnavailable>;

/// One fetch, as those see it who wait for it.
#[derive(Clone)]
struct InFlight {
    number: u64,
    kind: FetchKind,
    outcome: watch::Receiver<Option<FetchOutcome>>,
}

/// Why a fetch was begun.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FetchKind {
    /// A request needed keys.
    First,
    /// The one before failed, and requests had joined it.
    OnceMore,
}

/// A fetch that a request waits for.
struct Awaited {
    fetch: InFlight,
    /// Whether another request began it.
    is_joined: bool,
}

impl KeySet {
    /// The keys of the Marketplace's tokens. Nothing is fetched yet.
    pub fn marketplace(origin: &GoogleOrigin, http: Http) -> Self {
        Self::at(origin.https(HOST, MARKETPLACE_PATH), http)
    }

    /// The keys of Google's identity and sign-in tokens. Nothing is fetched yet.
    pub fn google_identity(origin: &GoogleOrigin, http: Http) -> Self {
        Self::at(origin.https(HOST, GOOGLE_IDENTITY_PATH), http)
    }

    fn at(url: String, http: Http) -> Self {
        Self(Arc::new(Shared {
            url,
            http,
            state: Mutex::default(),
        }))
    }

    /// Fetches the keys if there are none. A failure is logged, and left to the first token.
    pub async fn warm_up(&self) {
        let now = Moment::of(Timestamp::now());
        let awaited = {
            let mut state = self.0.state();
            if state.cache.is_fresh(now) {
                return;
            }
            self.fetch_in_flight(&mut state, now)
        };
        // The task has logged a failure.
        let _ = wait(awaited.fetch, FETCH_TIME).await;
    }

    /// The payload of a token whose form and signature are good.
    pub(crate) async fn signed_payload(
        &self,
        unverified_token: &str,
        at: At,
    ) -> Result<SignedPayload, VerificationError> {
        let unverified = UnverifiedToken::parse(unverified_token)?;
        let key = self.key(unverified.key_id(), at).await?;
        Ok(unverified.verify(&key)?)
    }

    async fn key(&self, key_id: &str, at: At) -> Result<Arc<VerifyingKey>, VerificationError> {
        let now = Moment::of(at.now);
        let (awaited, patience) = {
            let mut state = self.0.state();
            match state.cache.look_up(key_id, now) {
                KeyLookUp::Key(key) => return Ok(key),
                KeyLookUp::KeyToRefresh(key) => {
                    self.fetch_in_flight(&mut state, now);
                    return Ok(key);
                }
                KeyLookUp::Refused(error) => return Err(error),
                KeyLookUp::StaleKey => (
                    self.fetch_in_flight(&mut state, now),
                    at.deadline.at_most(PATIENCE_WITH_STALE_KEYS),
                ),
                KeyLookUp::NoKey => {
                    state.alarm.arm();
                    (self.fetch_in_flight(&mut state, now), at.deadline)
                }
            }
        };
        let mut outcome = wait(awaited.fetch.clone(), patience.remaining()).await;
        if outcome.is_err()
            && !patience.has_passed()
            && let Some(fetch) = self.once_more(&awaited, now.later())
        {
            outcome = wait(fetch, patience.remaining()).await;
        }
        self.0.state().cache.settle(key_id, now, outcome)
    }

    /// The fetch that is under way, or a new one.
    fn fetch_in_flight(&self, state: &mut KeySetState, now: Moment) -> Awaited {
        if let Some(fetch) = state.under_way() {
            return Awaited {
                fetch,
                is_joined: true,
            };
        }
        Awaited {
            fetch: self.begin(state, FetchKind::First, now),
            is_joined: false,
        }
    }

    /// What a request waits for whose fetch failed: if another one had begun that, it may have begun before what was
    /// wrong was over. All who joined it share one more, and that is not followed by another. It begins now, not when
    /// the request did: pauses between fetches are counted from there.
    fn once_more(&self, failed: &Awaited, now: Moment) -> Option<InFlight> {
        if !failed.is_joined || failed.fetch.kind == FetchKind::OnceMore {
            return None;
        }
        let mut state = self.0.state();
        if let Some(fetch) = state.under_way() {
            return Some(fetch);
        }
        let is_last = state.begun == failed.fetch.number;
        is_last.then(|| self.begin(&mut state, FetchKind::OnceMore, now))
    }

    fn begin(&self, state: &mut KeySetState, kind: FetchKind, now: Moment) -> InFlight {
        let (done, outcome) = watch::channel(None);
        state.begun += 1;
        let in_flight = InFlight {
            number: state.begun,
            kind,
            outcome,
        };
        state.in_flight = Some(in_flight.clone());
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move {
            let (fetched, failure) = match fetch(&shared.http, &shared.url).await {
                Ok(fetched) => (Ok(fetched), None),
                Err(failure) => (Err(failure.reason), Some(failure)),
            };
            let (outcome, is_alarm) = {
                let mut state = shared.state();
                state.in_flight = None;
                let is_alarm = state.alarm.is_raised(now.wall, failure.is_some());
                (state.cache.record(now, fetched), is_alarm)
            };
            // Here, because nobody may be waiting who could.
            if let Some(failure) = failure {
                failure.log(&shared.url, is_alarm);
            }
            done.send_replace(Some(outcome));
        });
        in_flight
    }
}

impl KeySetState {
    /// The fetch in flight. One whose sender is gone without a word was lost with its runtime.
    fn under_way(&self) -> Option<InFlight> {
        let is_lost = |fetch: &InFlight| fetch.outcome.has_changed().is_err();
        self.in_flight.clone().filter(|fetch| !is_lost(fetch))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, KeySetState> {
        // Nothing panics while it holds the lock, and what it holds is replaced as a whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeySet").field(&self.0.url).finish()
    }
}

async fn wait(mut fetch: InFlight, patience: Duration) -> FetchOutcome {
    match timeout(patience, fetch.outcome.wait_for(Option::is_some)).await {
        Ok(Ok(outcome)) => (*outcome).unwrap_or(Err(KeysUnavailable::TimedOut)),
        Ok(Err(_)) | Err(_) => Err(KeysUnavailable::TimedOut),
    }
}
