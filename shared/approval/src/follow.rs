//! Keeps the store in step with what Google says, one resource at a time.
//!
//! Google is asked, a pure decision says what follows, one commit stores it, and then is done what
//! remains to be done. Whatever is cut off is done by the next look at the same resource.

pub(crate) mod absence;
mod account;
mod entitlement;
mod erase;
mod error;
mod steps;

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use procurement::{Procurement, ProcurementError};
use store::{Commit, CommitError, HandledEvent, Store};

pub use self::error::FollowError;
use crate::decide::{Absence, Answer};
use crate::{Approvals, Occasion, Outbox, ServiceAccounts};
use marketplace::At;

/// Follows Google: looks at a resource, stores what it is now and does what that asks for.
#[derive(Clone)]
pub struct Follower {
    pub(crate) approvals: Approvals,
    pub(crate) store: Store,
    pub(crate) procurement: Procurement,
    pub(crate) outbox: Outbox,
    pub(crate) service_accounts: ServiceAccounts,
}

/// What came of a look at a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// Something new was stored.
    Changed,
    /// The store knew it already.
    Unchanged,
    /// It is of a product that this deployment does not serve.
    Foreign,
}

/// Why a resource is looked at, and what remembers that it was.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// Why.
    pub occasion: Occasion,
    /// Stored with the effect, once nothing more is to be done; its outcome is filled in.
    pub receipt: Option<&'a HandledEvent>,
}

impl Followed {
    /// The name under which it is stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "stored",
            Self::Unchanged => "known-already",
            Self::Foreign => "foreign-product",
        }
    }
}

impl Visit<'_> {
    /// For reconciliation, which leaves no receipts.
    pub(crate) const RECONCILIATION: Self = Self {
        occasion: Occasion::Reconciliation,
        receipt: None,
    };

    /// The commit with the receipt, if there is one.
    fn receipted(&self, commit: Commit, followed: Followed) -> Commit {
        match self.receipt {
            None => commit,
            Some(receipt) => commit.put(HandledEvent {
                outcome: followed.as_str().to_owned(),
                ..receipt.clone()
            }),
        }
    }
}

impl Follower {
    /// A follower that uses these.
    pub fn new(approvals: Approvals, outbox: Outbox, service_accounts: ServiceAccounts) -> Self {
        Self {
            store: approvals.store().clone(),
            procurement: approvals.procurement().clone(),
            approvals,
            outbox,
            service_accounts,
        }
    }

    /// Connects to Google ahead of the first use.
    pub async fn warm_up(&self) {
        self.approvals.warm_up().await;
    }

    /// Does something that others may get in the way of, until they do not.
    async fn until_uncontended<T, F>(&self, mut act: impl FnMut() -> F) -> Result<T, FollowError>
    where
        F: Future<Output = Result<T, FollowError>>,
    {
        let mut pauses = pauses();
        loop {
            match act().await {
                Err(FollowError::Contended) => match pauses.next() {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(FollowError::Contended),
                },
                done => return done,
            }
        }
    }

    async fn commit(&self, commit: Commit, at: At) -> Result<(), FollowError> {
        if commit.is_empty() {
            return Ok(());
        }
        match self.store.commit(commit, at.deadline).await {
            Ok(()) => Ok(()),
            Err(CommitError::Conflict) => Err(FollowError::Contended),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    /// The commit that ends a look at a resource after its steps.
    async fn leave_receipt(
        &self,
        visit: Visit<'_>,
        followed: Followed,
        at: At,
    ) -> Result<Followed, FollowError> {
        let commit = visit.receipted(Commit::new(), followed);
        self.commit(commit, at).await?;
        Ok(followed)
    }

    /// Google's answer to "is there such a resource?".
    async fn answer<T>(
        &self,
        fetched: Result<T, ProcurementError>,
        resource: &str,
        at: At,
    ) -> Result<Answer<T>, FollowError> {
        match fetched {
            Ok(found) => Ok(Answer::Found(found)),
            Err(ProcurementError::NotFound(_)) => {
                let confirmed = self.is_confirmed_absent(resource, at).await?;
                let absence = if confirmed {
                    Absence::Confirmed
                } else {
                    Absence::Unconfirmed
                };
                Ok(Answer::Absent(absence, at.now))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Of many who change one account at once each gets its turn within a second or so.
fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_millis(200))
        .with_max_times(12)
        .with_jitter()
        .build()
}
