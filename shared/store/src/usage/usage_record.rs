//! Usage as the application recorded it.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId};
use metering::{Labels, MetricId, Quantity};
use sha2::{Digest as _, Sha256};

use crate::documents::collections::USAGE;
use crate::documents::document::hexadecimal;
use crate::documents::query::{Query, TextRange};
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable};

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

/// Which records of an entitlement are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageHours<'a> {
    /// Those from the window of this hour on.
    pub from: Timestamp,
    /// Those before the window of this hour, if there is an end.
    pub before: Option<Timestamp>,
    /// Only those that follow the record of this hour and key.
    pub after: Option<(Timestamp, &'a str)>,
    /// At most so many.
    pub limit: usize,
}

impl Document {
    /// A record of usage, under a hash of the entitlement and the application's key: the key may be
    /// any text, and keys that grow would put all writes on one range.
    pub fn usage(entitlement: &EntitlementId, key: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [entitlement.as_str(), key] {
            // With its length in front, neither part can run into the other.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self::new(USAGE, hexadecimal(&hash.finalize()))
    }
}

impl Store {
    /// Records of an entitlement, in the order of their hours.
    pub async fn usage_between(
        &self,
        entitlement: &EntitlementId,
        hours: UsageHours<'_>,
        deadline: Deadline,
    ) -> Result<Vec<UsageRecord>, StoreUnavailable> {
        let query = Query {
            collection: USAGE,
            range: Some(TextRange {
                field: "window",
                from: window(entitlement, hours.from),
                before: hours.before.map_or_else(
                    || after_all_windows(entitlement),
                    |hour| window(entitlement, hour),
                ),
                after: hours.after.map(|(hour, key)| {
                    let document = Document::usage(entitlement, key);
                    (window(entitlement, hour), document.id)
                }),
            }),
            limit: Some(hours.limit),
            ..Query::default()
        };
        let found = self.many(query, deadline).await?;
        Ok(found.into_iter().map(|stored| stored.record).collect())
    }
}

/// The text by which the records of one window are found, or of several that follow each other:
/// texts of one entitlement sort by their hours. No encoded identifier has the sign between.
fn window(entitlement: &EntitlementId, hour: Timestamp) -> String {
    format!("{}@{hour}", entitlement.percent_encoded())
}

/// Sorts after every window of an entitlement.
fn after_all_windows(entitlement: &EntitlementId) -> String {
    format!("{}A", entitlement.percent_encoded())
}

stored_record! {
    UsageRecord, in USAGE, at |record| Document::usage(&record.entitlement, &record.key);
    fields: entitlement, key, metric, quantity, occurred, labels, hour, late, received,
        keep_until as "expire_at";
    computed: "window" = window(&record.entitlement, record.hour);
}
