//! What is open, pending, refused and held.

use jiff::{SignedDuration, Timestamp};
use marketplace::EntitlementId;
use serde::Serialize;
use store::{ReportState, StoreUnavailable};

use super::ledger::UsageLedger;
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
}

impl UsageLedger {
    /// Reads all windows and operations that are not reported.
    pub async fn overview(
        &mut self,
        query: &UsageQuery,
        now: Timestamp,
    ) -> Result<UsageOverview, OperationError> {
        let of = query.entitlement.as_ref();
        let windows = self.windows(of, query.all).await?;
        let pending = self.operations(ReportState::Pending, of).await?;
        let refused = self.operations(ReportState::Refused, of).await?;
        let held = self.operations(ReportState::Held, of).await?;
        let is_shown =
            |it: &UsageOperation| query.all || now.duration_since(it.created) <= HELD_FOR_LONG;
        let (held, long): (Vec<_>, Vec<_>) = held.into_iter().partition(is_shown);
        Ok(UsageOverview {
            metered: windows.metered,
            open: windows.shown,
            pending,
            refused,
            held,
            held_for_long: long.len(),
        })
    }

    async fn operations(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
    ) -> Result<Vec<UsageOperation>, StoreUnavailable> {
        let rows = self.all(state, of).await?;
        Ok(rows.into_iter().map(UsageOperation::of).collect())
    }
}
