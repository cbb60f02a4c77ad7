//! Compares the resources of a page with Google, some at a time.

use std::fmt;

use approval::GoogleOrder;
use jiff::{SignedDuration, Timestamp};
use lifecycle::{Confirmation, Lifecycle, Resource, Stock, SyncError, SyncOutcome, SyncRequest};
use marketplace::{At, ErrorChain, ProcurementAccountId};
use store::{Absence, HandledEvent};
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
    /// One that Google has not found for long.
    Absent(Resource, Absence),
    /// A closed account whose personal data is due to be erased.
    Erase(ProcurementAccountId),
    /// Something that Google did not find, and of which nothing is stored.
    Unknown(Box<HandledEvent>),
}

/// What comparing needs beside the resources.
#[derive(Clone)]
pub(super) struct Comparing {
    pub(super) lifecycle: Lifecycle,
    pub(super) erase_after: SignedDuration,
    /// Orders that were in force by then and are new here are no news; none if every order is.
    pub(super) quiet_until: Option<Timestamp>,
    /// The last whole count of what is stored.
    pub(super) counted: Option<Stock>,
    pub(super) at: At,
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
pub(super) async fn compare_all(comparing: &Comparing, resources: Vec<Compare>) -> Compared {
    let at = comparing.at;
    let mut compared = Compared::default();
    let mut waiting = resources.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < PARALLEL
            && at.deadline.remaining() >= RESERVE / 2
            && let Some(resource) = waiting.next()
        {
            let comparing = comparing.clone();
            running.spawn(async move { Box::pin(compare(&comparing, resource)).await });
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

async fn compare(comparing: &Comparing, resource: Compare) -> Result<SyncOutcome, SyncError> {
    let Comparing {
        lifecycle,
        erase_after,
        quiet_until,
        at,
        ..
    } = comparing;
    let name = resource.to_string();
    let request = SyncRequest {
        quiet_until: *quiet_until,
        ..SyncRequest::by_reconciliation(*at)
    };
    let outcome = match resource {
        Compare::Stored(resource) => lifecycle.sync(&resource, request).await,
        Compare::ListedAccount(account) => lifecycle.sync_listed_account(*account, request).await,
        Compare::ListedOrder(order) => lifecycle.sync_listed_order(*order, request).await,
        Compare::Absent(resource, absence) => confirm(comparing, &resource, absence).await,
        Compare::Erase(id) => Box::pin(lifecycle.erase_account(&id, *erase_after, *at)).await,
        Compare::Unknown(noted) => lifecycle.ask_again(&noted, *at).await,
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

/// Nothing that keeps an absence from being believed is passed over in silence: somebody waits for an operator.
async fn confirm(
    comparing: &Comparing,
    resource: &Resource,
    absence: Absence,
) -> Result<SyncOutcome, SyncError> {
    let Comparing {
        lifecycle,
        counted,
        at,
        ..
    } = comparing;
    let confirmed = lifecycle.confirm_absence(resource, absence, *counted, *at);
    let confirmation = confirmed.await?;
    match confirmation {
        Confirmation::Found | Confirmation::Confirmed => Ok(SyncOutcome::Changed),
        Confirmation::NotCounted => Ok(SyncOutcome::Absent),
        Confirmation::Young => {
            tracing::warn!(
                resource = %resource,
                since = %absence.since,
                now = %at.now,
                "an absence is older by this instance's clock than by the store's: nothing is ended by it"
            );
            Ok(SyncOutcome::Absent)
        }
        Confirmation::Braked(_) | Confirmation::NoControl => {
            let figures = counted.unwrap_or_default().tally();
            tracing::error!(
                alert = "absence-brake",
                resource = %resource,
                reason = confirmation.as_str(),
                absent_accounts = figures.absent_accounts,
                accounts = figures.accounts,
                absent_orders = figures.absent_orders,
                orders = figures.orders,
                unreadable_accounts = figures.unreadable_accounts,
                unreadable_orders = figures.unreadable_orders,
                "Google has not found a resource for long, and an operator has to say whether it is gone: \
                 `operator absences`"
            );
            Ok(SyncOutcome::Absent)
        }
    }
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored(resource) | Self::Absent(resource, _) => resource.fmt(f),
            Self::ListedAccount(account) => Resource::Account(account.id.clone()).fmt(f),
            Self::ListedOrder(order) => Resource::Entitlement(order.record.id.clone()).fmt(f),
            Self::Erase(id) => Resource::Account(id.clone()).fmt(f),
            Self::Unknown(noted) => f.write_str(noted.resource.as_deref().unwrap_or_default()),
        }
    }
}
