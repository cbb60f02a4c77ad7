//! Orders of products that are not configured: `PRODUCTS` may be mistyped, and then a list of nothing looks as if all
//! were well.

use std::collections::BTreeMap;

use marketplace::ProductId;
use procurement::Entitlement;

use crate::error::OperationError;
use crate::operations::Operations;
use crate::waiting::counted;

impl Operations {
    /// How many orders in force are of each product that is not configured. Those that are stored were served once. Those
    /// at Google may be another deployment's, and count only if nothing at all is of a configured product.
    pub(crate) async fn not_configured(
        &self,
        served_at_google: &[Entitlement],
        others_at_google: BTreeMap<ProductId, usize>,
    ) -> Result<BTreeMap<ProductId, usize>, OperationError> {
        let stored = self.all_orders().await?.records.into_iter();
        let stored = stored.map(|stored| stored.record);
        let live = stored.filter(|order| order.is_of(&self.provider) && !order.has_ended());
        let (served, others): (Vec<_>, Vec<_>) =
            live.partition(|order| self.products.serves(&order.product));
        let others = counted(others.into_iter().map(|order| order.product));
        let is_known = !served_at_google.is_empty() || !served.is_empty();
        Ok(if others.is_empty() && !is_known {
            others_at_google
        } else {
            others
        })
    }
}
