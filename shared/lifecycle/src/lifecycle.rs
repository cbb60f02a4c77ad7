//! What a synchronization works with, is asked for, and results in.

use approval::Approvals;
use jiff::Timestamp;
use marketplace::{At, ProviderId};
use outbox::Outbox;
use procurement::Procurement;
use service_accounts::ServiceAccounts;
use store::{Commit, HandledEvent, JournalEntry, Store};

use crate::{Resource, SyncError, Trigger};

/// Brings accounts and orders up to date with Google, one at a time.
#[derive(Clone)]
pub struct Lifecycle {
    pub(crate) approvals: Approvals,
    pub(crate) store: Store,
    pub(crate) procurement: Procurement,
    pub(crate) outbox: Outbox,
    pub(crate) service_accounts: ServiceAccounts,
}

/// Why and when a resource is synchronized.
#[derive(Debug, Clone, Copy)]
pub struct SyncRequest<'a> {
    /// Why.
    pub trigger: Trigger,
    /// Stored with the effect, once nothing more is to be done. Its outcome is filled in.
    pub receipt: Option<&'a HandledEvent>,
    /// An order that was in force by then, and of which nothing is stored, is stored without news: the application has
    /// it from the integration before. None: everything new is news.
    pub quiet_until: Option<Timestamp>,
    /// When, and until when.
    pub at: At,
}

/// The result of a synchronization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncOutcome {
    /// Something new was stored.
    Changed,
    /// The same was stored already.
    Unchanged,
    /// The resource is of a product that this deployment does not serve.
    OtherProduct,
    /// Google does not find it. Reconciliation goes on asking, and ends it once that is certain.
    Absent,
}

impl SyncOutcome {
    /// The name under which it is stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "stored",
            Self::Unchanged => "known-already",
            Self::OtherProduct => "foreign-product",
            Self::Absent => "absent",
        }
    }
}

impl SyncRequest<'_> {
    /// A request by reconciliation, which leaves no receipts.
    pub const fn by_reconciliation(at: At) -> Self {
        Self {
            trigger: Trigger::Reconciliation,
            receipt: None,
            quiet_until: None,
            at,
        }
    }

    /// The commit with the receipt, if there is one.
    pub(crate) fn with_receipt(&self, commit: Commit, outcome: SyncOutcome) -> Commit {
        match self.receipt {
            None => commit,
            Some(receipt) => commit.put(HandledEvent {
                outcome: outcome.as_str().to_owned(),
                ..receipt.clone()
            }),
        }
    }
}

impl Lifecycle {
    /// A lifecycle over these, in the store of the approvals.
    pub fn new(approvals: Approvals, outbox: Outbox, service_accounts: ServiceAccounts) -> Self {
        Self {
            store: approvals.store().clone(),
            procurement: approvals.procurement().clone(),
            approvals,
            outbox,
            service_accounts,
        }
    }

    /// Whose accounts and orders are looked at.
    pub(crate) fn provider(&self) -> &ProviderId {
        self.approvals.ownership().provider()
    }

    /// Connects to Google ahead of the first use.
    pub async fn warm_up(&self) {
        self.approvals.warm_up().await;
    }

    /// Asks Google for a resource and applies the answer.
    pub async fn sync(
        &self,
        resource: &Resource,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        match resource {
            Resource::Account(id) => Box::pin(self.sync_account(id, request)).await,
            Resource::Entitlement(id) => Box::pin(self.sync_entitlement(id, request)).await,
        }
    }

    pub(crate) async fn commit(&self, commit: Commit, at: At) -> Result<(), SyncError> {
        if commit.is_empty() {
            return Ok(());
        }
        Ok(self.store.commit(commit, at.deadline).await?)
    }

    pub(crate) async fn leave_receipt(
        &self,
        request: SyncRequest<'_>,
        outcome: SyncOutcome,
    ) -> Result<SyncOutcome, SyncError> {
        let receipt = request.with_receipt(Commit::new(), outcome);
        self.commit(receipt, request.at).await?;
        Ok(outcome)
    }
}

/// The commit with these lines of the journal.
pub(crate) fn with_journal(commit: Commit, journal: &[JournalEntry]) -> Commit {
    let lines = journal.iter().cloned();
    lines.fold(commit, |commit, line| line.add_to(commit, None))
}
