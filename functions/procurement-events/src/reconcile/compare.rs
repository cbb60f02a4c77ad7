//! Compares the resources of a page with Google, some at a time.

use std::fmt;

use approval::GoogleOrder;
use lifecycle::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};
use marketplace::{At, ErrorChain, ProcurementAccountId};
use tokio::task::JoinSet;

use super::RESERVE;

/// Resources compared at the same time.
const PARALLEL: usize = 8;

pub(super) enum Compare {
    /// One that Google is asked for.
    Stored(Resource),
    /// An account as Google listed it.
    ListedAccount(Box<procurement::Account>),
    /// An order as Google listed it.
    ListedOrder(Box<GoogleOrder>),
    /// An account that is deleted; something of it may be left to erase.
    DeletedAccount(ProcurementAccountId),
    /// What Google did not find before, by its name.
    Absence(String),
}

/// What comparing the resources of one page came to.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) checked: usize,
    pub(super) repaired: usize,
    pub(super) failed: usize,
    /// Whether there was time for all of them.
    pub(super) is_complete: bool,
}

/// Compares resources until all are compared or the time is used up.
pub(super) async fn compare_all(
    lifecycle: &Lifecycle,
    resources: Vec<Compare>,
    at: At,
) -> Compared {
    let mut compared = Compared::default();
    let mut waiting = resources.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < PARALLEL
            && at.deadline.remaining() >= RESERVE / 2
            && let Some(resource) = waiting.next()
        {
            let lifecycle = lifecycle.clone();
            running.spawn(async move { Box::pin(compare(&lifecycle, resource, at)).await });
        }
        let Some(done) = running.join_next().await else {
            compared.is_complete = waiting.next().is_none();
            return compared;
        };
        compared.checked += 1;
        match done {
            Ok(Ok(SyncOutcome::Changed)) => compared.repaired += 1,
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => compared.failed += 1,
        }
    }
}

async fn compare(
    lifecycle: &Lifecycle,
    resource: Compare,
    at: At,
) -> Result<SyncOutcome, SyncError> {
    let name = resource.to_string();
    let request = SyncRequest::by_reconciliation(at);
    let outcome = match resource {
        Compare::Stored(resource) => lifecycle.sync(&resource, request).await,
        Compare::ListedAccount(account) => lifecycle.sync_listed_account(*account, request).await,
        Compare::ListedOrder(order) => lifecycle.sync_listed_order(*order, request).await,
        Compare::DeletedAccount(id) => {
            let erased = lifecycle.erase_account(&id, at).await;
            erased.map(|()| SyncOutcome::Unchanged)
        }
        Compare::Absence(resource) => lifecycle.recheck_absence(&resource, at).await,
    };
    match &outcome {
        Ok(SyncOutcome::Changed) => tracing::info!(resource = name, "reconciliation repaired"),
        Ok(_) => {}
        Err(error) => tracing::warn!(
            resource = name,
            error = %ErrorChain(error),
            "reconciliation could not repair"
        ),
    }
    outcome
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored(resource) => resource.fmt(f),
            Self::ListedAccount(account) => Resource::Account(account.id.clone()).fmt(f),
            Self::ListedOrder(order) => Resource::Entitlement(order.record.id.clone()).fmt(f),
            Self::DeletedAccount(id) => Resource::Account(id.clone()).fmt(f),
            Self::Absence(resource) => f.write_str(resource),
        }
    }
}
