//! How the simulated Service Control behaves where Google's documentation leaves it open.

use std::time::Duration;

/// How usage is taken. [`Default`] is the strictest Google that the documentation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageSettings {
    /// What becomes of a reported operation whose id was counted before.
    pub repeats: Repeats,
    /// What becomes of time that no reported window of a metric covers.
    pub gaps: Gaps,
    /// When an entitlement of a usage plan shows its `usageReportingId`.
    pub reporting_ids: ReportingIds,
    /// Whether the service is approved for `userLabels`, which are in private preview.
    pub user_labels: UserLabels,
}

impl Default for UsageSettings {
    fn default() -> Self {
        Self {
            repeats: Repeats::CountTwice,
            gaps: Gaps::AreViolations,
            reporting_ids: ReportingIds::AtActivation,
            user_labels: UserLabels::Accepted,
        }
    }
}

/// What becomes of a reported operation whose id was counted before. Google documents no deduplication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// It counts again: the customer pays twice, and a test sees it.
    CountTwice,
    /// It is answered as a success and does not count.
    CountOnce,
}

/// What becomes of time between two reported windows of one consumer and metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Every gap is among the [`violations`](crate::Simulator::violations).
    AreViolations,
    /// Windows may be left out, as by a program that does not report zero usage.
    AreAllowed,
}

/// When an entitlement of a usage plan shows its `usageReportingId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportingIds {
    /// From the purchase on; what is reported before the activation is refused.
    AtPurchase,
    /// In the moment in which it becomes active.
    AtActivation,
    /// So long after it has become active, by the clock of orders.
    AfterActivation(Duration),
}

/// Whether `userLabels` are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserLabels {
    /// The service is approved for them.
    Accepted,
    /// An operation that has some is refused.
    Refused,
}
