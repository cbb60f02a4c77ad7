//! What one simulator knows, shared by its handle and its server.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::access_tokens::AccessTokens;
use crate::calls::CallLog;
use crate::faults::Faults;
use crate::key_rings::KeyRings;
use crate::settings::{KeyLifetime, Settings};
use crate::state::State;

/// How many violations are kept: the first ones tell what is wrong.
const MAX_VIOLATIONS: usize = 1_000;

/// Everything behind the wire. One instance is one Google, with nobody else in it.
pub(crate) struct World {
    pub(crate) settings: Arc<Settings>,
    pub(crate) origin: String,
    pub(crate) calls: CallLog,
    pub(crate) faults: Faults,
    pub(crate) keys: KeyRings,
    pub(crate) access_tokens: AccessTokens,
    key_lifetime: Mutex<KeyLifetime>,
    state: Mutex<State>,
    violations: Mutex<Vec<String>>,
    revision: watch::Sender<u64>,
}

impl World {
    pub(crate) fn new(settings: Settings, origin: &str) -> Self {
        let settings = Arc::new(settings);
        Self {
            origin: origin.trim_end_matches('/').to_owned(),
            calls: CallLog::new(),
            faults: Faults::default(),
            keys: KeyRings::new(),
            access_tokens: AccessTokens::new(settings.access_token_lifetime),
            key_lifetime: Mutex::new(settings.key_lifetime),
            state: Mutex::new(State::new(Arc::clone(&settings))),
            violations: Mutex::default(),
            revision: watch::Sender::new(0),
            settings,
        }
    }

    /// Looks at the accounts and entitlements.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes them, and tells whoever waits for a change.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.revision.send_modify(|revision| *revision += 1);
        result
    }

    /// Changes whenever an account or entitlement may have changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    pub(crate) fn key_lifetime(&self) -> KeyLifetime {
        *lock(&self.key_lifetime)
    }

    pub(crate) fn set_key_lifetime(&self, lifetime: KeyLifetime) {
        *lock(&self.key_lifetime) = lifetime;
    }

    /// Records that a program sent what Google's documents do not know.
    pub(crate) fn violated(&self, what: String) {
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
        lock(&self.violations).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
