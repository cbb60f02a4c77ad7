//! What a customer bought.

use jiff::Timestamp;
use marketplace::{
    Deadline, EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId, ProviderId,
};

use crate::documents::collections::ENTITLEMENTS;
use crate::documents::query::Query;
use crate::documents::record::stored_record;
use crate::documents::value::stored_names;
use crate::{Absence, Document, Store, StoreUnavailable, Stored, Walked};

/// An entitlement as the Procurement API last described it. Each order is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// Google's id of it, which is also the order's.
    pub id: EntitlementId,
    /// Under which provider id it was found. Older records have none: they belong to the deployment's provider.
    pub provider: Option<ProviderId>,
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
    /// Why it waits although no rule says what to do about it; an operator has to look at it.
    pub unruled: Option<Unruled>,
    /// Since when Google does not find it; none while it does.
    pub absent: Option<Absence>,
    /// Since when Google does not have it any more: the first moment at which it was not found. The record stays,
    /// so that an older event cannot reopen it.
    pub deleted: Option<Timestamp>,
    /// When `deleted` was recorded because the order stayed absent; none if Google said that it deleted it.
    pub absence_confirmed: Option<Timestamp>,
}

/// Why an order waits and fits no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unruled {
    /// A change that names an offer and no plan: the API approves plans only.
    ChangeWithoutPlan,
    /// The product is named only in the path of the offer.
    ProductOnlyInOffer,
    /// Its state is in no document.
    UnknownState,
}

stored_names! {
    /// The reason as it is stored, logged and shown to operators.
    Unruled: ChangeWithoutPlan = "change-without-plan", ProductOnlyInOffer = "product-only-in-offer",
        UnknownState = "unknown-state"
}

impl Unruled {
    /// Every reason.
    pub const ALL: [Self; 3] = [
        Self::ChangeWithoutPlan,
        Self::ProductOnlyInOffer,
        Self::UnknownState,
    ];
}

impl Entitlement {
    /// An order of which only this is known.
    pub fn new(
        id: &EntitlementId,
        account: &ProcurementAccountId,
        product: &ProductId,
        state: &EntitlementState,
        created: Timestamp,
    ) -> Self {
        Self {
            id: id.clone(),
            provider: None,
            account: account.clone(),
            product: product.clone(),
            plan: None,
            offer: None,
            state: state.clone(),
            usage_reporting_id: None,
            create_time: created,
            update_time: created,
            subscription_end: None,
            starts: None,
            unruled: None,
            absent: None,
            deleted: None,
            absence_confirmed: None,
        }
    }

    /// Whether it belongs to this provider, as far as the record says.
    pub fn is_of(&self, provider: &ProviderId) -> bool {
        self.provider.as_ref().is_none_or(|own| own == provider)
    }

    /// Whether somebody has to look at it, because no rule says what to do.
    pub fn waits_unruled(&self) -> bool {
        let waits = match self.unruled {
            None => false,
            Some(Unruled::ProductOnlyInOffer) => self.waits_for_approval(),
            Some(Unruled::ChangeWithoutPlan) => {
                self.state == EntitlementState::PendingPlanChangeApproval
            }
            Some(Unruled::UnknownState) => true,
        };
        waits && !self.has_ended()
    }

    /// Whether it has ended for good. A suspended order has not.
    pub fn has_ended(&self) -> bool {
        self.state == EntitlementState::Cancelled || self.deleted.is_some()
    }

    /// Whether it waits to be approved, and not for its start.
    pub fn waits_for_approval(&self) -> bool {
        self.state == EntitlementState::ActivationRequested && self.starts.is_none()
    }
}

impl Document {
    /// An entitlement.
    pub fn entitlement(id: &EntitlementId) -> Self {
        Self::new(ENTITLEMENTS, id.percent_encoded())
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

    /// All entitlements of an account, in the order of their ids. It fails if one of them cannot be read: an order
    /// that was left out could be the one that gives access.
    pub async fn entitlements_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let query = Query::of_account(ENTITLEMENTS, account);
        self.many(query, deadline).await
    }

    /// At most `limit` entitlements in this state, in the order of their ids, for lists and counts: what cannot be
    /// read is passed over.
    pub async fn entitlements_in(
        &self,
        state: &EntitlementState,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let query = Query::page(ENTITLEMENTS, None, limit).with("state", state.as_str());
        self.fill(query, deadline).await
    }

    /// At most `limit` entitlements that wait for this reason, in the order of their ids, for lists and counts: what
    /// cannot be read is passed over.
    pub async fn unruled_entitlements(
        &self,
        reason: Unruled,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let query = Query::page(ENTITLEMENTS, None, limit).with("unruled", reason.as_str());
        self.fill(query, deadline).await
    }

    /// One step through all entitlements, in the order of their ids: at most `limit` documents from the one after
    /// `after` on.
    pub async fn walk_entitlements(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<Entitlement>, StoreUnavailable> {
        self.walk(Query::page(ENTITLEMENTS, after, limit), deadline)
            .await
    }
}

stored_record! {
    Entitlement, in ENTITLEMENTS, at |entitlement| Document::entitlement(&entitlement.id);
    id: id;
    fields: provider, account, product, plan wide "plan_name", offer, state, usage_reporting_id, create_time,
        update_time, subscription_end, starts, unruled, absent, deleted, absence_confirmed;
}
