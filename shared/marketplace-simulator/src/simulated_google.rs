//! What one simulator knows, shared by its handle and its server.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use marketplace::UserIdentity;
use tokio::sync::watch;

use crate::access_grants::Grants;
use crate::access_tokens::AccessTokens;
use crate::call_log::CallLog;
use crate::clock::Clock;
use crate::delivery::Delivery;
use crate::faults::Faults;
use crate::key_rings::KeyRings;
use crate::marketplace_state::{MarketplaceState, User};
use crate::messages::{Draft, MessageLog};
use crate::preset_resources::PresetResources;
use crate::service_accounts::ServiceAccounts;
use crate::service_control::ServiceControl;
use crate::settings::{ApplicationClock, Gaps, KeyLifetime, Settings};
use crate::sign_in::SignIns;
use crate::sync::{Watched, lock};

/// How many violations are kept: the first ones show what is wrong.
const MAX_VIOLATIONS: usize = 1_000;

/// Everything behind the wire. One instance is one Google, with nobody else in it.
pub(crate) struct SimulatedGoogle {
    pub(crate) settings: Arc<Settings>,
    pub(crate) origin: String,
    pub(crate) clock: Clock,
    application_clock: Clock,
    pub(crate) calls: CallLog,
    pub(crate) faults: Faults,
    pub(crate) keys: Arc<KeyRings>,
    pub(crate) events: Delivery,
    /// What is published to the vendor's own topics.
    pub(crate) published: Delivery,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) sign_ins: SignIns,
    /// What else is in the vendor's project.
    pub(crate) preset_resources: PresetResources,
    key_lifetime: Mutex<KeyLifetime>,
    state: Watched<MarketplaceState>,
    service_accounts: Mutex<ServiceAccounts>,
    grants: Mutex<Grants>,
    service_control: Mutex<ServiceControl>,
    violations: Mutex<Vec<String>>,
}

impl SimulatedGoogle {
    pub(crate) fn new(settings: Settings, origin: &str) -> Self {
        let settings = Arc::new(settings);
        let keys = Arc::new(KeyRings::new());
        let clock = Clock::default();
        let application_clock = match settings.application_clock {
            ApplicationClock::Simulated => clock.clone(),
            // A clock of its own, which nobody moves.
            ApplicationClock::Machine => Clock::default(),
        };
        let delivery = |spacing, receiver_clock: &Clock| {
            let log = MessageLog::new(clock.clone(), spacing);
            Delivery::new(log, Arc::clone(&keys), receiver_clock.clone())
        };
        Self {
            origin: origin.trim_end_matches('/').to_owned(),
            calls: CallLog::default(),
            faults: Faults::default(),
            events: delivery(settings.message_spacing, &clock),
            published: delivery(Duration::ZERO, &application_clock),
            keys,
            clock,
            application_clock,
            access_tokens: AccessTokens::new(settings.access_token_lifetime),
            sign_ins: SignIns::default(),
            preset_resources: PresetResources::default(),
            key_lifetime: Mutex::new(settings.key_lifetime),
            state: Watched::new(MarketplaceState::new(Arc::clone(&settings))),
            service_accounts: Mutex::default(),
            grants: Mutex::default(),
            service_control: Mutex::default(),
            violations: Mutex::default(),
            settings,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time by which the vendor's application lives: that of every token that is issued to it or that it is sent.
    pub(crate) fn application_now(&self) -> Timestamp {
        self.application_clock.now()
    }

    /// How long it is until something falls due by itself; none if nothing does.
    pub(crate) fn until_due(&self) -> Option<Duration> {
        self.read(|state| state.until_due(self.now()))
    }

    /// What has fallen due happens.
    pub(crate) fn catch_up(&self) {
        self.change(|state| state.catch_up(Duration::ZERO, self.now()));
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&MarketplaceState) -> T) -> T {
        look(&self.state.lock())
    }

    /// Changes them, publishes the messages about it, and announces the change.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut MarketplaceState) -> T) -> T {
        self.state.change(|state| {
            let result = change(state);
            // Under the lock, so that messages are published in the order of the changes.
            for body in state.take_events() {
                self.events.log().publish(Draft {
                    data: body.to_string().into_bytes(),
                    ..Draft::default()
                });
            }
            result
        })
    }

    /// The person with this identity, who need not belong to a customer.
    pub(crate) fn person(&self, identity: &UserIdentity) -> User {
        self.read(|state| state.person(identity))
    }

    /// Changes whenever an account or entitlement may have changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.state.changes()
    }

    /// The service accounts, for one look or change.
    pub(crate) fn service_accounts(&self) -> MutexGuard<'_, ServiceAccounts> {
        lock(&self.service_accounts)
    }

    /// What customers have granted service accounts, for one look or change.
    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        lock(&self.grants)
    }

    /// What was checked and reported, for one look or change.
    pub(crate) fn service_control(&self) -> MutexGuard<'_, ServiceControl> {
        lock(&self.service_control)
    }

    pub(crate) fn key_lifetime(&self) -> KeyLifetime {
        *lock(&self.key_lifetime)
    }

    pub(crate) fn set_key_lifetime(&self, lifetime: KeyLifetime) {
        *lock(&self.key_lifetime) = lifetime;
    }

    /// Records that a program sent what Google's documents do not know.
    pub(crate) fn record_violation(&self, what: String) {
        tracing::warn!(
            violation = what,
            "a request does not fit Google's documents"
        );
        let mut violations = lock(&self.violations);
        if violations.len() < MAX_VIOLATIONS {
            violations.push(what);
        }
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        let mut violations = lock(&self.violations).clone();
        // Only the end shows whether a window is missing or late.
        if self.settings.usage.gaps == Gaps::AreViolations {
            violations.extend(self.service_control().gaps());
        }
        violations
    }
}
