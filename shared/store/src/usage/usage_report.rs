//! The ledger: what is reported to Google of usage, one row for each operation.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};
use metering::{Labels, MetricId, Quantity};

use crate::documents::collections::REPORTS;
use crate::documents::record::stored_record;
use crate::documents::value::stored_names;
use crate::{Document, Store, StoreUnavailable, Stored};

/// One row of the ledger: one operation. It is written before the report is sent; from then on only
/// its outcome changes.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageReport {
    /// The operation's id.
    pub id: String,
    /// Whose usage.
    pub entitlement: EntitlementId,
    /// Whose entitlement.
    pub account: ProcurementAccountId,
    /// What was used.
    pub metric: MetricId,
    /// The first moment of its window.
    pub start: Timestamp,
    /// The first moment after its window.
    pub end: Timestamp,
    /// How it is labelled.
    pub labels: Labels,
    /// How much; none if it was more than Google accepts.
    pub value: Option<Quantity>,
    /// Who pays, such as `project_number:123`; none until Google has said so.
    pub consumer: Option<String>,
    /// Its outcome.
    pub state: ReportState,
    /// Why it is in this state, for an operator. Bounded by the caller.
    pub reason: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// When the row was written.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// The outcome of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// It was not sent, or Google's answer is not known.
    Pending,
    /// Google counted it.
    Reported,
    /// Google refused it, and counted nothing.
    Refused,
    /// It is not sent: an operator must look at it.
    Held,
}

stored_names! {
    /// The state as it is stored.
    ReportState: Pending = "pending", Reported = "reported", Refused = "refused", Held = "held"
}

impl Document {
    /// What is reported to Google, by the id of its operation.
    pub fn report(operation: &str) -> Self {
        Self::new(REPORTS, operation)
    }
}

impl Store {
    /// Some rows of the ledger by the ids of their operations, in their order.
    pub async fn reports(
        &self,
        operations: &[String],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<UsageReport>>>, StoreUnavailable> {
        let documents = operations.iter().map(|id| Document::report(id)).collect();
        self.each(documents, deadline).await
    }
}

stored_record! {
    UsageReport, in REPORTS, at |report| Document::report(&report.id);
    id: id;
    fields: entitlement, account, metric, start, end, labels, value, consumer, state, reason,
        attempts, created, updated;
}
