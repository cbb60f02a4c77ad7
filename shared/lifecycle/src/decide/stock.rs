//! How much of what is stored Google does not find: the brake on believing it.

use jiff::{SignedDuration, Timestamp};
use store::{Account, ClosedBecause, Entitlement, Tally};

/// So long a confirmed absence counts as one more.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// So many resources may be absent at once however few there are.
const ALWAYS_ALLOWED: u32 = 3;

/// Figures older than this say nothing.
const CURRENT_FOR: SignedDuration = SignedDuration::from_hours(6);

/// What is counted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockKind {
    /// Customers' accounts.
    Accounts,
    /// Orders that have not ended.
    Orders,
}

/// How many accounts and orders are stored as live, and how many of them Google does not find. A round of
/// reconciliation counts them all, so that no series of small rounds gets past the brake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stock(Tally);

impl Stock {
    /// The stock that an earlier call has counted so far.
    pub fn of(tally: Option<Tally>) -> Self {
        Self(tally.unwrap_or_default())
    }

    /// The last whole count, if it is not too old to go by.
    pub fn counted(tally: Tally, counted: Timestamp, now: Timestamp) -> Option<Self> {
        (now.duration_since(counted) < CURRENT_FOR).then_some(Self(tally))
    }

    /// The figures, to be stored.
    pub fn tally(self) -> Tally {
        self.0
    }

    /// Counts an account. Closed ones count as long as their absence was confirmed a short while ago.
    pub fn add_account(&mut self, account: &Account, now: Timestamp) {
        let confirmed = account.closing().is_some_and(|closed| {
            closed.because == ClosedBecause::Absent && is_recent(closed.at, now)
        });
        let is_live = !account.is_closed();
        self.0.accounts += u32::from(is_live || confirmed);
        self.0.absent_accounts += u32::from((is_live && account.absent.is_some()) || confirmed);
    }

    /// Counts an order. Ended ones count as long as their absence was confirmed a short while ago.
    pub fn add_order(&mut self, order: &Entitlement, now: Timestamp) {
        let confirmed = order
            .absence_confirmed
            .is_some_and(|at| order.deleted.is_some() && is_recent(at, now));
        let is_live = !order.has_ended();
        self.0.orders += u32::from(is_live || confirmed);
        self.0.absent_orders += u32::from((is_live && order.absent.is_some()) || confirmed);
    }

    /// How many resources are absent, of both kinds.
    pub fn absent(self) -> u32 {
        self.0.absent_accounts.saturating_add(self.0.absent_orders)
    }

    /// How many are absent by what was counted so far, or by the last whole count if that had more.
    pub fn max_absent(self, counted: Option<Self>) -> u32 {
        self.absent().max(counted.map_or(0, Self::absent))
    }

    /// Whether so many are absent that nothing is confirmed until an operator has accepted it: more than 3 and more
    /// than 2 %, or more than half.
    pub fn brakes(self) -> Option<StockKind> {
        let Tally {
            accounts,
            absent_accounts,
            orders,
            absent_orders,
        } = self.0;
        if are_too_many(absent_accounts, accounts) {
            return Some(StockKind::Accounts);
        }
        are_too_many(absent_orders, orders).then_some(StockKind::Orders)
    }
}

fn are_too_many(absent: u32, all: u32) -> bool {
    let (absent, all) = (u64::from(absent), u64::from(all));
    let beyond_share = absent * 100 > all * 2 && absent > u64::from(ALWAYS_ALLOWED);
    beyond_share || absent * 2 > all
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) < COUNTED_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brake_holds_above_three_and_two_per_cent_and_above_half() {
        for (absent, all, brakes) in [
            (0, 0, false),
            (1, 1, true),
            (1, 2, false),
            (2, 3, true),
            (3, 6, false),
            (3, 5, true),
            (3, 100, false),
            (4, 100, true),
            (4, 200, false),
            (5, 200, true),
            (1_000, 50_000, false),
            (1_001, 50_000, true),
            (u32::MAX, u32::MAX, true),
        ] {
            assert_eq!(are_too_many(absent, all), brakes, "{absent} of {all}");
        }
    }
}
