//! One operation of the ledger, as it is shown.

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId, ProductId};
use metering::{Labels, MetricId, Quantity};
use serde::Serialize;
use serde_json::Value;
use store::{ReportState, UsageReport};

use super::ledger::{KnownEntitlement, LedgerRow};

/// What was, or is to be, reported to Google for one entitlement, metric and window. Its JSON is part
/// of the interface of `operator usage`.
#[derive(Debug, Serialize)]
pub struct UsageOperation {
    /// The id under which Google knows it, however often it is sent.
    pub id: String,
    /// The order.
    pub entitlement: EntitlementId,
    /// Its account.
    pub account: ProcurementAccountId,
    /// None if the entitlement is not stored, or cannot be read.
    pub product: Option<ProductId>,
    /// What was used.
    pub metric: MetricId,
    /// The beginning of the window.
    pub start: Timestamp,
    /// The end of the window.
    pub end: Timestamp,
    /// Google's labels and the application's.
    pub labels: Labels,
    /// None if the total is more than a report to Google can hold.
    pub value: Option<Value>,
    /// Who is billed, as soon as that is known.
    pub consumer: Option<String>,
    /// Why it is in its state.
    pub reason: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// When its window was closed.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl UsageOperation {
    pub(super) fn of(row: LedgerRow) -> Self {
        let reason = reason(&row);
        let product = row.entitlement.stored().map(|it| it.product.clone());
        let report = row.stored.record;
        Self {
            id: report.id,
            entitlement: report.entitlement,
            account: report.account,
            product,
            metric: report.metric,
            start: report.start,
            end: report.end,
            labels: report.labels,
            value: report.value.map(number),
            consumer: report.consumer,
            reason,
            attempts: report.attempts,
            created: report.created,
            updated: report.updated,
        }
    }

    /// The value as text.
    pub fn quantity(&self) -> String {
        let value = self.value.as_ref();
        value.map_or_else(|| "-".to_owned(), ToString::to_string)
    }
}

/// A quantity as a JSON number, which is also how it is written everywhere else here.
pub(crate) fn number(quantity: Quantity) -> Value {
    match quantity {
        Quantity::Int64(value) => Value::from(value),
        Quantity::Double(value) => Value::from(value),
    }
}

/// What an operation is about, to follow its id in a sentence.
pub(super) fn described(row: &UsageReport) -> String {
    let value = row.value.map(number);
    let value = value.map_or_else(|| "too much".to_owned(), |it| it.to_string());
    let (metric, of, start, end) = (&row.metric, &row.entitlement, row.start, row.end);
    format!("{value} of {metric} by entitlement {of}, {start}/{end}")
}

/// Why it is in its state, as far as the row says, or its entitlement.
fn reason(row: &LedgerRow) -> Option<String> {
    let report = row.report();
    if report.state == ReportState::Pending && report.consumer.is_none() {
        let why = match &row.entitlement {
            KnownEntitlement::NotStored => "its entitlement is not stored",
            KnownEntitlement::Unreadable => "its entitlement cannot be read",
            KnownEntitlement::Stored(it) if it.usage_reporting_id.is_none() => {
                "waits for the usageReportingId"
            }
            KnownEntitlement::Stored(_) => {
                "its usageReportingId has come: the next /report sends it"
            }
        };
        return Some(why.to_owned());
    }
    let unsent = report.state == ReportState::Pending && report.attempts == 0;
    let unsent = unsent.then(|| "not sent yet".to_owned());
    report.reason.clone().or(unsent)
}
