//! How far the usage of an entitlement has been closed.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};
use metering::{Metric, UserLabels};

use crate::documents::collections::METERS;
use crate::documents::record::{StoredDocument, nested_record, stored_record};
use crate::documents::value::{FromValue, ToValue, Value};
use crate::store::decode_next;
use crate::{Document, Shard, Store, StoreUnavailable, Stored, WindowGate};

/// The meter of an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Whose usage.
    pub entitlement: EntitlementId,
    /// Whose entitlement.
    pub account: ProcurementAccountId,
    /// Everything before this is closed.
    pub open: Timestamp,
    /// When the entitlement ended, once its last window is closed.
    pub ended: Option<Timestamp>,
    /// What is closed and whose operations are not all written yet.
    pub closing: Option<Closing>,
    /// Since when Google says that the customer cannot be billed; none if it does not.
    pub stopped: Option<Timestamp>,
    /// Google's code for why, which counts only while it is stopped. Earlier versions kept none.
    pub stop_reason: Option<String>,
    /// The time in which it had ended, if it is in force again.
    pub gap: Option<UsageGap>,
    /// When this record was last changed.
    pub updated: Timestamp,
}

/// The time from the end of an entitlement until its meter was open again. Usage of that time is taken in the open
/// window, with every setting for late usage: the order was in force after all.
///
/// Where an entitlement came back more than once, the span begins with the first of its gaps that still matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageGap {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl UsageGap {
    /// Whether this moment lies in it.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.until
    }
}

/// A span that was closed, with everything that its operations depend on beside its records: they
/// must be the same whenever, and by which request, they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// Whether its operations have labels.
    pub labels: UserLabels,
    /// The metrics that are reported although nothing was used of them.
    pub zero: Vec<Metric>,
}

impl Document {
    /// How far the usage of an entitlement has been closed.
    pub fn meter(entitlement: &EntitlementId) -> Self {
        Self::new(METERS, entitlement.percent_encoded())
    }
}

impl Store {
    /// The meter of an entitlement.
    pub async fn meter(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Meter>>, StoreUnavailable> {
        self.one(Document::meter(entitlement), deadline).await
    }

    /// The meters of some entitlements, in their order.
    pub async fn meters(
        &self,
        entitlements: &[EntitlementId],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<Meter>>>, StoreUnavailable> {
        let documents = entitlements.iter().map(Document::meter).collect();
        self.each(documents, deadline).await
    }

    /// An entitlement's meter and its gates, which were made with it.
    pub async fn meter_and_gates(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<(Stored<Meter>, Vec<Stored<WindowGate>>)>, StoreUnavailable> {
        let gates = Shard::all().map(|shard| Document::window_gate(entitlement, shard));
        let documents: Vec<_> = [Document::meter(entitlement)]
            .into_iter()
            .chain(gates)
            .collect();
        let mut found = self.fetch(&documents, deadline).await?.into_iter();
        let Some(meter) = decode_next(&mut found)? else {
            return Ok(None);
        };
        let gates = found.flatten().map(StoredDocument::decode);
        Ok(Some((meter, gates.collect::<Result<_, _>>()?)))
    }
}

nested_record!(Closing: from, until, labels, zero);

nested_record!(UsageGap: from, until);

stored_record! {
    Meter, in METERS, at |meter| Document::meter(&meter.entitlement);
    id: entitlement;
    fields: account, open, ended, closing, stopped, stop_reason, gap, updated;
}

impl ToValue for UserLabels {
    fn to_value(&self) -> Option<Value> {
        (*self == Self::Reported).to_value()
    }
}

impl FromValue for UserLabels {
    fn from_value(value: &Value) -> Option<Self> {
        let reported = bool::from_value(value)?;
        Some(if reported {
            Self::Reported
        } else {
            Self::LeftOut
        })
    }
}
