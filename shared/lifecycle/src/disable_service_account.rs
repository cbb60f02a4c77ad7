//! Ends a customer's access to the vendor's project: disables their service account.

use marketplace::{Access, At, ProcurementAccountId};
use service_accounts::ServiceAccountName;
use store::{Commit, ServiceAccount, retry_contended};

use crate::{Lifecycle, SyncError};

impl Lifecycle {
    /// Disables the customer's service account, unless they have access again by now.
    pub(crate) async fn disable_service_account(
        &self,
        id: &ProcurementAccountId,
        at: At,
    ) -> Result<(), SyncError> {
        let stored = self.account_and_orders(id, at).await?;
        let Some(account) = stored.account.map(|stored| stored.record) else {
            return Ok(());
        };
        let access = account.access(&stored.orders);
        let may_work = account.service_account_may_work();
        match account.service_account.filter(|_| may_work) {
            Some(working) if access != Access::Live => {
                // By its unique id: another one may have been created at the same address later.
                let name = ServiceAccountName::by_unique_id(&working.email, &working.unique_id);
                self.service_accounts.disable(&name, at.deadline).await?;
                retry_contended(|| self.store_disabled(id, &working, at)).await
            }
            _ => Ok(()),
        }
    }

    async fn store_disabled(
        &self,
        id: &ProcurementAccountId,
        service_account: &ServiceAccount,
        at: At,
    ) -> Result<(), SyncError> {
        let Some(stored) = self.store.account(id, at.deadline).await? else {
            return Ok(());
        };
        if stored.record.service_account.as_ref() != Some(service_account) {
            return Ok(());
        }
        let account = stored.record.with_disabled(at.now);
        let commit = Commit::new().replace(&account, &stored.version);
        self.commit(commit, at).await
    }
}
