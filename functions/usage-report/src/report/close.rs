//! Closing windows: no record joins them any more, and their rows are written.

use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use metering::{Span, hour_of};
use store::{
    Closing, Commit, CommitError, Entitlement, Meter, ReportState, StoreUnavailable, Stored,
    UsageHours, UsageReport, WindowGate,
};

use super::reading::Read;
use super::rows::ClosedSpan;
use super::{Reported, Reporter};
use crate::config::ZeroUsage;
use crate::decide::ended;

/// Rows written in one commit.
const ROWS: usize = 400;

/// How long what was not used may stay open. It costs no report, but late usage would go into
/// windows that are long past.
const LONGEST_OPEN: SignedDuration = SignedDuration::from_hours(24);

/// How much is closed at once where zeros are reported: each hour has a row for each metric.
const LONGEST_WITH_ZEROS: SignedDuration = SignedDuration::from_hours(48);

/// How often closing begins anew because somebody else was first.
const ATTEMPTS: usize = 4;

/// What closing has come to.
#[derive(Debug, Default)]
pub(super) struct Closings {
    /// The ids of the rows that this very call has made and is to send.
    pub(super) rows: Vec<String>,
    /// Whether a span is closed whose records are not all read.
    pub(super) is_reading: bool,
}

impl Reporter {
    /// Closes what there is to close, and reads on where that takes several calls.
    pub(super) async fn close(
        &self,
        entitlement: &Entitlement,
        meter: Meter,
        done: &mut Reported,
        at: At,
    ) -> Result<Closings, StoreUnavailable> {
        let mut made = Closings::default();
        if meter.closing.is_none() && !self.is_due(entitlement, &meter, at).await? {
            return Ok(made);
        }
        let mut is_new = false;
        for _ in 0..ATTEMPTS {
            let found = self
                .store
                .meter_and_gates(&entitlement.id, at.deadline)
                .await?;
            let Some((meter, gates)) = found else {
                break;
            };
            if let Some(closing) = &meter.record.closing {
                let span = ClosedSpan {
                    entitlement,
                    meter: &meter,
                    closing,
                    now: at.now,
                };
                let kept = if is_new {
                    None
                } else {
                    self.store
                        .reading_progress(&entitlement.id, at.deadline)
                        .await?
                };
                let read = self.read(&span, kept, (&mut made.rows, done), at);
                made.is_reading = read.await? == Read::InPart;
                if made.is_reading {
                    break;
                }
                is_new = false;
                continue;
            }
            let Some(closing) = self.next_closing(entitlement, &meter.record, at) else {
                break;
            };
            let begun = self.begin_closing(entitlement, (&meter, &gates), closing, at);
            is_new = begun.await?;
            done.closed += usize::from(is_new);
        }
        Ok(made)
    }

    /// Whether a window is to be closed. One without usage is left open for a while: that costs a
    /// single read.
    async fn is_due(
        &self,
        entitlement: &Entitlement,
        meter: &Meter,
        at: At,
    ) -> Result<bool, StoreUnavailable> {
        let Some(closing) = self.next_closing(entitlement, meter, at) else {
            return Ok(false);
        };
        let is_last = has_ended(entitlement, at.now).is_some();
        let is_long = closing.until.duration_since(closing.from) >= LONGEST_OPEN;
        if is_last || is_long || !closing.zero.is_empty() {
            return Ok(true);
        }
        let hours = UsageHours {
            from: hour_of(closing.from),
            before: Some(closing.until),
            after: None,
            limit: 1,
        };
        let found = self
            .store
            .usage_between(&entitlement.id, hours, at.deadline);
        Ok(!found.await?.is_empty())
    }

    /// What is to be closed next: up to the last full hour, or up to the end of the entitlement.
    fn next_closing(&self, entitlement: &Entitlement, meter: &Meter, at: At) -> Option<Closing> {
        if meter.ended.is_some() {
            return None;
        }
        let zero = self.zero(entitlement);
        let from = meter.open;
        let until = match has_ended(entitlement, at.now) {
            // What was closed before the end was known stays closed.
            Some(end) => end.max(from),
            None => Span::to_close(from, None, at.now)?.end(),
        };
        let longest = hour_of(from).saturating_add(LONGEST_WITH_ZEROS);
        let longest = longest.unwrap_or(Timestamp::MAX);
        Some(Closing {
            from,
            until: if zero.is_empty() {
                until
            } else {
                until.min(longest)
            },
            labels: self.terms.labels,
            zero,
        })
    }

    fn zero(&self, entitlement: &Entitlement) -> Vec<metering::Metric> {
        match (self.terms.zero, &entitlement.plan) {
            (ZeroUsage::Report, Some(plan)) => self.terms.metrics.of_plan(plan).cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// Closes a span for good: no record joins it after this commit. Whether it was this one.
    async fn begin_closing(
        &self,
        entitlement: &Entitlement,
        (meter, gates): (&Stored<Meter>, &[Stored<WindowGate>]),
        closing: Closing,
        at: At,
    ) -> Result<bool, StoreUnavailable> {
        let end = has_ended(entitlement, at.now);
        let ended = end.is_some_and(|end| closing.until >= end);
        let ended = ended.then_some(closing.until);
        let open = closing.until;
        let closed = Meter {
            open,
            ended,
            closing: Some(closing),
            updated: at.now,
            ..meter.record.clone()
        };
        let commit = Commit::new().replace(&closed, &meter.version);
        let commit = gates.iter().fold(commit, |commit, gate| {
            let moved = WindowGate {
                open,
                ended,
                ..gate.record.clone()
            };
            commit.replace(&moved, &gate.version)
        });
        self.passes(commit, at).await
    }

    /// Writes rows, as far as they are not there, and what comes with the last of them. Whoever
    /// writes a row sends it. Not if somebody else was first.
    pub(super) async fn write_rows(
        &self,
        rows: Vec<UsageReport>,
        mut last: Option<Commit>,
        (mine, done): (&mut Vec<String>, &mut Reported),
        at: At,
    ) -> Result<bool, StoreUnavailable> {
        let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
        let written = self.store.reports(&ids, at.deadline).await?;
        let pairs = rows.into_iter().zip(written);
        // What a crash left is sent again when its claim is over.
        let missing = pairs.filter_map(|(row, written)| written.is_none().then_some(row));
        let missing: Vec<_> = missing.collect();
        let mut chunks = missing.chunks(ROWS).peekable();
        while chunks.peek().is_some() || last.is_some() {
            let chunk = chunks.next().unwrap_or_default();
            let with = if chunks.peek().is_none() {
                last.take()
            } else {
                None
            };
            let commit = with.unwrap_or_default();
            let commit = chunk.iter().fold(commit, Commit::create);
            if !self.passes(commit, at).await? {
                return Ok(false);
            }
            for row in chunk {
                if row.state == ReportState::Held {
                    done.held += 1;
                    log_held(row);
                } else {
                    mine.push(row.id.clone());
                }
            }
        }
        Ok(true)
    }

    /// Whether a commit passed; not if somebody else was first.
    pub(super) async fn passes(&self, commit: Commit, at: At) -> Result<bool, StoreUnavailable> {
        match self.store.commit(commit, at.deadline).await {
            Ok(()) => Ok(true),
            Err(CommitError::Conflict) => Ok(false),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}

/// When the entitlement ended, if that is over by our clock too.
fn has_ended(entitlement: &Entitlement, now: Timestamp) -> Option<Timestamp> {
    ended(entitlement).filter(|end| *end <= now)
}

fn log_held(row: &UsageReport) {
    tracing::error!(
        alert = "usage-report-held",
        entitlement_id = row.entitlement.as_str(),
        operation_id = row.id,
        metric = row.metric.as_str(),
        reason = row.reason,
        "usage is held and not reported"
    );
}
