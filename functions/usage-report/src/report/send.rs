//! Telling Google.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use metering::Verdict;
use store::{Commit, Entitlement, ReportState, StoreUnavailable, Stored, UsageReport};

use super::{Reported, Reporter};
use crate::service_control::Sent;

/// What is left of a call's time when nothing more is sent: the outcome must be stored too.
const RESERVE: Duration = Duration::from_millis(1_200);

/// What Google may not use up of a call's time: an answer whose outcome cannot be stored is lost.
const KEEPING: Duration = Duration::from_millis(600);

/// How long a row may be pending before somebody should look.
const LONG: SignedDuration = SignedDuration::from_hours(2);

/// How often the outcome of a call is stored against others.
const ATTEMPTS: usize = 3;

impl Reporter {
    /// Makes rows ours that are to be sent again: who loses leaves them alone. Rows whose consumer
    /// was not known get it now, for good.
    pub(super) async fn claim(
        &self,
        entitlement: &Entitlement,
        rows: Vec<Stored<UsageReport>>,
        done: &mut Reported,
        at: At,
    ) -> Result<Vec<Stored<UsageReport>>, StoreUnavailable> {
        let mut claimed = Vec::new();
        for row in rows {
            let reporting_id = entitlement.usage_reporting_id.as_ref();
            if row.record.consumer.as_ref().or(reporting_id).is_none() {
                done.waiting += 1;
                log_if_long(&row.record, at.now);
                continue;
            }
            let mut mine = row.record;
            mine.consumer = mine.consumer.or_else(|| reporting_id.cloned());
            mine.updated = later(mine.updated, at.now);
            let id = mine.id.clone();
            let commit = Commit::new().replace(&mine, &row.version);
            if self.passes(commit, at).await? {
                claimed.push(id);
            }
        }
        let rows = self.store.reports(&claimed, at.deadline).await?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Checks the customer once and reports rows that are ours, one call for each.
    pub(super) async fn send(
        &self,
        entitlement: &Entitlement,
        rows: Vec<Stored<UsageReport>>,
        done: &mut Reported,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        let is_pending = |row: &Stored<UsageReport>| row.record.state == ReportState::Pending;
        let rows: Vec<_> = rows.into_iter().filter(is_pending).collect();
        let first = rows.iter().find_map(|row| {
            let consumer = row.record.consumer.as_deref()?;
            Some((&row.record, consumer))
        });
        if let Some((row, consumer)) = first
            && at.deadline.remaining() >= RESERVE
        {
            let window = (row.start, row.end);
            let checked = self.control.check((&row.id, consumer), window, at.deadline);
            let checked = checked.await;
            self.heed(entitlement, checked, at).await?;
        }
        for row in rows {
            let Some((consumer, value)) = row.record.consumer.clone().zip(row.record.value) else {
                done.waiting += 1;
                log_if_long(&row.record, at.now);
                continue;
            };
            if at.deadline.remaining() < RESERVE {
                done.pending += 1;
                log_if_long(&row.record, at.now);
                continue;
            }
            let told = (consumer.as_str(), value);
            let left = at.deadline.remaining().saturating_sub(KEEPING);
            let until = at.deadline.at_most(left);
            let sent = self.control.report(&row.record, told, until).await;
            self.keep_outcome(row, &sent, done, at).await?;
        }
        Ok(())
    }

    /// Stores what became of a row. What is definite stays; what is not known changes nothing
    /// definite.
    async fn keep_outcome(
        &self,
        row: Stored<UsageReport>,
        sent: &Sent,
        done: &mut Reported,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        let mut row = row;
        for _ in 0..ATTEMPTS {
            let outcome = UsageReport {
                state: match sent.verdict {
                    Verdict::Reported => ReportState::Reported,
                    Verdict::Refused => ReportState::Refused,
                    Verdict::Unknown => ReportState::Pending,
                },
                reason: sent.reason.clone(),
                attempts: row.record.attempts.saturating_add(1),
                updated: later(row.record.updated, at.now),
                ..row.record.clone()
            };
            let commit = Commit::new().replace(&outcome, &row.version);
            if self.passes(commit, at).await? {
                done.count(&outcome, at.now);
                return Ok(());
            }
            let id = [row.record.id.clone()];
            let found = self.store.reports(&id, at.deadline).await?;
            match found.into_iter().flatten().next() {
                Some(found) if overrides(sent.verdict.clone(), found.record.state) => row = found,
                _ => return Ok(()),
            }
        }
        // It stays pending, and is sent again with the same id.
        done.pending += 1;
        Ok(())
    }
}

impl Reported {
    fn count(&mut self, row: &UsageReport, now: Timestamp) {
        match row.state {
            ReportState::Reported => self.reported += 1,
            ReportState::Held => self.held += 1,
            ReportState::Pending => {
                self.pending += 1;
                log_if_long(row, now);
            }
            ReportState::Refused => {
                self.refused += 1;
                tracing::error!(
                    alert = "usage-report-refused",
                    entitlement_id = row.entitlement.as_str(),
                    operation_id = row.id,
                    metric = row.metric.as_str(),
                    reason = row.reason,
                    "Google refused a report of usage"
                );
            }
        }
    }
}

/// Whether an outcome is worth more than what somebody else has stored.
fn overrides(verdict: Verdict, stored: ReportState) -> bool {
    match (verdict, stored) {
        (Verdict::Unknown, _) | (_, ReportState::Reported) => false,
        (Verdict::Refused, state) => state == ReportState::Pending,
        (Verdict::Reported, _) => true,
    }
}

/// A new moment for each claim, also by a clock that stands still or stepped back: what changes
/// nothing would have no new version, and two could claim the same.
fn later(before: Timestamp, now: Timestamp) -> Timestamp {
    let next = before.saturating_add(SignedDuration::from_micros(1));
    next.unwrap_or(now).max(now)
}

pub(super) fn log_if_long(row: &UsageReport, now: Timestamp) {
    if now.duration_since(row.created) <= LONG {
        return;
    }
    tracing::error!(
        alert = "usage-report-pending",
        entitlement_id = row.entitlement.as_str(),
        operation_id = row.id,
        metric = row.metric.as_str(),
        attempts = row.attempts,
        reason = row
            .reason
            .as_deref()
            .unwrap_or("it waits for the usageReportingId"),
        "a report of usage has been pending for more than two hours"
    );
}
