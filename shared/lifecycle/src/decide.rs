//! Decides what follows from what Google says, without asking anybody.

mod absence;
mod account;
mod closing;
mod earlier_order;
mod entitlement;
mod order_end;
mod stock;
#[cfg(test)]
mod tests;

use approval::ApprovalStep;
use jiff::Timestamp;
use outbox::News;
use store::JournalEntry;

pub(crate) use self::absence::{is_confirmable, is_young};
pub(crate) use self::account::{AccountRules, DELETED, StoredAccount, on_account};
pub(crate) use self::closing::{erased, is_due_to_be_erased, receipt};
pub(crate) use self::earlier_order::is_earlier;
pub(crate) use self::entitlement::{OrderRules, StoredState, on_entitlement};
pub(crate) use self::order_end::left_behind;
pub use self::stock::{Stock, StockKind};
use crate::SyncOutcome;

/// What Google says about one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourceAnswer<T> {
    /// It exists and looks like this.
    Found(T),
    /// There is none; said at this moment.
    Absent(Absent, Timestamp),
}

/// Whether "there is none" can be believed. A customer must not lose their access because Google cannot find a
/// resource for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// Google did not find it this time.
    Unconfirmed,
    /// It has been absent for long, and reconciliation has confirmed that.
    Confirmed,
}

/// What follows for the record of one resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision<R> {
    /// Nothing: it is of a product that this deployment does not serve.
    Ignore,
    /// Nothing can be recorded yet: Google's answer is older than what the event announces.
    Older,
    /// Google does not find it, and that may pass. The record notes since when.
    Absent {
        /// The record to be stored; none if it notes that already.
        record: Option<R>,
        /// Whether the absence is so young that the message is better delivered again.
        is_young: bool,
    },
    /// Google does not find it, and nothing is stored of it.
    Unknown,
    Apply(Box<Effect<R>>),
}

/// One commit, and the steps after it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Effect<R> {
    /// The new record; none if the stored one is the same already.
    pub(crate) record: Option<R>,
    /// What the application is notified of.
    pub(crate) news: Vec<News>,
    /// What the journal notes.
    pub(crate) journal: Vec<JournalEntry>,
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
    /// An operator rejected the account, and Google does not say so.
    RejectAccount,
    DisableServiceAccount,
}

impl<R> Decision<R> {
    pub(crate) fn apply(effect: Effect<R>) -> Self {
        Self::Apply(Box::new(effect))
    }

    pub(crate) fn nothing() -> Self {
        Self::apply(Effect::steps(Vec::new()))
    }
}

impl<R> Effect<R> {
    pub(crate) fn steps(steps: Vec<Step>) -> Self {
        Self {
            record: None,
            news: Vec::new(),
            journal: Vec::new(),
            steps,
        }
    }

    pub(crate) fn outcome(&self) -> SyncOutcome {
        match self.record {
            Some(_) => SyncOutcome::Changed,
            None => SyncOutcome::Unchanged,
        }
    }
}
