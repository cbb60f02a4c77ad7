//! The calls of the jobs: those that a person wants to see, and what the others read on the way.

use std::collections::VecDeque;

use jiff::Timestamp;
use marketplace_simulator::Watched;
use tokio::sync::watch;

use super::Job;
use super::job_result::JobResult;

/// How many calls are kept for the page.
pub(super) const KEPT: usize = 20;
/// How many calls that found nothing to do are known: days of them.
const PASSED_OVER: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct JobCall {
    pub(in super::super) job: Job,
    /// Counts the job's calls that were kept, from 1.
    pub(in super::super) number: u64,
    /// When it was answered: in the log it follows the calls that it led to.
    pub(in super::super) time: Timestamp,
    /// None if there was no answer.
    pub(in super::super) status: Option<u16>,
    pub(in super::super) said: String,
}

/// The calls to Google with numbers above `after`, up to `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct CallRange {
    pub(in super::super) after: u64,
    pub(in super::super) until: u64,
}

#[derive(Debug, Default)]
pub(super) struct JobCalls(Watched<KnownCalls>);

#[derive(Debug, Default)]
struct KnownCalls {
    kept: VecDeque<JobCall>,
    numbers: [u64; 2],
    idle: VecDeque<CallRange>,
}

impl JobCalls {
    pub(super) fn kept(&self) -> Vec<JobCall> {
        self.0.lock().kept.iter().cloned().collect()
    }

    pub(super) fn idle_ranges(&self) -> Vec<CallRange> {
        self.0.lock().idle.iter().copied().collect()
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes()
    }

    pub(super) fn keep(&self, job: Job, time: Timestamp, answer: JobResult) {
        self.0.change(|known| {
            let [reconcile, report] = &mut known.numbers;
            let number = match job {
                Job::Reconcile => reconcile,
                Job::Report => report,
            };
            *number += 1;
            let number = *number;
            known.kept.push_back(JobCall {
                job,
                number,
                time,
                status: answer.status,
                said: answer.said,
            });
            if known.kept.len() > KEPT {
                known.kept.pop_front();
            }
        });
    }

    /// A call that found nothing to do, and what was called at Google meanwhile.
    pub(super) fn pass_over(&self, span: CallRange) {
        self.0.change(|known| {
            if span.after < span.until {
                known.idle.push_back(span);
            }
            if known.idle.len() > PASSED_OVER {
                known.idle.pop_front();
            }
        });
    }
}
