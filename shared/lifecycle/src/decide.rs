//! Decides what follows from what Google says, without asking anybody.

mod account;
mod cancellation;
mod entitlement;
#[cfg(test)]
mod tests;

use approval::ApprovalStep;
use jiff::Timestamp;
use outbox::OrderChange;

pub(crate) use self::account::on_account;
pub(crate) use self::entitlement::{OrderRules, StoredState, on_entitlement};
use crate::SyncOutcome;

/// What Google says about one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourceAnswer<T> {
    /// It exists and looks like this.
    Found(T),
    /// There is none; said at this moment.
    Absent(Absence, Timestamp),
}

/// Whether "there is none" can be believed. A customer must not lose their access because Google cannot find a
/// resource for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absence {
    Unconfirmed,
    /// A reconciliation has asked again, while Google found other resources.
    Confirmed,
}

/// What follows for the record of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision<R> {
    /// Nothing: it is of a product that this deployment does not serve.
    Ignore,
    Wait(Wait),
    Apply(Effect<R>),
}

/// Why nothing can be recorded yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Google's answer is older than what the event announces.
    Older,
    /// Google does not find the resource, and nothing says that it should be gone.
    Absence,
}

/// One commit, and the steps after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect<R> {
    /// The new record; none if the stored one is the same already.
    pub(crate) record: Option<R>,
    /// What the application is notified of.
    pub(crate) changes: Vec<OrderChange>,
    /// What is done afterwards, and repeated until it succeeds.
    pub(crate) steps: Vec<Step>,
}

/// Something to be done at Google or in the store, after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Something waits for the vendor's approval.
    Approval(ApprovalStep),
    /// The account is approved, and its other orders may have waited for that.
    ApproveHeld,
    DisableServiceAccount,
    /// The account is deleted: its links and sessions are erased.
    EraseAccount,
}

impl<R> Effect<R> {
    pub(crate) fn steps(steps: Vec<Step>) -> Self {
        Self {
            record: None,
            changes: Vec::new(),
            steps,
        }
    }

    pub(crate) fn nothing() -> Self {
        Self::steps(Vec::new())
    }

    pub(crate) fn outcome(&self) -> SyncOutcome {
        match self.record {
            Some(_) => SyncOutcome::Changed,
            None => SyncOutcome::Unchanged,
        }
    }
}
