//! What was called, and what was answered.

use std::collections::VecDeque;
use std::sync::Arc;

use http::Method;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::matcher::Matcher;
use crate::sync::Watched;

/// How many calls are kept: enough for a long session at the web page, little enough to hold.
const KEPT: usize = 10_000;

/// One call, as the log shows it: without query, headers and bodies, which carry secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Counts from 1, in the order of arrival.
    pub number: u64,
    /// When it arrived.
    pub time: Timestamp,
    /// The HTTP method.
    pub method: Method,
    /// The host that was meant.
    pub host: String,
    /// The path below the host, decoded.
    pub path: String,
    /// The path template of the API's method, if the request fits one; else the path.
    pub template: String,
    /// The status answered. None while it is being answered, and for good if that was given up.
    pub status: Option<u16>,
    /// What happened, in a few words.
    pub summary: String,
    /// The fault that was put in its way.
    pub fault: Option<String>,
}

/// The calls so far, newest last. Clones share one log.
#[derive(Debug, Clone, Default)]
pub struct CallLog {
    entries: Arc<Watched<Entries>>,
}

#[derive(Debug, Default)]
struct Entries {
    calls: VecDeque<Call>,
    last_number: u64,
}

impl CallLog {
    /// The calls that are kept: the last ten thousand.
    pub fn all(&self) -> Vec<Call> {
        self.after(0)
    }

    /// Those with a higher number than this.
    pub fn after(&self, number: u64) -> Vec<Call> {
        self.select(|call| call.number > number)
    }

    /// Those that fit.
    pub fn matching(&self, matcher: &Matcher) -> Vec<Call> {
        self.select(|call| matcher.fits(&call.method, &call.host, &call.path))
    }

    /// How many fit.
    pub fn count(&self, matcher: &Matcher) -> usize {
        self.matching(matcher).len()
    }

    /// Waits until so many calls that fit have been answered, and returns them.
    pub async fn answered(&self, matcher: &Matcher, count: usize) -> Vec<Call> {
        let mut revision = self.changes();
        loop {
            let mut calls = self.matching(matcher);
            calls.retain(|call| call.status.is_some());
            // The log itself holds the sender, so waiting does not fail.
            if calls.len() >= count || revision.changed().await.is_err() {
                return calls;
            }
        }
    }

    /// Changes whenever a call arrives or is answered: for a live page.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.entries.changes()
    }

    /// Forgets every call; numbers go on.
    pub fn clear(&self) {
        self.entries.change(|entries| entries.calls.clear());
    }

    /// The number of the call that arrived last; 0 before the first one.
    pub fn last_number(&self) -> u64 {
        self.entries.lock().last_number
    }

    pub(crate) fn begin(&self, mut call: Call) -> OpenCall {
        let number = self.entries.change(|entries| {
            entries.last_number += 1;
            call.number = entries.last_number;
            if entries.calls.len() == KEPT {
                entries.calls.pop_front();
            }
            entries.calls.push_back(call);
            entries.last_number
        });
        OpenCall {
            log: self.clone(),
            number,
        }
    }

    fn select(&self, wanted: impl Fn(&Call) -> bool) -> Vec<Call> {
        let entries = self.entries.lock();
        let calls = entries.calls.iter().filter(|call| wanted(call));
        calls.cloned().collect()
    }
}

pub(crate) struct OpenCall {
    log: CallLog,
    number: u64,
}

impl OpenCall {
    pub(crate) fn record(&self, change: impl FnOnce(&mut Call)) {
        self.log.entries.change(|entries| {
            let open = |call: &&mut Call| call.number == self.number;
            // Newest last, and the open ones are among the newest.
            if let Some(call) = entries.calls.iter_mut().rev().find(open) {
                change(call);
            }
        });
    }
}
