//! What is open, pending, refused and held.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::ReportState;

use super::ledger::Ledger;
use super::operation::Operation;
use super::windows::{self, Shown, Window};
use crate::arguments::UsageList;
use crate::failure::Failure;
use crate::terminal;

/// After this long, what is held is taken for something that is not to be billed, and is only
/// counted.
const HELD_FOR_LONG: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Everything there is to see; its JSON is part of this program's interface.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    /// Entitlements with a meter.
    pub(super) metered: usize,
    pub(super) open: Vec<Window>,
    pub(super) pending: Vec<Operation>,
    pub(super) refused: Vec<Operation>,
    pub(super) held: Vec<Operation>,
    /// How many that have been held for long are left out.
    pub(super) held_for_long: usize,
}

pub(super) async fn show(ledger: &mut Ledger, wanted: &UsageList) -> Result<(), Failure> {
    let now = Timestamp::now();
    let found = read(ledger, wanted, now).await?;
    terminal::say(&if wanted.json {
        serde_json::json!(found).to_string()
    } else {
        found.text(wanted.all, now)
    });
    Ok(())
}

async fn read(ledger: &mut Ledger, wanted: &UsageList, now: Timestamp) -> Result<Found, Failure> {
    let of = wanted.entitlement.as_ref();
    let shown = if wanted.all { Shown::All } else { Shown::Odd };
    let windows = windows::read(ledger, of, shown).await?;
    let mut operations = async |state| -> Result<Vec<Operation>, Failure> {
        let rows = ledger.all(state, of).await?;
        Ok(rows.into_iter().map(Operation::of).collect())
    };
    let pending = operations(ReportState::Pending).await?;
    let refused = operations(ReportState::Refused).await?;
    let held = operations(ReportState::Held).await?;
    let is_shown = |it: &Operation| wanted.all || now.duration_since(it.created) <= HELD_FOR_LONG;
    let (held, long): (Vec<_>, Vec<_>) = held.into_iter().partition(is_shown);
    Ok(Found {
        metered: windows.metered,
        open: windows.shown,
        pending,
        refused,
        held,
        held_for_long: long.len(),
    })
}
