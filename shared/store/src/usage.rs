//! Usage as the application recorded it.

use jiff::Timestamp;
use marketplace::EntitlementId;
use metering::{Labels, MetricId, Quantity};

use crate::document::USAGE;
use crate::fields::{Fields, Reader};
use crate::record::{Decode, Encode};
use crate::{Document, StoreUnavailable};

/// One record of usage: written once, never changed.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageRecord {
    /// Whose usage.
    pub entitlement: EntitlementId,
    /// What names the record among those of its entitlement, as the application chose it.
    pub key: String,
    /// What was used.
    pub metric: MetricId,
    /// How much.
    pub quantity: Quantity,
    /// When, to the microsecond.
    pub occurred: Timestamp,
    /// How the application labelled it.
    pub labels: Labels,
    /// The hour of the window it was put into.
    pub hour: Timestamp,
    /// Whether the window of its own time was closed already.
    pub late: bool,
    /// When it arrived.
    pub received: Timestamp,
    /// Until when a repetition must be recognised.
    pub keep_until: Timestamp,
}

impl UsageRecord {
    /// Whether two records say the same: a repetition does, whenever it comes.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.entitlement == other.entitlement
            && self.key == other.key
            && self.metric == other.metric
            && self.quantity == other.quantity
            && self.occurred.as_microsecond() == other.occurred.as_microsecond()
            && self.labels == other.labels
    }
}

/// The text by which the records of one window are found, or of several that follow each other:
/// texts of one entitlement sort by their hours. No identifier has the sign between.
pub(crate) fn window(entitlement: &EntitlementId, hour: Timestamp) -> String {
    format!("{entitlement}@{hour}")
}

/// Sorts after every window of an entitlement.
pub(crate) fn after_all_windows(entitlement: &EntitlementId) -> String {
    format!("{entitlement}A")
}

impl Encode for UsageRecord {
    fn document(&self) -> Document {
        Document::usage(&self.entitlement, &self.key)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("entitlement", &self.entitlement)
            .with("key", self.key.as_str())
            .with("metric", &self.metric)
            .with("quantity", self.quantity)
            .with("occurred", self.occurred)
            .with("labels", &self.labels)
            .with("hour", self.hour)
            .with("window", window(&self.entitlement, self.hour).as_str())
            .with("late", self.late)
            .with("received", self.received)
            .with("expire_at", self.keep_until)
    }
}

impl Decode for UsageRecord {
    const COLLECTION: &'static str = USAGE;

    fn decode(_id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            entitlement: reader.required("entitlement")?,
            key: reader.required("key")?,
            metric: reader.required("metric")?,
            quantity: reader.required("quantity")?,
            occurred: reader.required("occurred")?,
            labels: reader.required("labels")?,
            hour: reader.required("hour")?,
            late: reader.required("late")?,
            received: reader.required("received")?,
            keep_until: reader.required("expire_at")?,
        })
    }
}
