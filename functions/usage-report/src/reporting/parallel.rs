//! Working on several entitlements at the same time.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::{At, EntitlementId, ErrorChain};
use store::{Entitlement, Meter, StoreUnavailable, Stored, UsageReport};
use tokio::task::JoinSet;

use super::alerts::alert_if_late;
use super::one_entitlement::EntitlementReporter;
use super::summary::ReportSummary;

/// Entitlements that are worked on at the same time.
const PARALLEL: usize = 8;

/// With less time than this left, no new page of entitlements is started.
pub(super) const PAGE_RESERVE: Duration = Duration::from_millis(2_500);

/// The time that is left for the cursor and the outbox when unfinished work is given up.
const FINAL_RESERVE: Duration = Duration::from_secs(1);

pub(super) enum Task {
    Resend(EntitlementId, Vec<Stored<UsageReport>>),
    /// Close and report the hours that are over.
    Close(Box<Entitlement>, Option<Box<Stored<Meter>>>),
}

/// An entitlement of which some closed usage is not read yet.
pub(super) struct Unread {
    pub(super) entitlement: Box<Entitlement>,
    /// Everything before this was closed when the work on the entitlement began.
    pub(super) open: Option<Timestamp>,
}

#[derive(Default)]
pub(super) struct Progress {
    pub(super) summary: ReportSummary,
    pub(super) unread: Vec<Unread>,
    /// Whether there was time for every task.
    pub(super) is_complete: bool,
}

struct TaskFailed {
    entitlement: EntitlementId,
    error: StoreUnavailable,
}

/// Works on some entitlements, as far as the time allows.
pub(super) async fn run_all(worker: &EntitlementReporter, tasks: Vec<Task>, at: At) -> Progress {
    let left = at.deadline.remaining().saturating_sub(FINAL_RESERVE);
    let at = At {
        deadline: at.deadline.at_most(left),
        ..at
    };
    let mut waiting = tasks.into_iter();
    let mut under_way = JoinSet::new();
    let mut progress = Progress::default();
    loop {
        while under_way.len() < PARALLEL
            && at.deadline.remaining() >= PAGE_RESERVE / 2
            && let Some(task) = waiting.next()
        {
            let worker = worker.clone();
            under_way.spawn(async move { Box::pin(run(&worker, task, at)).await });
        }
        match under_way.join_next().await {
            Some(Ok(Ok(done))) => {
                progress.summary.add(&done.summary);
                progress.unread.extend(done.unread);
            }
            Some(Ok(Err(TaskFailed { entitlement, error }))) => {
                progress.summary.failed += 1;
                tracing::warn!(
                    entitlement_id = entitlement.as_str(),
                    error = %ErrorChain(&error),
                    "usage could not be closed or reported now"
                );
            }
            Some(Err(_)) => progress.summary.failed += 1,
            None => {
                progress.is_complete = waiting.next().is_none();
                return progress;
            }
        }
    }
}

struct TaskDone {
    summary: ReportSummary,
    unread: Option<Unread>,
}

async fn run(worker: &EntitlementReporter, task: Task, at: At) -> Result<TaskDone, TaskFailed> {
    match task {
        Task::Resend(entitlement, rows) => {
            match Box::pin(worker.resend(&entitlement, rows, at)).await {
                Ok(summary) => Ok(TaskDone {
                    summary,
                    unread: None,
                }),
                Err(error) => Err(TaskFailed { entitlement, error }),
            }
        }
        Task::Close(entitlement, meter) => {
            let open = meter.as_ref().map(|meter| meter.record.open);
            match Box::pin(worker.close_and_report(&entitlement, meter.map(|meter| *meter), at))
                .await
            {
                Ok(done) => Ok(TaskDone {
                    summary: done.summary,
                    unread: done.is_reading.then_some(Unread { entitlement, open }),
                }),
                Err(error) => {
                    alert_if_late(&entitlement.id, open, at.now);
                    let entitlement = entitlement.id;
                    Err(TaskFailed { entitlement, error })
                }
            }
        }
    }
}
