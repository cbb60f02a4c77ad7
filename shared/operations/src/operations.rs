//! What every operation about customers needs: Google and the store.

use std::time::Duration;

use jiff::SignedDuration;
use marketplace::{Deadline, EntitlementId, ProductId, Products, ProviderId};
use outbox::Notify;
use procurement::{Entitlement, Procurement};
use store::Store;

use crate::clock::Clock;
use crate::error::OperationError;

/// The operations about customers. Each module adds its own.
pub struct Operations {
    /// The Procurement API, which knows accounts and entitlements.
    pub procurement: Procurement,
    /// What this deployment has stored.
    pub store: Store,
    /// The products that are decided about.
    pub products: Products,
    /// Whose accounts and orders are looked at.
    pub provider: ProviderId,
    /// Whether the application is notified of changes.
    pub notify: Notify,
    /// How long the personal data of a closed account is kept.
    pub erase_after: SignedDuration,
    /// What time it is.
    pub clock: Clock,
}

impl Operations {
    /// Whether this deployment serves the entitlement's product.
    pub(crate) fn serves(&self, entitlement: &Entitlement) -> bool {
        let product = product_of(entitlement);
        product.is_some_and(|product| self.products.serves(&product))
    }

    /// What Google says of an entitlement, which must be of a configured product.
    pub(crate) async fn served_entitlement(
        &self,
        id: &EntitlementId,
    ) -> Result<Entitlement, OperationError> {
        let entitlement = self.procurement.entitlement(id, call_deadline()).await?;
        if self.serves(&entitlement) {
            return Ok(entitlement);
        }
        let product = product_of(&entitlement);
        let product = product.map_or_else(|| "unknown".to_owned(), |product| product.to_string());
        Err(OperationError::not_applicable(format!(
            "entitlement {id} is of the product {product}, which is not among PRODUCTS"
        )))
    }
}

/// The product that was bought, also if it is named only in the path of the offer.
pub(crate) fn product_of(entitlement: &Entitlement) -> Option<ProductId> {
    let product = entitlement.product_id();
    product.or_else(|| entitlement.product_in_offer())
}

/// The deadline of one call that begins now. A person waits for it, and it may be the first call of
/// a cold database.
pub fn call_deadline() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}
