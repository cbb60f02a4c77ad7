//! Why a record is refused, and how the refusal is described to the application.

use metering::{InvalidQuantity, NoWindow};

/// Why a record is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Malformed,
    MetricUnknown,
    Quantity(InvalidQuantity),
    KeyReused,
    EntitlementUnknown,
    ProductWithoutService,
    NotActiveYet,
    NeverActive,
    Suspended,
    MetricOfOtherPlan,
    TooOld,
    NoWindow(NoWindow),
}

impl Refusal {
    /// A stable code, the HTTP status that a request with only this record would have, and a sentence.
    pub(super) fn describe(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Malformed => (
                "record-malformed",
                400,
                "A record is an object of `entitlement`, `metric` (text), `quantity` (a number), \
                 `occurred_at` (a time with its zone), `idempotency_key` (1 to 128 visible ASCII \
                 characters) and, if wanted, `labels` (at most 16 texts by name), each once.",
            ),
            Self::MetricUnknown => ("metric-unknown", 400, "METRICS declares no such metric."),
            Self::Quantity(InvalidQuantity::Negative) => {
                ("quantity-negative", 400, "Usage cannot be taken back.")
            }
            Self::Quantity(InvalidQuantity::NotWhole) => (
                "quantity-not-whole",
                400,
                "The metric is declared as int64: write a whole number without a point.",
            ),
            Self::Quantity(InvalidQuantity::TooLarge) => (
                "quantity-too-large",
                400,
                "An int64 quantity must be below 2^63, a double one below 10^18.",
            ),
            Self::KeyReused => (
                "key-reused",
                409,
                "Another record of this entitlement is stored under this idempotency key.",
            ),
            Self::EntitlementUnknown => (
                "entitlement-unknown",
                404,
                "There is no such entitlement of the served products.",
            ),
            Self::ProductWithoutService => (
                "product-without-service",
                400,
                "SERVICE_NAME names no service for the entitlement's product.",
            ),
            Self::NotActiveYet => (
                "entitlement-not-active",
                409,
                "The entitlement is not in force yet.",
            ),
            Self::NeverActive => (
                "entitlement-never-active",
                409,
                "The entitlement ended without having been in force.",
            ),
            Self::Suspended => (
                "entitlement-suspended",
                409,
                "The entitlement was not in force at the time of use.",
            ),
            Self::MetricOfOtherPlan => (
                "metric-of-other-plan",
                409,
                "The entitlement's plan does not have this metric.",
            ),
            Self::TooOld => ("too-old", 400, "Usage must be recorded within 60 days."),
            Self::NoWindow(problem) => describe_time(problem),
        }
    }
}

fn describe_time(problem: NoWindow) -> (&'static str, u16, &'static str) {
    match problem {
        NoWindow::Future => ("in-the-future", 400, "The time of use is in the future."),
        NoWindow::BeforeStart => (
            "before-entitlement",
            409,
            "The entitlement did not exist at the time of use.",
        ),
        NoWindow::AfterEnd => (
            "after-entitlement",
            409,
            "The entitlement had ended before the time of use.",
        ),
        NoWindow::Closed => (
            "window-closed",
            409,
            "The window is closed, and LATE_USAGE is `refuse`.",
        ),
        NoWindow::LastClosed => (
            "last-window-closed",
            409,
            "The entitlement has ended and its last window is closed.",
        ),
    }
}
