//! What Google does not find any more, and an operator's word that it is gone.

use jiff::{SignedDuration, Timestamp};
use lifecycle::StockKind;
use marketplace::{EntitlementId, ProcurementAccountId};
use serde::Serialize;
use store::{Absence, Account, Entitlement, Stored};

use crate::absence_stock::AbsenceStock;
use crate::error::OperationError;
use crate::operations::Operations;

/// How long an absence must have lasted before reconciliation believes it.
const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What is absent; its JSON is part of the interface of `operator absences`.
#[derive(Debug, Serialize)]
pub struct Absences {
    /// Accounts and orders that are stored as live and that Google does not find.
    pub resources: Vec<AbsentResource>,
    /// The figures by which reconciliation decides whether it believes absences.
    pub stock: AbsenceStock,
    /// How many documents cannot be read.
    pub unreadable: usize,
}

/// An account or an order that Google does not find.
#[derive(Debug, Serialize)]
pub struct AbsentResource {
    /// Its account, which is the resource itself if there is no order.
    pub account: ProcurementAccountId,
    /// The order.
    pub order: Option<EntitlementId>,
    /// Since when.
    pub since: Timestamp,
    /// When an operator accepted that it is gone.
    pub accepted: Option<Timestamp>,
    /// From when on reconciliation confirms it by itself; none if it waits for an operator.
    pub confirmed_by_itself_from: Option<Timestamp>,
    #[serde(skip)]
    pub(crate) stored: StoredResource,
}

/// A resource as it was read.
#[derive(Debug, Clone)]
pub(crate) enum StoredResource {
    Account(Box<Stored<Account>>),
    Order(Box<Stored<Entitlement>>),
}

impl AbsentResource {
    /// The id by which it is accepted.
    pub fn id(&self) -> &str {
        let account = self.account.as_str();
        self.order.as_ref().map_or(account, EntitlementId::as_str)
    }

    /// What it is.
    pub fn kind(&self) -> &'static str {
        match self.order {
            None => "account",
            Some(_) => "order",
        }
    }
}

impl Operations {
    /// Lists what Google does not find.
    pub async fn absences(&self) -> Result<Absences, OperationError> {
        let (accounts, orders) = (self.all_accounts().await?, self.all_orders().await?);
        let unreadable = accounts.unreadable + orders.unreadable;
        let unreadable_of_each = [
            (StockKind::Accounts, accounts.unreadable),
            (StockKind::Orders, orders.unreadable),
        ];
        let (mut accounts, mut orders) = (accounts.records, orders.records);
        accounts.retain(|it| it.record.is_of(&self.provider));
        orders.retain(|it| it.record.is_of(&self.provider));
        let stock = AbsenceStock::of(
            accounts.iter().map(|it| &it.record),
            orders.iter().map(|it| &it.record),
            unreadable_of_each,
            self.clock.now(),
        );
        let absent_accounts = accounts.into_iter().filter_map(absent_account);
        let absent_orders = orders.into_iter().filter_map(absent_order);
        let mut resources: Vec<_> = absent_accounts.chain(absent_orders).collect();
        let has_found_accounts = stock.live_accounts > stock.absent_accounts;
        for resource in &mut resources {
            let is_believed = !stock.holds_back || resource.accepted.is_some();
            let from = resource.since.saturating_add(CONFIRMED_AFTER).ok();
            // Another account that Google finds has to show that Google answers at all.
            let has_control = has_found_accounts || resource.accepted.is_some();
            resource.confirmed_by_itself_from = from.filter(|_| is_believed && has_control);
        }
        Ok(Absences {
            resources,
            stock,
            unreadable,
        })
    }
}

fn absent_account(stored: Stored<Account>) -> Option<AbsentResource> {
    let Absence { since, accepted } = stored.record.absent?;
    (!stored.record.is_closed()).then(|| AbsentResource {
        account: stored.record.id.clone(),
        order: None,
        since,
        accepted,
        confirmed_by_itself_from: None,
        stored: StoredResource::Account(Box::new(stored)),
    })
}

fn absent_order(stored: Stored<Entitlement>) -> Option<AbsentResource> {
    let Absence { since, accepted } = stored.record.absent?;
    (!stored.record.has_ended()).then(|| AbsentResource {
        account: stored.record.account.clone(),
        order: Some(stored.record.id.clone()),
        since,
        accepted,
        confirmed_by_itself_from: None,
        stored: StoredResource::Order(Box::new(stored)),
    })
}
