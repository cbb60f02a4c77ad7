//! How much one call has done.

use serde::Serialize;

/// How far one call has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reported {
    /// Whether everything was tried and looked at. If not, the next call goes on.
    pub finished: bool,
    /// Entitlements looked at.
    pub entitlements: usize,
    /// Spans of time that were closed.
    pub closed: usize,
    /// Entitlements whose closed usage is not all read. The next call goes on.
    pub reading: usize,
    /// Operations that Google counted.
    pub reported: usize,
    /// Operations that Google refused.
    pub refused: usize,
    /// Operations that are to be sent again.
    pub pending: usize,
    /// Operations that wait for the customer's `usageReportingId`.
    pub waiting: usize,
    /// Operations that wait for an operator.
    pub held: usize,
    /// Entitlements that could not be worked at now.
    pub failed: usize,
    /// Changes published to the application.
    pub published: usize,
}

impl Reported {
    pub(super) fn add(&mut self, more: &Self) {
        self.entitlements += more.entitlements;
        self.closed += more.closed;
        self.reading += more.reading;
        self.reported += more.reported;
        self.refused += more.refused;
        self.pending += more.pending;
        self.waiting += more.waiting;
        self.held += more.held;
        self.failed += more.failed;
        self.published += more.published;
    }

    /// The line whose absence for an hour is an alert.
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
            published = self.published,
            "usage reported"
        );
    }
}
