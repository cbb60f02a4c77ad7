//! Resources of the vendor's own project: Cloud Run services, subscriptions, policies and the like.
//!
//! The simulator does not simulate them. A test sets what a `GET`, or a `POST` that only reads, answers at an
//! address; what was set comes before what the simulator answers by itself.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use serde_json::Value;

use crate::discovery::Operation;
use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::sync::lock;

/// What was set, by host and path.
#[derive(Debug, Default)]
pub(crate) struct PresetResources {
    resources: Mutex<BTreeMap<String, Value>>,
    ahead: Mutex<SignedDuration>,
}

impl PresetResources {
    /// From now on this address answers so; the address is without `https://`.
    pub(crate) fn put(&self, address: &str, resource: Value) {
        lock(&self.resources).insert(address.to_owned(), resource);
    }

    pub(crate) fn remove(&self, address: &str) {
        lock(&self.resources).remove(address);
    }

    pub(crate) fn at(&self, address: &str) -> Option<Value> {
        lock(&self.resources).get(address).cloned()
    }

    /// How far Google's clock is ahead of the simulated time.
    pub(crate) fn set_clock_ahead(&self, by: SignedDuration) {
        *lock(&self.ahead) = by;
    }

    /// `Date` by Google's clock, where it differs from this machine's; both are of the same moment.
    pub(crate) fn date(&self, google: Timestamp, machine: Timestamp) -> Option<String> {
        let time = google.checked_add(*lock(&self.ahead)).ok()?;
        if time == machine {
            return None;
        }
        rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&time)
            .ok()
    }

    /// The answer to an operation of this host, if one was set.
    pub(crate) fn answer(&self, host: &str, operation: &Operation) -> Option<HostAnswer> {
        let address = format!("{host}/{}", path(operation));
        let resource = self.at(&address)?;
        Some(HostAnswer::json(&resource, "as it was set"))
    }
}

/// Whether the simulator answers for this host only what was set.
pub(crate) fn serves(host: &str) -> bool {
    matches!(
        host,
        hosts::RUN
            | hosts::SCHEDULER
            | hosts::FIRESTORE
            | hosts::MONITORING
            | hosts::LOGGING
            | hosts::RESOURCE_MANAGER
            | hosts::BILLING
            | hosts::COMPUTE
            | hosts::ORG_POLICY
            | hosts::SERVICE_USAGE
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
