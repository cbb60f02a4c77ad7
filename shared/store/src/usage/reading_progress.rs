//! How far the usage of a closed span has been read.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId};
use metering::RunningTotals;

use crate::documents::collections::READINGS;
use crate::documents::record::{nested_record, stored_record};
use crate::{Document, Store, StoreUnavailable, Stored};

/// How far the records of an entitlement's closed span have been read, where that takes more than
/// one call.
///
/// It is stored by commits that demand the meter unchanged, so that it never outlives the closing
/// it belongs to unnoticed. The records of a closed span do not change: any request that
/// continues from here gets the same result.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingProgress {
    /// Whose usage.
    pub entitlement: EntitlementId,
    /// The first moment of the span.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// The hour that is being read. The operations of the hours before it are written.
    pub hour: Timestamp,
    /// The key of the last record of that hour that was read.
    pub after: String,
    /// What that hour's records add up to, as far as they were read.
    pub tally: RunningTotals,
    /// What was used in that hour after the end of the order, if it ended within the hour. Earlier versions do not
    /// write it, and have added that usage to the tally.
    pub past_end: Option<PastEnd>,
    /// When this record was last changed.
    pub updated: Timestamp,
}

/// Usage after the end of an order, in the hour in which it ended: it is held apart from the rest of the hour.
#[derive(Debug, Clone, PartialEq)]
pub struct PastEnd {
    /// The key of the last record that was read. If it is another one than that of the progress, an earlier version
    /// has read on, and the tally of the hour is not to be relied on.
    pub after: String,
    /// What it adds up to, without labels, so that both tallies fit into one document.
    pub tally: RunningTotals,
}

impl Document {
    /// How far the usage of an entitlement's closed span has been read.
    pub fn reading_progress(entitlement: &EntitlementId) -> Self {
        Self::new(READINGS, entitlement.percent_encoded())
    }
}

impl Store {
    /// How far the usage of an entitlement's closed span has been read.
    pub async fn reading_progress(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<ReadingProgress>>, StoreUnavailable> {
        let document = Document::reading_progress(entitlement);
        self.one(document, deadline).await
    }
}

// The tally is one text, because each value in a list or map would count against Firestore's limit of
// index entries.
stored_record! {
    ReadingProgress, in READINGS, at |progress| Document::reading_progress(&progress.entitlement);
    id: entitlement;
    fields: from, until, hour, after, tally, past_end, updated;
}

nested_record!(PastEnd: after, tally);
