//! Synchronizes an account or an order.

use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

impl Lifecycle {
    /// Asks Google for a resource and applies the answer.
    pub async fn sync(
        &self,
        resource: &Resource,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        match resource {
            Resource::Account(id) => Box::pin(self.sync_account(id, request)).await,
            Resource::Entitlement(id) => Box::pin(self.sync_entitlement(id, request)).await,
        }
    }
}
