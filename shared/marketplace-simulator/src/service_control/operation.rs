//! Operations as programs report them, and what became of them.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// One operation that reached `services.report` in a request that was not refused as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageOperation {
    /// The service it was reported for.
    pub service: String,
    /// Its id; a later attempt at the same operation has the same one.
    pub operation_id: String,
    /// Whom it is about: an entitlement's `usageReportingId`, if it is right.
    pub consumer_id: String,
    /// Begin of its window.
    pub start: Timestamp,
    /// End of its window.
    pub end: Timestamp,
    /// What was used.
    pub values: Vec<UsageValue>,
    /// Labels that Google defines.
    pub labels: BTreeMap<String, String>,
    /// For the customer's breakdown of costs.
    pub user_labels: BTreeMap<String, String>,
    /// What became of it.
    pub outcome: UsageOutcome,
}

/// One value of a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageValue {
    /// Full name of the metric, as it was sent.
    pub metric: String,
    /// How much; none for a type that no metric of the Marketplace has.
    pub quantity: Option<Quantity>,
    /// The metric's own labels.
    pub labels: BTreeMap<String, String>,
    /// Begin of its window: the operation's, unless the value has one.
    pub start: Timestamp,
    /// End of its window: the operation's, unless the value has one.
    pub end: Timestamp,
}

/// An amount of something, or a sum of such amounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// Of an `int64` metric. A sum can be greater than any value.
    Int64(i128),
    /// Of a `double` metric.
    Double(f64),
}

/// What became of a reported operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageOutcome {
    /// It is on the bill.
    Counted,
    /// Its id was counted before, and it is on the bill once more.
    CountedAgain,
    /// Its id was counted before; this time it made no difference.
    KnownAlready,
    /// `reportErrors` named it: it is not on the bill.
    Refused {
        /// As in `google.rpc.Code`.
        code: i32,
        /// As it was answered.
        message: String,
    },
}

/// One operation that `services.check` was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedOperation {
    /// Its id, which its report shares.
    pub operation_id: String,
    /// Whom it is about.
    pub consumer_id: String,
    /// Codes of the `checkErrors` that were answered; none if the customer may be served.
    pub errors: Vec<String>,
}

impl UsageOperation {
    /// Whether it put something on the bill.
    pub fn is_counted(&self) -> bool {
        matches!(
            self.outcome,
            UsageOutcome::Counted | UsageOutcome::CountedAgain
        )
    }
}

impl Quantity {
    /// Both together. A fraction makes the sum a fraction.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int64(one), Self::Int64(other)) => Self::Int64(one.saturating_add(other)),
            (one, other) => Self::Double(one.as_f64() + other.as_f64()),
        }
    }

    /// As a fraction, rounded where it has more than 53 bits.
    #[expect(clippy::cast_precision_loss, reason = "documented")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int64(whole) => whole as f64,
            Self::Double(fraction) => fraction,
        }
    }

    pub(crate) fn is_negative(self) -> bool {
        self.as_f64() < 0.0
    }
}
