//! The ledger: what is reported to Google of usage, one row for each operation.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};
use metering::{Labels, MetricId, Quantity};

use crate::documents::collections::REPORTS;
use crate::documents::fields::{Fields, Reader};
use crate::documents::query::Query;
use crate::documents::record::{Decode, Encode};
use crate::documents::value::{FromValue, Value};
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

impl ReportState {
    const ALL: [Self; 4] = [Self::Pending, Self::Reported, Self::Refused, Self::Held];

    /// The state as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Reported => "reported",
            Self::Refused => "refused",
            Self::Held => "held",
        }
    }
}

impl FromValue for ReportState {
    fn from_value(value: &Value) -> Option<Self> {
        let text = String::from_value(value)?;
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
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

    /// At most `limit` rows of the ledger in this state, in the order of their ids, from the one
    /// after `after` on.
    pub async fn reports_with_state(
        &self,
        state: ReportState,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<UsageReport>>, StoreUnavailable> {
        let query = Query::page(REPORTS, after, limit).with("state", state.as_str());
        self.many(query, deadline).await
    }

    /// At most `limit` rows of the ledger, in the order of their ids, from the one after `after`
    /// on.
    pub async fn reports_after(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<UsageReport>>, StoreUnavailable> {
        self.many(Query::page(REPORTS, after, limit), deadline)
            .await
    }
}

impl Encode for UsageReport {
    fn document(&self) -> Document {
        Document::report(&self.id)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("entitlement", &self.entitlement)
            .with("account", &self.account)
            .with("metric", &self.metric)
            .with("start", self.start)
            .with("end", self.end)
            .with("labels", &self.labels)
            .with("value", self.value)
            .with("consumer", self.consumer.as_deref())
            .with("state", self.state.as_str())
            .with("reason", self.reason.as_deref())
            .with("attempts", self.attempts)
            .with("created", self.created)
            .with("updated", self.updated)
    }
}

impl Decode for UsageReport {
    const COLLECTION: &'static str = REPORTS;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            id: id.to_owned(),
            entitlement: reader.required("entitlement")?,
            account: reader.required("account")?,
            metric: reader.required("metric")?,
            start: reader.required("start")?,
            end: reader.required("end")?,
            labels: reader.required("labels")?,
            value: reader.optional("value")?,
            consumer: reader.optional("consumer")?,
            state: reader.required("state")?,
            reason: reader.optional("reason")?,
            attempts: reader.required("attempts")?,
            created: reader.required("created")?,
            updated: reader.required("updated")?,
        })
    }
}
