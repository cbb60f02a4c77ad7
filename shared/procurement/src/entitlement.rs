//! What a customer has bought.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::fields::{id_in_name, if_readable, optional, or_empty, unspecified};

/// What a customer has bought: schema `Entitlement` of the discovery document.
///
/// Durations are in ISO 8601 (`P1Y`), offers are resource names, both as Google writes them. What decides about an
/// order must be readable: its account, its state, its product and its times. A plan that is not decides nothing
/// wrongly: the order counts as one without.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entitlement {
    /// From `name`, `providers/{provider}/entitlements/{id}`.
    #[serde(rename = "name", deserialize_with = "id_in_name")]
    pub id: EntitlementId,
    /// Whose it is; from `providers/{provider}/accounts/{id}`.
    #[serde(deserialize_with = "id_in_name")]
    pub account: ProcurementAccountId,
    /// Where it is in its life.
    #[serde(default = "unspecified")]
    pub state: EntitlementState,
    /// The product; see [`Entitlement::product_id`].
    #[serde(default, deserialize_with = "optional")]
    pub product_external_name: Option<ProductId>,
    /// Deprecated by Google: a product, a quote or an offer.
    #[serde(default, deserialize_with = "optional")]
    pub product: Option<String>,
    /// The plan, if the product has plans and its name can be read.
    #[serde(default, deserialize_with = "if_readable")]
    pub plan: Option<PlanId>,
    /// The plan that a change leads to, if one is pending and its name can be read.
    #[serde(default, deserialize_with = "if_readable")]
    pub new_pending_plan: Option<PlanId>,
    /// The order, which has the same id.
    #[serde(default, deserialize_with = "if_readable")]
    pub order_id: Option<String>,
    /// The offer in force, or the first to come.
    #[serde(default, deserialize_with = "optional")]
    pub offer: Option<String>,
    /// How long that offer runs, if it has no end date.
    #[serde(default, deserialize_with = "if_readable")]
    pub offer_duration: Option<String>,
    /// When the current term of that offer ends.
    #[serde(default, deserialize_with = "optional")]
    pub offer_end_time: Option<Timestamp>,
    /// The offer that a change leads to.
    #[serde(default, deserialize_with = "optional")]
    pub new_pending_offer: Option<String>,
    /// How long that offer runs, if it has no end date.
    #[serde(default, deserialize_with = "if_readable")]
    pub new_pending_offer_duration: Option<String>,
    /// When the coming offer begins. While it is in the future there is no access by it.
    #[serde(default, deserialize_with = "optional")]
    pub new_offer_start_time: Option<Timestamp>,
    /// When the coming offer ends.
    #[serde(default, deserialize_with = "optional")]
    pub new_offer_end_time: Option<Timestamp>,
    /// When the subscription ends or has ended.
    #[serde(default, deserialize_with = "optional")]
    pub subscription_end_time: Option<Timestamp>,
    /// The quote it was bought by.
    #[serde(default, deserialize_with = "if_readable")]
    pub quote_external_name: Option<String>,
    /// The benefits bought.
    #[serde(default, deserialize_with = "or_empty")]
    pub entitlement_benefit_ids: Vec<String>,
    /// Whom usage is reported for, such as `project_number:123`; may be missing at first.
    #[serde(default, deserialize_with = "optional")]
    pub usage_reporting_id: Option<String>,
    /// The projects that use it.
    #[serde(default, deserialize_with = "or_empty")]
    pub consumers: Vec<Consumer>,
    /// The vendor's message to the customer while they wait for the vendor.
    #[serde(default, deserialize_with = "optional")]
    pub message_to_user: Option<String>,
    /// Why it ended. Nothing may depend on its values, says Google.
    #[serde(default, deserialize_with = "if_readable")]
    pub cancellation_reason: Option<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "optional")]
    pub create_time: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "optional")]
    pub update_time: Option<Timestamp>,
    /// What was collected from the customer. Deprecated by Google, and not for the log.
    #[serde(default, deserialize_with = "or_empty")]
    pub input_properties: Map<String, Value>,
}

/// A project that uses an entitlement: schema `Consumer`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consumer {
    /// Its name, `projects/{id}`.
    #[serde(default, deserialize_with = "if_readable")]
    pub project: Option<String>,
}

impl Entitlement {
    /// The product that was bought: `productExternalName`, or in older resources the deprecated
    /// `product` if that is a product's id.
    pub fn product_id(&self) -> Option<ProductId> {
        self.product_external_name
            .clone()
            .or_else(|| ProductId::parse(self.product.as_deref()?).ok())
    }

    /// The product in the path of the offer, if nothing else names it: new orders may come with an offer in the
    /// place of the product.
    pub fn product_in_offer(&self) -> Option<ProductId> {
        if self.product_id().is_some() {
            return None;
        }
        let mut paths = [&self.product, &self.offer].into_iter().flatten();
        paths.find_map(|path| service_of_offer(path))
    }
}

/// The service in `projects/{project}/services/{service}/privateOffers/{offer}`, or in the path of a standard offer.
fn service_of_offer(path: &str) -> Option<ProductId> {
    let segments: Vec<&str> = path.split('/').collect();
    match *segments.as_slice() {
        [
            "projects",
            _,
            "services",
            service,
            "privateOffers" | "standardOffers",
            _,
        ] => ProductId::parse(service).ok(),
        _ => None,
    }
}
