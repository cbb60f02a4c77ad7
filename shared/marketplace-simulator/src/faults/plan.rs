//! Which faults wait for which calls.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Method;
use tokio::sync::watch;
use tokio::time;

use super::{Fault, FaultKind};
use crate::matcher::Matcher;
use crate::sync::lock;

/// How long a call is waited for: generous, because a busy machine is no failure.
const PATIENCE: Duration = Duration::from_mins(1);

/// The faults that are planned. Clones share one plan.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    plan: Arc<Mutex<FaultPlan>>,
}

#[derive(Debug, Default)]
struct FaultPlan {
    rules: VecDeque<Rule>,
    /// Every fault that ever held a call, to be released in the end.
    holding: Vec<Planned>,
}

#[derive(Debug)]
struct Rule {
    matcher: Matcher,
    fault: Fault,
    /// How many calls that fit still pass unharmed.
    skip: usize,
    /// How many are still hit; none for all.
    remaining: Option<usize>,
    planned: Planned,
}

impl Faults {
    /// Hits the next call that fits.
    pub fn next(&self, matcher: Matcher, fault: Fault) -> Planned {
        self.times(1, matcher, fault)
    }

    /// Hits the next so many calls that fit.
    pub fn times(&self, count: usize, matcher: Matcher, fault: Fault) -> Planned {
        self.plan(0, Some(count), matcher, fault)
    }

    /// Hits one call that fits: the `n`th from now, counting from 1.
    pub fn nth(&self, n: usize, matcher: Matcher, fault: Fault) -> Planned {
        self.plan(n.saturating_sub(1), Some(1), matcher, fault)
    }

    /// Hits every call that fits, from the `n`th from now on.
    pub fn from_nth(&self, n: usize, matcher: Matcher, fault: Fault) -> Planned {
        self.plan(n.saturating_sub(1), None, matcher, fault)
    }

    /// Hits every call that fits, until cleared.
    pub fn always(&self, matcher: Matcher, fault: Fault) -> Planned {
        self.plan(0, None, matcher, fault)
    }

    /// Plans nothing any more, and releases every call that hangs.
    pub fn clear(&self) {
        let mut plan = lock(&self.plan);
        let planned = plan.rules.drain(..).map(|rule| rule.planned);
        let planned: Vec<Planned> = planned.collect();
        for planned in planned.iter().chain(&plan.holding) {
            planned.release();
        }
        plan.holding.clear();
    }

    /// The fault for this call, if one is planned; the first that was planned wins.
    pub(crate) fn take(&self, method: &Method, host: &str, path: &str) -> Option<(Fault, Planned)> {
        let mut plan = lock(&self.plan);
        let fitting = plan
            .rules
            .iter_mut()
            .filter(|rule| rule.matcher.fits(method, host, path));
        let mut hit = None;
        for rule in fitting {
            if rule.skip > 0 {
                rule.skip -= 1;
            } else if hit.is_none() && rule.remaining != Some(0) {
                rule.remaining = rule.remaining.map(|count| count - 1);
                hit = Some((rule.fault, rule.planned.clone()));
            }
        }
        plan.rules.retain(|rule| rule.remaining != Some(0));
        if let Some((fault, planned)) = &hit
            && fault.kind == FaultKind::Hang
        {
            plan.holding.push(planned.clone());
        }
        hit
    }

    fn plan(
        &self,
        skip: usize,
        remaining: Option<usize>,
        matcher: Matcher,
        fault: Fault,
    ) -> Planned {
        let planned = Planned {
            hits: watch::Sender::new(0),
            released: watch::Sender::new(false),
        };
        lock(&self.plan).rules.push_back(Rule {
            matcher,
            fault,
            skip,
            remaining,
            planned: planned.clone(),
        });
        planned
    }
}

/// A planned fault: says what it has hit, and lets go of what it holds.
#[derive(Debug, Clone)]
pub struct Planned {
    hits: watch::Sender<usize>,
    released: watch::Sender<bool>,
}

impl Planned {
    /// How many calls it has hit.
    pub fn hits(&self) -> usize {
        *self.hits.borrow()
    }

    /// Waits until it has hit a call: a call that hangs has then arrived.
    pub async fn arrived(&self) {
        self.arrived_times(1).await;
    }

    /// Waits until it has hit so many calls.
    ///
    /// # Panics
    ///
    /// If they have not come within a minute: a test that waits for ever gives no reason.
    #[expect(clippy::expect_used, reason = "it is tests that wait for calls")]
    pub async fn arrived_times(&self, count: usize) {
        let mut hits = self.hits.subscribe();
        // This value holds the sender, so only time can make waiting fail.
        let arrived = hits.wait_for(|hits| *hits >= count);
        _ = time::timeout(PATIENCE, arrived)
            .await
            .expect("the call that is waited for arrives");
    }

    /// Lets every call go on that hangs by it, now or later.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    pub(crate) fn hit(&self) {
        self.hits.send_modify(|hits| *hits += 1);
    }

    pub(crate) async fn wait_for_release(&self) {
        let mut released = self.released.subscribe();
        let _ = released.wait_for(|released| *released).await;
    }
}
