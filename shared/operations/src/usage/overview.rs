//! What is open, pending, refused and held.

use jiff::{SignedDuration, Timestamp};
use marketplace::EntitlementId;
use serde::Serialize;
use store::ReportState;

use super::ledger::{LedgerRows, UsageLedger};
use super::operation::UsageOperation;
use super::windows::UsageWindow;
use crate::error::OperationError;

/// After this long, what is held is taken for something that is not to be billed, and is only
/// counted.
const HELD_FOR_LONG: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is listed.
#[derive(Debug)]
pub struct UsageQuery {
    /// Only what belongs to this entitlement.
    pub entitlement: Option<EntitlementId>,
    /// Also windows that are in order, and what has been held for long.
    pub all: bool,
}

/// What there is to see of usage; its JSON is part of the interface of `operator usage`.
#[derive(Debug, Serialize)]
pub struct UsageOverview {
    /// Entitlements with a meter.
    pub metered: usize,
    /// Windows that are not closed.
    pub open: Vec<UsageWindow>,
    /// Operations that are not sent yet, or whose answer is not known.
    pub pending: Vec<UsageOperation>,
    /// Operations that Google did not count.
    pub refused: Vec<UsageOperation>,
    /// Operations that are not sent before the operator has decided.
    pub held: Vec<UsageOperation>,
    /// How many that have been held for long are left out.
    pub held_for_long: usize,
    /// How many operations cannot be read, whatever entitlement they are of.
    pub unreadable_operations: usize,
    /// How many entitlements cannot be read: their windows are left out.
    pub unreadable_entitlements: usize,
    /// The entitlements whose meter cannot be read: their windows are left out.
    pub unreadable_meters: Vec<EntitlementId>,
}

impl UsageLedger {
    /// Reads all windows and operations that are not reported. What cannot be read is left out and counted.
    pub async fn overview(
        &mut self,
        query: &UsageQuery,
        now: Timestamp,
    ) -> Result<UsageOverview, OperationError> {
        let of = query.entitlement.as_ref();
        let windows = self.windows(of, query.all, now).await?;
        let pending = self.all(ReportState::Pending, of).await?;
        let refused = self.all(ReportState::Refused, of).await?;
        let held = self.all(ReportState::Held, of).await?;
        let unreadable = [&pending, &refused, &held].map(|rows| rows.unreadable);
        let is_shown =
            |it: &UsageOperation| query.all || now.duration_since(it.created) <= HELD_FOR_LONG;
        let (held, long): (Vec<_>, Vec<_>) = operations(held).into_iter().partition(is_shown);
        Ok(UsageOverview {
            metered: windows.metered,
            open: windows.shown,
            pending: operations(pending),
            refused: operations(refused),
            held,
            held_for_long: long.len(),
            unreadable_operations: unreadable.iter().sum(),
            unreadable_entitlements: windows.unreadable_entitlements,
            unreadable_meters: windows.unreadable_meters,
        })
    }
}

fn operations(found: LedgerRows) -> Vec<UsageOperation> {
    found.rows.into_iter().map(UsageOperation::of).collect()
}
