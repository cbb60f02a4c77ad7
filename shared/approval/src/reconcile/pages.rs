//! What is to be looked at, page by page.

use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId};
use procurement::{PageToken, ProcurementError};
use serde_json::Value;

use super::look::Subject;
use crate::decide::Order;
use crate::follow::absence;
use crate::{FollowError, Follower};
use marketplace::At;

/// Stored records looked at in one page: each costs a question to Google.
const PAGE: usize = 40;

/// Where a page ends.
pub(super) enum Page {
    /// The next one begins after this.
    After(String),
    /// It was the last one.
    Last,
}

impl Follower {
    /// Only while Google finds something else: an API that finds nothing confirms nothing.
    pub(super) async fn absences(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<(Vec<Subject>, Page), FollowError> {
        let waiting = self
            .store
            .events_with_outcome(absence::UNCONFIRMED, after, PAGE, at.deadline)
            .await?;
        let Some(last) = waiting.last().map(|event| event.record.id.clone()) else {
            return Ok((Vec::new(), Page::Last));
        };
        let control = self.procurement.accounts(None, at.deadline).await?;
        if control.resources.is_empty() {
            tracing::warn!("Google lists no account, so no absence is confirmed");
            return Ok((Vec::new(), Page::Last));
        }
        let page = page_end(waiting.len(), last);
        let resources = waiting
            .into_iter()
            .filter_map(|event| event.record.resource);
        Ok((resources.map(Subject::Absence).collect(), page))
    }

    pub(super) async fn google_accounts(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<(Vec<Subject>, Page), FollowError> {
        let page = self
            .procurement
            .accounts(token(after).as_ref(), at.deadline)
            .await;
        let Some(page) = unless_refused(page, after)? else {
            return Ok((Vec::new(), Page::Last));
        };
        let subjects = page
            .resources
            .into_iter()
            .map(|account| Subject::Account(account.id.clone(), Some(Box::new(account))));
        Ok((subjects.collect(), listed_end(page.next.as_ref())))
    }

    pub(super) async fn google_entitlements(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<(Vec<Subject>, Page), FollowError> {
        let page = self
            .procurement
            .entitlements(token(after).as_ref(), at.deadline)
            .await;
        let Some(page) = unless_refused(page, after)? else {
            return Ok((Vec::new(), Page::Last));
        };
        let products = self.approvals.products();
        let orders = page.resources.iter().filter_map(Order::from_google);
        let subjects = orders
            .filter(|order| products.serves(&order.record.product))
            .map(|order| Subject::Entitlement(order.record.id.clone(), Some(Box::new(order))));
        Ok((subjects.collect(), listed_end(page.next.as_ref())))
    }

    /// Absence from a list means nothing, so each is asked for by itself.
    pub(super) async fn stored_accounts(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<(Vec<Subject>, Page), FollowError> {
        let after = after.and_then(|id| ProcurementAccountId::parse(id).ok());
        let stored = self
            .store
            .accounts_after(after.as_ref(), PAGE, at.deadline)
            .await?;
        let Some(last) = stored.last().map(|account| account.record.id.to_string()) else {
            return Ok((Vec::new(), Page::Last));
        };
        let page = page_end(stored.len(), last);
        let subjects = stored
            .into_iter()
            .map(|account| match account.record.deleted {
                Some(_) => Subject::Buried(account.record.id),
                None => Subject::Account(account.record.id, None),
            });
        Ok((subjects.collect(), page))
    }

    /// As [`stored_accounts`](Self::stored_accounts). What has ended is left alone: it waits only
    /// to be purged.
    pub(super) async fn stored_entitlements(
        &self,
        after: Option<&str>,
        at: At,
    ) -> Result<(Vec<Subject>, Page), FollowError> {
        let after = after.and_then(|id| EntitlementId::parse(id).ok());
        let stored = self
            .store
            .entitlements_after(after.as_ref(), PAGE, at.deadline)
            .await?;
        let Some(last) = stored.last().map(|it| it.record.id.to_string()) else {
            return Ok((Vec::new(), Page::Last));
        };
        let page = page_end(stored.len(), last);
        let cancelled = EntitlementState::Cancelled;
        let open = stored.into_iter().filter(|it| it.record.state != cancelled);
        let subjects = open.map(|it| Subject::Entitlement(it.record.id, None));
        Ok((subjects.collect(), page))
    }
}

/// A token that Google does not take any more ends the list; the next round begins it anew.
fn unless_refused<T>(
    page: Result<T, ProcurementError>,
    after: Option<&str>,
) -> Result<Option<T>, FollowError> {
    match page {
        Err(ProcurementError::Refused(_)) if after.is_some() => Ok(None),
        page => Ok(Some(page?)),
    }
}

fn token(after: Option<&str>) -> Option<PageToken> {
    serde_json::from_value(Value::from(after?)).ok()
}

fn listed_end(next: Option<&PageToken>) -> Page {
    match next.map(serde_json::to_value) {
        Some(Ok(Value::String(token))) => Page::After(token),
        _ => Page::Last,
    }
}

fn page_end(found: usize, last: String) -> Page {
    if found < PAGE {
        Page::Last
    } else {
        Page::After(last)
    }
}
