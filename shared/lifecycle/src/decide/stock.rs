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
        self.0.absent_accounts += u32::from(is_live && account.absent.is_some());
        self.0.confirmed_accounts += u32::from(confirmed);
    }

    /// Counts an order. Ended ones count as long as their absence was confirmed a short while ago.
    pub fn add_order(&mut self, order: &Entitlement, now: Timestamp) {
        let confirmed = order
            .absence_confirmed
            .is_some_and(|at| order.deleted.is_some() && is_recent(at, now));
        let is_live = !order.has_ended();
        self.0.orders += u32::from(is_live || confirmed);
        self.0.absent_orders += u32::from(is_live && order.absent.is_some());
        self.0.confirmed_orders += u32::from(confirmed);
    }

    /// Counts stored documents that could not be read: as absent ones, for nothing says that they are not.
    pub fn add_unreadable(&mut self, kind: StockKind, count: usize) {
        if count == 0 {
            return;
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let counted = match kind {
            StockKind::Accounts => &mut self.0.unreadable_accounts,
            StockKind::Orders => &mut self.0.unreadable_orders,
        };
        *counted = Some(counted.unwrap_or(0).saturating_add(count));
    }

    /// How many resources are absent and not confirmed, of both kinds.
    pub fn absent(self) -> u32 {
        self.0.absent_accounts.saturating_add(self.0.absent_orders)
    }

    /// How many are absent by what was counted so far, or by the last whole count if that had more.
    pub fn max_absent(self, counted: Option<Self>) -> u32 {
        self.absent().max(counted.map_or(0, Self::absent))
    }

    /// Whether so many are absent or cannot be read that nothing is confirmed until an operator has accepted it: more
    /// than 3 and more than 2 %, or more than half.
    pub fn brakes(self) -> Option<StockKind> {
        let Tally {
            accounts,
            absent_accounts,
            confirmed_accounts,
            orders,
            absent_orders,
            confirmed_orders,
            unreadable_accounts,
            unreadable_orders,
        } = self.0;
        let unreadable = unreadable_accounts.unwrap_or(0);
        let gone = absent_accounts.saturating_add(confirmed_accounts);
        if are_too_many(
            gone.saturating_add(unreadable),
            accounts.saturating_add(unreadable),
        ) {
            return Some(StockKind::Accounts);
        }
        let unreadable = unreadable_orders.unwrap_or(0);
        let gone = absent_orders.saturating_add(confirmed_orders);
        are_too_many(
            gone.saturating_add(unreadable),
            orders.saturating_add(unreadable),
        )
        .then_some(StockKind::Orders)
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
    fn what_cannot_be_read_counts_as_absent() {
        for (kind, unreadable, brakes) in [
            (StockKind::Accounts, 2, false),
            (StockKind::Accounts, 3, true),
            (StockKind::Orders, 2, false),
            (StockKind::Orders, 3, true),
        ] {
            let mut stock = Stock(Tally {
                accounts: 90,
                absent_accounts: 1,
                orders: 90,
                absent_orders: 1,
                ..Tally::default()
            });
            stock.add_unreadable(kind, 0);
            assert_eq!(stock.tally().unreadable_accounts, None);
            stock.add_unreadable(kind, 1);
            stock.add_unreadable(kind, unreadable - 1);
            let expected = brakes.then_some(kind);
            assert_eq!(stock.brakes(), expected, "{kind:?} {unreadable}");
        }
    }

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
