//! Which resources are compared, page by page.

use approval::GoogleOrder;
use lifecycle::{Resource, SyncError};
use marketplace::{At, EntitlementId, EntitlementState, ProcurementAccountId};
use procurement::{PageToken, ProcurementError};
use serde_json::Value;
use store::Stored;

use super::compare::Compare;
use super::part::{Part, Position};
use crate::handler::Handler;

/// Stored records of one page: each costs one question to Google.
const PAGE: usize = 40;

pub(super) struct ComparePage {
    pub(super) resources: Vec<Compare>,
    pub(super) end: PageEnd,
}

pub(super) enum PageEnd {
    /// The next one begins after this.
    After(String),
    Last,
}

impl ComparePage {
    /// Nothing is left of this part.
    fn empty() -> Self {
        Self {
            resources: Vec::new(),
            end: PageEnd::Last,
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
            Part::StoredAccounts => self.stored_accounts(after, at).await,
            Part::StoredEntitlements => self.stored_entitlements(after, at).await,
        }
    }

    /// Only while Google finds other accounts: if it finds none at all, no absence is confirmed.
    async fn absences(&self, after: Option<&str>, at: At) -> Result<ComparePage, SyncError> {
        let waiting = self.lifecycle.unconfirmed_absences(after, PAGE, at).await?;
        if waiting.is_empty() {
            return Ok(ComparePage::empty());
        }
        let procurement = self.approvals.procurement();
        let control = procurement.accounts(None, at.deadline).await?;
        if control.resources.is_empty() {
            tracing::warn!("Google lists no account, so no absence is confirmed");
            return Ok(ComparePage::empty());
        }
        let end = page_end(&waiting, |event| event.id.clone());
        let absent = waiting.into_iter();
        let absent = absent.filter_map(|event| event.record.resource);
        Ok(ComparePage {
            resources: absent.map(Compare::Absence).collect(),
            end,
        })
    }

    async fn google_accounts(&self, after: Option<&str>, at: At) -> Result<ComparePage, SyncError> {
        let (procurement, token) = (self.approvals.procurement(), token(after));
        let page = procurement.accounts(token.as_ref(), at.deadline).await;
        let Some(page) = unless_refused(page, after)? else {
            return Ok(ComparePage::empty());
        };
        let accounts = page.resources.into_iter().map(Box::new);
        Ok(ComparePage {
            resources: accounts.map(Compare::ListedAccount).collect(),
            end: listed_end(page.next.as_ref()),
        })
    }

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
        let products = self.approvals.products();
        let orders = page.resources.iter().filter_map(GoogleOrder::read);
        let served = orders.filter(|order| products.serves(&order.record.product));
        Ok(ComparePage {
            resources: served.map(Box::new).map(Compare::ListedOrder).collect(),
            end: listed_end(page.next.as_ref()),
        })
    }

    /// That Google's list does not contain an account proves nothing, so Google is asked for each.
    async fn stored_accounts(&self, after: Option<&str>, at: At) -> Result<ComparePage, SyncError> {
        let after = after.and_then(|id| ProcurementAccountId::parse(id).ok());
        let stored = self
            .store
            .accounts_after(after.as_ref(), PAGE, at.deadline)
            .await?;
        let end = page_end(&stored, |account| account.id.to_string());
        let accounts = stored.into_iter().map(|stored| stored.record);
        let resources = accounts.map(|account| match account.deleted {
            Some(_) => Compare::DeletedAccount(account.id),
            None => Compare::Stored(Resource::Account(account.id)),
        });
        Ok(ComparePage {
            resources: resources.collect(),
            end,
        })
    }

    /// As [`stored_accounts`](Self::stored_accounts), without the cancelled orders: they do not change any more.
    async fn stored_entitlements(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<ComparePage, SyncError> {
        let after = after.and_then(|id| EntitlementId::parse(id).ok());
        let stored = self
            .store
            .entitlements_after(after.as_ref(), PAGE, at.deadline)
            .await?;
        let end = page_end(&stored, |order| order.id.to_string());
        let orders = stored.into_iter().map(|stored| stored.record);
        let open = orders.filter(|order| order.state != EntitlementState::Cancelled);
        let resources = open.map(|order| Compare::Stored(Resource::Entitlement(order.id)));
        Ok(ComparePage {
            resources: resources.collect(),
            end,
        })
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

fn page_end<R>(page: &[Stored<R>], id: impl Fn(&R) -> String) -> PageEnd {
    match page.last() {
        Some(last) if page.len() >= PAGE => PageEnd::After(id(&last.record)),
        _ => PageEnd::Last,
    }
}
