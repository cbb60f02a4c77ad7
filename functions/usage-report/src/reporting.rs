//! Reporting usage to Google. One call first sends again the rows that are pending, then goes on with
//! the round over all entitlements, as long as its time allows.
//!
//! ```text
//! pending_rows, entitlement_pages   a page of work
//!   → parallel                      several entitlements at a time
//!     → one_entitlement             the steps for one of them:
//!         reopen                    an order that had ended is in force again
//!         close_hours               no record joins these hours any more
//!         read_usage                their records, added up
//!           → ledger_rows           what is to be reported of each hour
//!           → write_rows            stored before Google hears of it
//!         claim_rows                pending rows that this call may send again
//!         send_rows                 to Google
//!           → check_customer        may the customer be served?
//! ```
//!
//! Why a bill is right even if calls overlap or end at any point:
//!
//! - A window is closed by one commit. Its operations follow from what is stored and nothing else.
//! - Closed usage is read in as many parts and calls as it takes. Each part demands the meter unchanged
//!   and adds to exact sums, so the operations are the same as if all were read at once.
//! - Of several calls that close the same window, each sends the rows that it has written itself.
//! - A row that was written or tried a moment ago is left to the call that did it. Any other row is
//!   claimed by a commit before it is sent again.

mod alerts;
mod check_customer;
mod claim_rows;
mod close_hours;
mod entitlement_pages;
mod job_cursor;
mod ledger_rows;
mod one_entitlement;
mod parallel;
mod pending_rows;
mod read_usage;
mod send_rows;
mod summary;
mod write_rows;

use marketplace::{At, Products, ProviderId};
use metering::{Metrics, Services, UserLabels};
use outbox::Notify;
use store::{Commit, CommitError, Store, StoreUnavailable};

use self::one_entitlement::EntitlementReporter;
pub use self::summary::ReportSummary;
use crate::config::ZeroUsage;
use crate::service_control::ServiceControl;

/// The part of the configuration that decides what is reported.
#[derive(Debug, Clone)]
pub(crate) struct ReportRules {
    /// Orders of another provider are not looked at.
    pub(crate) provider: ProviderId,
    pub(crate) products: Products,
    pub(crate) services: Services,
    pub(crate) metrics: Metrics,
    pub(crate) zero: ZeroUsage,
    pub(crate) labels: UserLabels,
    pub(crate) notify: Notify,
}

/// Reports the usage of all entitlements.
pub(crate) struct Reporter {
    store: Store,
    worker: EntitlementReporter,
}

impl Reporter {
    pub(crate) fn new(store: Store, control: ServiceControl, rules: ReportRules) -> Self {
        let worker = EntitlementReporter::new(store.clone(), control, rules);
        Self { store, worker }
    }

    /// Does as much of the work as there is time for. The next call goes on from there.
    pub(crate) async fn report(&self, at: At) -> Result<ReportSummary, StoreUnavailable> {
        let (pending, entitlements) = tokio::try_join!(
            self.store.cursor(pending_rows::JOB, at.deadline),
            self.store.cursor(entitlement_pages::JOB, at.deadline),
        )?;
        let sent = Box::pin(pending_rows::send_all(&self.worker, pending, at)).await?;
        let closed = entitlement_pages::close_all(&self.worker, entitlements, at);
        let closed = Box::pin(closed).await?;
        for unread in &closed.unread {
            alerts::alert_if_late(&unread.entitlement.id, unread.open, at.now);
        }
        let mut summary = sent.summary;
        summary.add(&closed.summary);
        alerts::warn_of_orders_without_service(summary.without_service);
        summary.reading = closed.unread.len();
        summary.finished = sent.is_complete && closed.is_complete && closed.unread.is_empty();
        Ok(summary)
    }
}

/// Whether the commit was applied. It was not if another call changed one of its documents first.
async fn try_commit(store: &Store, commit: Commit, at: At) -> Result<bool, StoreUnavailable> {
    match store.commit(commit, at.deadline).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict) => Ok(false),
        Err(CommitError::Unavailable(error)) => Err(error),
    }
}
