//! How much of what is stored as live Google does not find: the figures of the brake.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::{Account, ClosedBecause, Entitlement};

/// So long a confirmed absence counts as one.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// So many may be absent at once, however few there are.
const ALWAYS_ALLOWED: usize = 3;

/// The figures of reconciliation's brake, counted now: of accounts and of orders, each by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AbsenceStock {
    /// Accounts that are live, and those whose absence was confirmed within 7 days.
    pub live_accounts: usize,
    /// Those of them that are absent.
    pub absent_accounts: usize,
    /// Orders that are live, and those whose absence was confirmed within 7 days.
    pub live_orders: usize,
    /// Those of them that are absent.
    pub absent_orders: usize,
    /// Whether so many are absent that nothing is confirmed until an operator accepts it.
    pub holds_back: bool,
}

impl AbsenceStock {
    pub(crate) fn of<'a>(
        accounts: impl Iterator<Item = &'a Account>,
        orders: impl Iterator<Item = &'a Entitlement>,
        now: Timestamp,
    ) -> Self {
        let mut stock = Self::default();
        let is_recent = |at: Timestamp| now.duration_since(at) < COUNTED_FOR;
        for account in accounts {
            let confirmed = account.closing().is_some_and(|closed| {
                closed.because == ClosedBecause::Absent && is_recent(closed.at)
            });
            let is_live = !account.is_closed();
            stock.live_accounts += usize::from(is_live || confirmed);
            let is_absent = (is_live && account.absent.is_some()) || confirmed;
            stock.absent_accounts += usize::from(is_absent);
        }
        for order in orders {
            let confirmed =
                order.deleted.is_some() && order.absence_confirmed.is_some_and(is_recent);
            let is_live = !order.has_ended();
            stock.live_orders += usize::from(is_live || confirmed);
            let is_absent = (is_live && order.absent.is_some()) || confirmed;
            stock.absent_orders += usize::from(is_absent);
        }
        stock.holds_back = are_too_many(stock.absent_accounts, stock.live_accounts)
            || are_too_many(stock.absent_orders, stock.live_orders);
        stock
    }
}

/// More than 3 and more than 2 %, or more than half.
fn are_too_many(absent: usize, all: usize) -> bool {
    let beyond_share = absent * 100 > all * 2 && absent > ALWAYS_ALLOWED;
    beyond_share || absent * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_absences_are_believed_and_many_are_not() {
        for (absent, all, too_many) in [
            (0, 0, false),
            (1, 1, true),
            (1, 2, false),
            (3, 100, false),
            (4, 100, true),
            (4, 200, false),
            (3, 5, true),
        ] {
            assert_eq!(are_too_many(absent, all), too_many, "{absent} of {all}");
        }
    }
}
