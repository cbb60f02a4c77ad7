//! What a customer bought.

use jiff::Timestamp;
use marketplace::{
    Deadline, EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId,
};

use crate::documents::collections::ENTITLEMENTS;
use crate::documents::query::Query;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored};

/// An entitlement as the Procurement API last described it. Each order is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// Google's id of it, which is also the order's.
    pub id: EntitlementId,
    /// The account that bought.
    pub account: ProcurementAccountId,
    /// What was bought.
    pub product: ProductId,
    /// The plan in force.
    pub plan: Option<PlanId>,
    /// The private offer it was bought under, as a resource name.
    pub offer: Option<String>,
    /// Its state.
    pub state: EntitlementState,
    /// Under what usage is reported, such as `project_number:123`.
    pub usage_reporting_id: Option<String>,
    /// When Google made it.
    pub create_time: Timestamp,
    /// When Google last changed it: guards against older events.
    pub update_time: Timestamp,
    /// When the subscription ends, if it does.
    pub subscription_end: Option<Timestamp>,
    /// When it begins, if it is approved and waits for that. Google says it of an order that waits
    /// only once it is approved (discovery document, `Entitlement.newOfferStartTime`).
    pub starts: Option<Timestamp>,
    /// When Google was found to have purged it. The record stays, so that an older event
    /// cannot reopen it.
    pub deleted: Option<Timestamp>,
}

impl Entitlement {
    /// Whether it waits to be approved, and not for its start.
    pub fn waits_for_approval(&self) -> bool {
        self.state == EntitlementState::ActivationRequested && self.starts.is_none()
    }
}

impl Document {
    /// An entitlement.
    pub fn entitlement(id: &EntitlementId) -> Self {
        Self::new(ENTITLEMENTS, id.as_str())
    }
}

impl Store {
    /// An entitlement.
    pub async fn entitlement(
        &self,
        id: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Entitlement>>, StoreUnavailable> {
        self.one(Document::entitlement(id), deadline).await
    }

    /// Some entitlements, in this order, in one round trip.
    pub async fn entitlements(
        &self,
        ids: &[EntitlementId],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<Entitlement>>>, StoreUnavailable> {
        let documents = ids.iter().map(Document::entitlement).collect();
        self.each(documents, deadline).await
    }

    /// All entitlements of an account, in the order of their ids.
    pub async fn entitlements_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let query = Query::of_account(ENTITLEMENTS, account);
        self.many(query, deadline).await
    }

    /// At most `limit` entitlements in this state, in the order of their ids.
    pub async fn entitlements_in(
        &self,
        state: &EntitlementState,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let query = Query::page(ENTITLEMENTS, None, limit).with("state", state.as_str());
        self.many(query, deadline).await
    }

    /// At most `limit` entitlements in the order of their ids, from the one after `after` on.
    pub async fn entitlements_after(
        &self,
        after: Option<&EntitlementId>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let after = after.map(EntitlementId::as_str);
        self.many(Query::page(ENTITLEMENTS, after, limit), deadline)
            .await
    }
}

stored_record! {
    Entitlement, in ENTITLEMENTS, at |entitlement| Document::entitlement(&entitlement.id);
    id: id;
    fields: account, product, plan, offer, state, usage_reporting_id, create_time, update_time,
        subscription_end, starts, deleted;
}
