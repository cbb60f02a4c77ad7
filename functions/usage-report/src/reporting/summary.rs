//! What one call of `/report` has done.

use serde::Serialize;
use store::ReportState;

/// What one call of `/report` has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReportSummary {
    /// Whether all pending rows were sent and all entitlements examined. If not, the next call goes on.
    pub finished: bool,
    /// Entitlements that were examined.
    pub entitlements: usize,
    /// Periods that were closed.
    pub closed: usize,
    /// Entitlements of which some closed usage is not read yet. The next call goes on.
    pub reading: usize,
    /// Operations that Google counted.
    pub reported: usize,
    /// Operations that Google refused.
    pub refused: usize,
    /// Operations that have to be sent again.
    pub pending: usize,
    /// Operations that wait for the customer's `usageReportingId`.
    pub waiting: usize,
    /// Operations that wait for an operator.
    pub held: usize,
    /// Entitlements whose usage could not be closed or reported now.
    pub failed: usize,
    /// Entitlements that Google does not find now. Nothing of them is closed until it is known whether they have ended.
    pub absent: usize,
    /// Entitlements in force whose product has no service.
    pub without_service: usize,
    /// Changes that were published to the application.
    pub published: usize,
}

impl ReportSummary {
    /// Adds what a part of the call has done.
    pub(super) fn add(&mut self, more: &Self) {
        self.entitlements += more.entitlements;
        self.closed += more.closed;
        self.reported += more.reported;
        self.refused += more.refused;
        self.pending += more.pending;
        self.waiting += more.waiting;
        self.held += more.held;
        self.failed += more.failed;
        self.absent += more.absent;
        self.without_service += more.without_service;
    }

    /// Counts an operation that this call has sent.
    pub(super) fn count(&mut self, state: ReportState) {
        *match state {
            ReportState::Pending => &mut self.pending,
            ReportState::Reported => &mut self.reported,
            ReportState::Refused => &mut self.refused,
            ReportState::Held => &mut self.held,
        } += 1;
    }

    /// Terraform has an alert for the absence of this line.
    pub(crate) fn log(&self) {
        tracing::info!(
            finished = self.finished,
            entitlements = self.entitlements,
            closed = self.closed,
            reading = self.reading,
            reported = self.reported,
            refused = self.refused,
            pending = self.pending,
            waiting = self.waiting,
            held = self.held,
            failed = self.failed,
            absent = self.absent,
            without_service = self.without_service,
            published = self.published,
            "usage reported"
        );
    }
}
