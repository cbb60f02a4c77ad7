//! Which resources are compared, page by page.

use std::collections::BTreeSet;

use approval::GoogleOrder;
use lifecycle::{Lifecycle, Resource, Stock, StockKind, SyncError};
use marketplace::At;
use procurement::{PageToken, ProcurementError, UnusableResource};
use serde_json::Value;
use store::{Absence, Account, Entitlement};

use super::compare::Compare;
use super::part::{Part, Position};
use crate::handler::Handler;

/// Stored records of one page: each costs one question to Google.
const PAGE: usize = 40;

pub(super) struct ComparePage {
    pub(super) resources: Vec<Compare>,
    pub(super) end: PageEnd,
    /// Documents, or items of Google's list, that could not be read and were left out.
    pub(super) unreadable: usize,
    /// What the round has counted once this page is done; none if this part counts nothing.
    pub(super) stock: Option<Stock>,
}

pub(super) enum PageEnd {
    /// The next one begins after this.
    After(String),
    Last,
}

impl ComparePage {
    /// Nothing is left of this part.
    pub(super) fn empty() -> Self {
        Self {
            resources: Vec::new(),
            end: PageEnd::Last,
            unreadable: 0,
            stock: None,
        }
    }
}

impl Handler {
    pub(super) async fn page(&self, position: &Position, at: At) -> Result<ComparePage, SyncError> {
        let after = position.after.as_deref();
        match position.part {
            Part::Absences => self.absences(after, at).await,
            Part::GoogleAccounts => self.google_accounts(after, at).await,
            Part::GoogleEntitlements => self.google_entitlements(after, at).await,
            Part::StoredAccounts => self.stored_accounts(position, at).await,
            Part::StoredEntitlements => self.stored_entitlements(position, at).await,
        }
    }

    async fn absences(&self, after: Option<&str>, at: At) -> Result<ComparePage, SyncError> {
        let waiting = self.lifecycle.unknown_absences(after, PAGE, at).await?;
        let absent = waiting.records.into_iter();
        let absent = absent.map(|stored| Box::new(stored.record));
        Ok(ComparePage {
            resources: absent.map(Compare::Unknown).collect(),
            end: waiting.next.map_or(PageEnd::Last, PageEnd::After),
            unreadable: waiting.unreadable,
            ..ComparePage::empty()
        })
    }

    async fn google_accounts(&self, after: Option<&str>, at: At) -> Result<ComparePage, SyncError> {
        let (procurement, token) = (self.approvals.procurement(), token(after));
        let page = procurement.accounts(token.as_ref(), at.deadline).await;
        let Some(page) = unless_refused(page, after)? else {
            return Ok(ComparePage::empty());
        };
        warn_of_unusable("account", &page.unusable);
        let accounts = page.resources.into_iter().map(Box::new);
        Ok(ComparePage {
            resources: accounts.map(Compare::ListedAccount).collect(),
            end: listed_end(page.next.as_ref()),
            unreadable: page.unusable.len(),
            ..ComparePage::empty()
        })
    }

    /// Orders of products that are not served are left out, unless they were stored when they were.
    async fn google_entitlements(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<ComparePage, SyncError> {
        let (procurement, token) = (self.approvals.procurement(), token(after));
        let page = procurement.entitlements(token.as_ref(), at.deadline);
        let Some(page) = unless_refused(page.await, after)? else {
            return Ok(ComparePage::empty());
        };
        warn_of_unusable("entitlement", &page.unusable);
        let (products, provider) = (self.approvals.products(), procurement.provider());
        let orders = page.resources.iter();
        let orders = orders.filter_map(|order| GoogleOrder::read(order, provider));
        let served = orders.filter(|order| products.serves(&order.record.product));
        Ok(ComparePage {
            resources: served.map(Box::new).map(Compare::ListedOrder).collect(),
            end: listed_end(page.next.as_ref()),
            unreadable: page.unusable.len(),
            ..ComparePage::empty()
        })
    }

    /// That Google's list does not contain an account proves nothing, so Google is asked for each. Closed accounts
    /// are not asked for: Google's list shows those that it has again.
    async fn stored_accounts(&self, position: &Position, at: At) -> Result<ComparePage, SyncError> {
        let after = position.after.as_deref();
        let page = self.store.walk_accounts(after, PAGE, at.deadline).await?;
        let mut stock = position.stock;
        stock.add_unreadable(StockKind::Accounts, page.unreadable);
        let accounts = page.records.into_iter().map(|stored| stored.record);
        let provider = self.approvals.procurement().provider();
        let ours = accounts.filter(|account| account.is_of(provider));
        let ours = ours.inspect(|account| stock.add_account(account, at.now));
        let resources = ours.filter_map(|account| self.account_to_compare(account, at));
        Ok(ComparePage {
            resources: resources.collect(),
            end: page.next.map_or(PageEnd::Last, PageEnd::After),
            unreadable: page.unreadable,
            stock: Some(stock),
        })
    }

    fn account_to_compare(&self, account: Account, at: At) -> Option<Compare> {
        if Lifecycle::is_due_to_be_erased(&account, self.erase_after, at) {
            return Some(Compare::Erase(account.id));
        }
        if account.is_closed() && !account.service_account_may_work() {
            return None;
        }
        Some(to_compare(
            Resource::Account(account.id),
            account.absent,
            at,
        ))
    }

    /// As [`stored_accounts`](Self::stored_accounts), without the orders that have ended: they do not change any more.
    async fn stored_entitlements(
        &self,
        position: &Position,
        at: At,
    ) -> Result<ComparePage, SyncError> {
        let after = position.after.as_deref();
        let page = self
            .store
            .walk_entitlements(after, PAGE, at.deadline)
            .await?;
        let mut stock = position.stock;
        stock.add_unreadable(StockKind::Orders, page.unreadable);
        let orders = page.records.into_iter().map(|stored| stored.record);
        let provider = self.approvals.procurement().provider();
        let ours = orders.filter(|order| order.is_of(provider));
        let ours: Vec<_> = ours
            .inspect(|order| stock.add_order(order, at.now))
            .filter(|order| !order.has_ended())
            .collect();
        self.warn_of_removed_products(&ours);
        let resources = ours.into_iter();
        let resources =
            resources.map(|order| to_compare(Resource::Entitlement(order.id), order.absent, at));
        Ok(ComparePage {
            resources: resources.collect(),
            end: page.next.map_or(PageEnd::Last, PageEnd::After),
            unreadable: page.unreadable,
            stock: Some(stock),
        })
    }

    /// Taking a product out of `PRODUCTS` ends no access by it. An operator should know that customers still have it.
    fn warn_of_removed_products(&self, orders: &[Entitlement]) {
        let products = self.approvals.products();
        let removed = orders.iter().map(|order| &order.product);
        let removed: BTreeSet<_> = removed.filter(|id| !products.serves(id)).collect();
        for product in removed {
            tracing::error!(
                alert = "product-removed",
                product = %product,
                "orders are in force of a product that is not among PRODUCTS: they are followed, and none is approved"
            );
        }
    }
}

/// A resource that has been absent for long is confirmed; every other one is compared.
fn to_compare(resource: Resource, absent: Option<Absence>, at: At) -> Compare {
    match absent {
        Some(absence) if Lifecycle::is_confirmable(absence, at) => {
            Compare::Absent(resource, absence)
        }
        _ => Compare::Stored(resource),
    }
}

/// One bad item does not hide the others, and is not passed over in silence.
fn warn_of_unusable(kind: &str, unusable: &[UnusableResource]) {
    for reason in unusable {
        tracing::warn!(
            kind,
            reason = %reason,
            "Google's list has an item that is not as documented; it is left out"
        );
    }
}

/// If Google no longer accepts a page token, the list ends; the next round starts it from the beginning.
fn unless_refused<T>(
    page: Result<T, ProcurementError>,
    after: Option<&str>,
) -> Result<Option<T>, SyncError> {
    match page {
        Err(ProcurementError::Refused(_)) if after.is_some() => Ok(None),
        page => Ok(Some(page?)),
    }
}

fn token(after: Option<&str>) -> Option<PageToken> {
    serde_json::from_value(Value::from(after?)).ok()
}

fn listed_end(next: Option<&PageToken>) -> PageEnd {
    match next.map(serde_json::to_value) {
        Some(Ok(Value::String(token))) => PageEnd::After(token),
        _ => PageEnd::Last,
    }
}
