//! How much of what is stored as live Google does not find, by the count that reconciliation goes by.

use jiff::Timestamp;
use lifecycle::{Stock, StockKind};
use serde::Serialize;
use store::{Account, Entitlement, Tally};

/// The figures of reconciliation's brake, counted now: of accounts and of orders, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AbsenceStock {
    /// Accounts that are live, and those whose absence was confirmed within 7 days.
    pub live_accounts: u32,
    /// Those of them that are absent.
    pub absent_accounts: u32,
    /// Orders that are live, and those whose absence was confirmed within 7 days.
    pub live_orders: u32,
    /// Those of them that are absent.
    pub absent_orders: u32,
    /// Whether so many are absent that nothing is confirmed until an operator accepts it.
    pub holds_back: bool,
}

impl AbsenceStock {
    pub(crate) fn of<'a>(
        accounts: impl Iterator<Item = &'a Account>,
        orders: impl Iterator<Item = &'a Entitlement>,
        unreadable: [(StockKind, usize); 2],
        now: Timestamp,
    ) -> Self {
        let mut stock = Stock::of(None);
        for account in accounts {
            stock.add_account(account, now);
        }
        for order in orders {
            stock.add_order(order, now);
        }
        for (kind, count) in unreadable {
            stock.add_unreadable(kind, count);
        }
        let holds_back = stock.brakes().is_some();
        let Tally {
            accounts,
            absent_accounts,
            confirmed_accounts,
            orders,
            absent_orders,
            confirmed_orders,
            unreadable_accounts: _,
            unreadable_orders: _,
        } = stock.tally();
        Self {
            live_accounts: accounts,
            absent_accounts: absent_accounts.saturating_add(confirmed_accounts),
            live_orders: orders,
            absent_orders: absent_orders.saturating_add(confirmed_orders),
            holds_back,
        }
    }
}
