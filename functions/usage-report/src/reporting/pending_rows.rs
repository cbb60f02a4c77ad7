//! Sending pending rows again, a page at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use marketplace::At;
use store::{Cursor, ReportState, StoreUnavailable, Stored};

use super::claim_rows::is_claimed;
use super::job_cursor::{JobCursor, JobPage};
use super::one_entitlement::EntitlementReporter;
use super::parallel::{Progress, Task, run_all};

/// The name of this job's cursor.
pub(super) const JOB: &str = "usage-report-pending";

/// With less time than this left, pending rows wait for the next call, so that windows are closed
/// even while Google does not answer.
const RESERVE_FOR_CLOSING: Duration = Duration::from_secs(5);

const PAGE: usize = 64;

/// Sends again what is pending. It is complete if every pending row was tried.
pub(super) async fn send_all(
    worker: &EntitlementReporter,
    stored: Option<Stored<Cursor>>,
    at: At,
) -> Result<Progress, StoreUnavailable> {
    let was_under_way = stored.is_some();
    let mut cursor = JobCursor::new(JOB, stored, at.now);
    let mut progress = Progress::default();
    while at.deadline.remaining() >= RESERVE_FOR_CLOSING {
        let page = send_page(worker, cursor.after.as_deref(), at).await?;
        progress.summary.add(&page.progress.summary);
        cursor.after = page.last;
        if cursor.after.is_none() {
            if was_under_way {
                cursor.remove(&worker.store, at).await?;
            }
            progress.is_complete = true;
            return Ok(progress);
        }
    }
    cursor.save(&worker.store, at).await?;
    Ok(progress)
}

/// Sends a page of pending rows again. A row that is not sent now stays pending.
async fn send_page(
    worker: &EntitlementReporter,
    after: Option<&str>,
    at: At,
) -> Result<JobPage, StoreUnavailable> {
    let state = ReportState::Pending;
    let page = worker
        .store
        .walk_reports_with_state(state, after, PAGE, at.deadline);
    let page = page.await?;
    let last = page.next;
    let mut by_entitlement: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in page.records {
        if !is_claimed(&row.record, at.now) {
            let entitlement = row.record.entitlement.clone();
            by_entitlement.entry(entitlement).or_default().push(row);
        }
    }
    let tasks = by_entitlement.into_iter();
    let tasks = tasks.map(|(entitlement, rows)| Task::Resend(entitlement, rows));
    let mut progress = run_all(worker, tasks.collect(), at).await;
    progress.summary.failed += page.unreadable;
    Ok(JobPage { progress, last })
}
