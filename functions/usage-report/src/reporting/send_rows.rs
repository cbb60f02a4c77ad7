//! Sending rows of the ledger to Google.

use std::time::Duration;

use marketplace::{At, ErrorChain};
use metering::ReportOutcome;
use store::{Commit, Entitlement, ReportState, Store, StoreUnavailable, Stored, UsageReport};

use super::alerts::{alert_if_long_pending, alert_if_long_without_service, alert_refused};
use super::check_customer::CustomerCheck;
use super::claim_rows::later;
use super::summary::ReportSummary;
use super::try_commit;
use crate::service_control::{OperationHead, ReportAnswer, ServiceControl};

/// With less time than this left, nothing more is sent: the outcome must be stored too.
const SEND_RESERVE: Duration = Duration::from_millis(1_200);

/// The time that Google's answer must leave. An answer whose outcome cannot be stored is lost.
const STORE_RESERVE: Duration = Duration::from_millis(600);

/// How often the outcome of a call is stored if others change the row at the same time.
const ATTEMPTS: usize = 3;

/// Sends the rows of one entitlement at a time.
#[derive(Clone)]
pub(super) struct RowSender {
    store: Store,
    control: ServiceControl,
    check: CustomerCheck,
}

impl RowSender {
    pub(super) fn new(store: Store, control: ServiceControl, check: CustomerCheck) -> Self {
        Self {
            store,
            control,
            check,
        }
    }

    /// Checks the customer once, and reports rows that belong to this call, one call for each.
    pub(super) async fn send(
        &self,
        entitlement: &Entitlement,
        rows: Vec<Stored<UsageReport>>,
        at: At,
    ) -> Result<ReportSummary, StoreUnavailable> {
        let is_pending = |row: &Stored<UsageReport>| row.record.state == ReportState::Pending;
        let rows: Vec<_> = rows.into_iter().filter(is_pending).collect();
        let Some(service) = self.control.service_of(&entitlement.product) else {
            return Ok(waiting_for_service(&rows, at));
        };
        self.check_customer(entitlement, &rows, at).await;
        let mut summary = ReportSummary::default();
        for row in rows {
            let head = OperationHead::of(&row.record);
            let Some((head, value)) = head.zip(row.record.value) else {
                summary.waiting += 1;
                alert_if_long_pending(&row.record, at.now);
                continue;
            };
            if at.deadline.remaining() < SEND_RESERVE {
                summary.pending += 1;
                alert_if_long_pending(&row.record, at.now);
                continue;
            }
            let left = at.deadline.remaining().saturating_sub(STORE_RESERVE);
            let until = at.deadline.at_most(left);
            let answer = self
                .control
                .report(service, &row.record, head, value, until);
            let answer = answer.await;
            if let Some(state) = self.store_outcome(row, &answer, at).await? {
                summary.count(state);
            }
        }
        Ok(summary)
    }

    /// Asks whether the customer may be served, by a row of their present consumer: what Google says of an earlier one
    /// says nothing of them. Usage is reported even if the check fails.
    async fn check_customer(
        &self,
        entitlement: &Entitlement,
        rows: &[Stored<UsageReport>],
        at: At,
    ) {
        let is_current = |row: &&Stored<UsageReport>| {
            row.record.consumer.is_some() && row.record.consumer == entitlement.usage_reporting_id
        };
        let current = rows.iter().filter(is_current);
        let first = current
            .into_iter()
            .find_map(|row| OperationHead::of(&row.record));
        let Some(first) = first.filter(|_| at.deadline.remaining() >= SEND_RESERVE) else {
            return;
        };
        if let Err(error) = self.check.check(entitlement, first, at).await {
            tracing::warn!(
                entitlement_id = entitlement.id.as_str(),
                error = %ErrorChain(&error),
                "whether a customer may be served could not be stored now"
            );
        }
    }

    /// Stores the outcome of a report. A definite outcome is final; an unknown one never replaces it.
    /// Returns the state that this call has brought the row to; none if another call's outcome stands.
    async fn store_outcome(
        &self,
        row: Stored<UsageReport>,
        answer: &ReportAnswer,
        at: At,
    ) -> Result<Option<ReportState>, StoreUnavailable> {
        let mut row = row;
        for _ in 0..ATTEMPTS {
            let outcome = UsageReport {
                state: state_of(answer.outcome),
                reason: answer.reason.clone(),
                attempts: row.record.attempts.saturating_add(1),
                updated: later(row.record.updated, at.now),
                ..row.record.clone()
            };
            let commit = Commit::new().replace(&outcome, &row.version);
            if try_commit(&self.store, commit, at).await? {
                match outcome.state {
                    ReportState::Pending => alert_if_long_pending(&outcome, at.now),
                    ReportState::Refused => alert_refused(&outcome),
                    ReportState::Reported | ReportState::Held => {}
                }
                return Ok(Some(outcome.state));
            }
            let id = [row.record.id.clone()];
            let found = self.store.reports(&id, at.deadline).await?;
            match found.into_iter().flatten().next() {
                Some(found) if replaces(answer.outcome, found.record.state) => row = found,
                _ => return Ok(None),
            }
        }
        // It stays pending, and is sent again with the same id.
        Ok(Some(ReportState::Pending))
    }
}

/// Rows of a product without a service are never reported at another's.
pub(super) fn waiting_for_service(rows: &[Stored<UsageReport>], at: At) -> ReportSummary {
    for row in rows {
        alert_if_long_without_service(&row.record, at.now);
    }
    ReportSummary {
        waiting: rows.len(),
        ..ReportSummary::default()
    }
}

fn state_of(outcome: ReportOutcome) -> ReportState {
    match outcome {
        ReportOutcome::Reported => ReportState::Reported,
        ReportOutcome::Refused => ReportState::Refused,
        ReportOutcome::Unknown => ReportState::Pending,
    }
}

/// Whether an outcome replaces the state that another call has stored.
fn replaces(outcome: ReportOutcome, stored: ReportState) -> bool {
    match (outcome, stored) {
        (ReportOutcome::Unknown, _) | (_, ReportState::Reported) => false,
        (ReportOutcome::Refused, state) => state == ReportState::Pending,
        (ReportOutcome::Reported, _) => true,
    }
}
