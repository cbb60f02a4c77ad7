//! Claiming pending rows, so that only one call sends each of them again.

use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use store::{Commit, Entitlement, Store, StoreUnavailable, Stored, UsageReport};

use super::alerts::alert_if_long_pending;
use super::try_commit;

/// How long a row belongs to the call that wrote or tried it last: longer than any call takes.
const CLAIM: SignedDuration = SignedDuration::from_secs(30);

/// The rows that this call may send again.
pub(super) struct ClaimedRows {
    pub(super) rows: Vec<Stored<UsageReport>>,
    /// How many wait for the customer's `usageReportingId`.
    pub(super) waiting: usize,
}

/// Whether another call may be sending this row at this moment. If a clock stepped back, the row is
/// not left alone for longer than usual.
pub(super) fn is_claimed(row: &UsageReport, now: Timestamp) -> bool {
    now.duration_since(row.updated).abs() < CLAIM
}

/// Claims rows, each by a commit; a row that another call claims first is left alone. A row whose
/// consumer was not known yet gets the consumer now, for good.
pub(super) async fn claim_rows(
    store: &Store,
    entitlement: &Entitlement,
    rows: Vec<Stored<UsageReport>>,
    at: At,
) -> Result<ClaimedRows, StoreUnavailable> {
    let reporting_id = entitlement.usage_reporting_id.as_ref();
    let mut claimed = Vec::new();
    let mut waiting = 0;
    for row in rows {
        if row.record.consumer.as_ref().or(reporting_id).is_none() {
            waiting += 1;
            alert_if_long_pending(&row.record, at.now);
            continue;
        }
        let mut mine = row.record;
        mine.consumer = mine.consumer.or_else(|| reporting_id.cloned());
        mine.updated = later(mine.updated, at.now);
        let id = mine.id.clone();
        let commit = Commit::new().replace(&mine, &row.version);
        if try_commit(store, commit, at).await? {
            claimed.push(id);
        }
    }
    let rows = store.reports(&claimed, at.deadline).await?;
    Ok(ClaimedRows {
        rows: rows.into_iter().flatten().collect(),
        waiting,
    })
}

/// A new time for each change of a row, even if the clock stands still or stepped back. A commit that
/// changes nothing would leave the version as it is, and two calls could claim the same row.
pub(super) fn later(before: Timestamp, now: Timestamp) -> Timestamp {
    let next = before.saturating_add(SignedDuration::from_micros(1));
    next.unwrap_or(now).max(now)
}
