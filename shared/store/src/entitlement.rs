//! What a customer bought.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};

use crate::document::ENTITLEMENTS;
use crate::fields::{Fields, Reader};
use crate::record::{Decode, Encode};
use crate::{Document, StoreUnavailable};

/// An entitlement as the Procurement API last told it. Each order is one.
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
    /// When Google last changed it: guards against older news.
    pub update_time: Timestamp,
    /// When the subscription ends, if it does.
    pub subscription_end: Option<Timestamp>,
    /// When it begins, if it is approved and waits for that. Google says it of an order that waits
    /// only once it is approved (discovery document, `Entitlement.newOfferStartTime`).
    pub starts: Option<Timestamp>,
    /// When Google was found to have purged it. The record stays as a tombstone that older news
    /// cannot reopen.
    pub deleted: Option<Timestamp>,
}

impl Entitlement {
    /// Whether it waits to be approved, and not for its start.
    pub fn waits_for_approval(&self) -> bool {
        self.state == EntitlementState::ActivationRequested && self.starts.is_none()
    }
}

impl Encode for Entitlement {
    fn document(&self) -> Document {
        Document::entitlement(&self.id)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("account", &self.account)
            .with("product", &self.product)
            .with("plan", self.plan.as_ref())
            .with("offer", self.offer.as_deref())
            .with("state", &self.state)
            .with("usage_reporting_id", self.usage_reporting_id.as_deref())
            .with("create_time", self.create_time)
            .with("update_time", self.update_time)
            .with("subscription_end", self.subscription_end)
            .with("starts", self.starts)
            .with("deleted", self.deleted)
    }
}

impl Decode for Entitlement {
    const COLLECTION: &'static str = ENTITLEMENTS;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            id: EntitlementId::parse(id).map_err(|_| reader.wrong("id"))?,
            account: reader.required("account")?,
            product: reader.required("product")?,
            plan: reader.optional("plan")?,
            offer: reader.optional("offer")?,
            state: reader.required("state")?,
            usage_reporting_id: reader.optional("usage_reporting_id")?,
            create_time: reader.required("create_time")?,
            update_time: reader.required("update_time")?,
            subscription_end: reader.optional("subscription_end")?,
            starts: reader.optional("starts")?,
            deleted: reader.optional("deleted")?,
        })
    }
}
