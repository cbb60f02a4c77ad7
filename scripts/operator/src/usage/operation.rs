//! One operation of the ledger, as it is shown.

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId, ProductId};
use metering::{Labels, MetricId, Quantity};
use serde::Serialize;
use serde_json::Value;
use store::{ReportState, UsageReport};

use super::ledger::Row;

/// Its JSON is part of this program's interface.
#[derive(Debug, Serialize)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) entitlement: EntitlementId,
    account: ProcurementAccountId,
    product: Option<ProductId>,
    pub(super) metric: MetricId,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    labels: Labels,
    /// None if it was more than Google can be told.
    pub(super) value: Option<Value>,
    consumer: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) attempts: u32,
    pub(super) created: Timestamp,
    updated: Timestamp,
}

impl Operation {
    pub(super) fn of(row: Row) -> Self {
        let reason = reason(&row);
        let UsageReport {
            id,
            entitlement,
            account,
            metric,
            start,
            end,
            labels,
            value,
            consumer,
            attempts,
            created,
            updated,
            ..
        } = row.stored.record;
        Self {
            id,
            entitlement,
            account,
            product: row.entitlement.map(|it| it.product),
            metric,
            start,
            end,
            labels,
            value: value.map(number),
            consumer,
            reason,
            attempts,
            created,
            updated,
        }
    }

    /// How much, as text.
    pub(super) fn quantity(&self) -> String {
        let value = self.value.as_ref();
        value.map_or_else(|| "-".to_owned(), ToString::to_string)
    }
}

/// A quantity as a JSON number, which is also how it is written everywhere else here.
pub(super) fn number(quantity: Quantity) -> Value {
    match quantity {
        Quantity::Int64(value) => Value::from(value),
        Quantity::Double(value) => Value::from(value),
    }
}

/// What an operation is about, to follow its id in a sentence.
pub(super) fn described(row: &UsageReport) -> String {
    let value = row.value.map(number);
    let value = value.map_or_else(|| "too much".to_owned(), |it| it.to_string());
    let UsageReport {
        metric,
        entitlement,
        start,
        end,
        ..
    } = row;
    format!("{value} of {metric} by entitlement {entitlement}, {start}/{end}")
}

/// Why it is in its state, as far as the row says, or its entitlement.
fn reason(row: &Row) -> Option<String> {
    let report = row.report();
    if report.state == ReportState::Pending && report.consumer.is_none() {
        return Some(if row.entitlement.is_none() {
            "its entitlement is not stored".to_owned()
        } else if row.current_consumer().is_none() {
            "waits for the usageReportingId".to_owned()
        } else {
            "its usageReportingId has come: the next /report sends it".to_owned()
        });
    }
    let unsent = report.state == ReportState::Pending && report.attempts == 0;
    let unsent = unsent.then(|| "not sent yet".to_owned());
    report.reason.clone().or(unsent)
}
