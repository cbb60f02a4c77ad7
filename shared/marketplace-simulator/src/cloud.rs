//! Resources of the vendor's own project: Cloud Run services, subscriptions, policies and the like.
//!
//! The simulator does not bring them about. A test or a page says what a `GET`, or a `POST` that only
//! reads, answers at an address; what is said goes before what the simulator knows by itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use serde_json::Value;

use crate::answer::Answer;
use crate::discovery::Operation;
use crate::hosts;

/// What was said, by host and path.
#[derive(Debug, Default)]
pub(crate) struct Cloud {
    resources: Mutex<BTreeMap<String, Value>>,
    ahead: Mutex<SignedDuration>,
}

impl Cloud {
    /// From now on this address answers so; the address is without `https://`.
    pub(crate) fn put(&self, address: &str, resource: Value) {
        lock(&self.resources).insert(address.to_owned(), resource);
    }

    /// Forgets what was said.
    pub(crate) fn remove(&self, address: &str) {
        lock(&self.resources).remove(address);
    }

    /// What this address answers.
    pub(crate) fn at(&self, address: &str) -> Option<Value> {
        lock(&self.resources).get(address).cloned()
    }

    /// How far Google's clock is ahead of the world's.
    pub(crate) fn set_clock_ahead(&self, by: SignedDuration) {
        *lock(&self.ahead) = by;
    }

    /// `Date` by Google's clock, where it differs from this machine's; both are of the same moment.
    pub(crate) fn date(&self, world: Timestamp, machine: Timestamp) -> Option<String> {
        let time = world.checked_add(*lock(&self.ahead)).ok()?;
        if time == machine {
            return None;
        }
        rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&time)
            .ok()
    }

    /// The answer to an operation of this host, if something was said.
    pub(crate) fn answer(&self, host: &str, operation: &Operation) -> Option<Answer> {
        let address = format!("{host}/{}", path(operation));
        let resource = self.at(&address)?;
        Some(Answer::json(&resource, "as it was said"))
    }
}

/// Whether the simulator knows nothing of this host but what it is told.
pub(crate) fn is_told(host: &str) -> bool {
    matches!(
        host,
        hosts::RUN
            | hosts::SCHEDULER
            | hosts::FIRESTORE
            | hosts::MONITORING
            | hosts::LOGGING
            | hosts::RESOURCE_MANAGER
    )
}

/// The path that an operation was asked for by.
fn path(operation: &Operation) -> String {
    let mut variables = operation.variables.iter();
    let mut path = String::new();
    let mut rest = operation.template.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        path.push_str(variables.next().map_or("", String::as_str));
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    path + rest
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
