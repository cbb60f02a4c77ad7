//! A small model of Google's accounts and orders, some of which it does not find for a while.

use std::collections::BTreeSet;

use approval::GoogleOrder;
use jiff::Timestamp;
use marketplace::{
    ApprovalState, EntitlementId, EntitlementState as State, PlanId, ProcurementAccountId,
};
use store::Entitlement;

use crate::decide::tests::account::google as found_account;
use crate::decide::tests::records::{at, entitlement, provider};

pub(super) const ACCOUNTS: usize = 2;
pub(super) const ORDERS: usize = 3;

/// What Google can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Account(usize),
    Order(usize),
}

impl Thing {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let orders = (0..ORDERS).map(Self::Order);
        (0..ACCOUNTS).map(Self::Account).chain(orders)
    }
}

pub(super) fn account_id(account: usize) -> ProcurementAccountId {
    ProcurementAccountId::parse(format!("A-{account}")).unwrap()
}

pub(super) fn order_id(order: usize) -> EntitlementId {
    EntitlementId::parse(format!("E-{order}")).unwrap()
}

#[derive(Default)]
pub(super) struct Google {
    /// Every state each order was in, the newest last.
    orders: [Vec<Entitlement>; ORDERS],
    /// What Google does not find, although it has it.
    pub(super) vanished: BTreeSet<Thing>,
}

impl Google {
    /// The order is bought, or changes.
    pub(super) fn enter(&mut self, order: usize, state: &State, terms: usize, now: Timestamp) {
        let owner = self.newest(order).map(|newest| newest.account.clone());
        let plan = ["standard", "premium"][terms % 2];
        let record = Entitlement {
            id: order_id(order),
            provider: Some(provider()),
            account: owner.unwrap_or_else(|| account_id(order % ACCOUNTS)),
            plan: Some(PlanId::parse(plan).unwrap()),
            subscription_end: (terms / 2 == 1).then(|| at(99_000_000)),
            update_time: now,
            ..entitlement(state, 0)
        };
        self.orders[order].push(record);
    }

    /// The order belongs to the other account from now on.
    pub(super) fn move_order(&mut self, order: usize, now: Timestamp) {
        if let Some(newest) = self.newest(order) {
            let mut accounts = (0..ACCOUNTS).map(account_id);
            let record = Entitlement {
                account: accounts.find(|other| *other != newest.account).unwrap(),
                update_time: now,
                ..newest.clone()
            };
            self.orders[order].push(record);
        }
    }

    pub(super) fn newest(&self, order: usize) -> Option<&Entitlement> {
        self.orders[order].last()
    }

    /// The account, unless it has vanished.
    pub(super) fn account(&self, account: usize) -> Option<procurement::Account> {
        let is_found = !self.vanished.contains(&Thing::Account(account));
        is_found.then(|| procurement::Account {
            id: account_id(account),
            ..found_account(Some(ApprovalState::Approved), 0)
        })
    }

    /// The order as it was so many changes ago, unless it has vanished.
    pub(super) fn order(&self, order: usize, lag: usize) -> Option<GoogleOrder> {
        let is_found = !self.vanished.contains(&Thing::Order(order));
        let history = &self.orders[order];
        let record = history.iter().rev().nth(lag).or(history.first());
        let record = record.filter(|_| is_found)?;
        Some(GoogleOrder {
            record: record.clone(),
            pending_plan: None,
            has_message: false,
        })
    }
}
