//! Whose store this is, before anything in it is compared.

use lifecycle::SyncError;
use marketplace::At;
use store::NotOurStore;

use crate::error::EventsFault;
use crate::handler::Handler;

impl Handler {
    /// Refuses a store of another provider. One that an earlier version filled belongs to nobody: it becomes this
    /// provider's once one of its accounts was found.
    pub(super) async fn ensure_owner(&self, at: At) -> Result<(), EventsFault> {
        let ownership = self.approvals.ownership();
        ownership.ensure(at).await.map_err(not_ours)?;
        let owner = self.store.deployment(at.deadline).await?;
        if owner.is_some() {
            return Ok(());
        }
        let found = self.lifecycle.finds_another_account(None, at).await;
        if found.map_err(EventsFault::from)? || !self.has_live_account(at).await? {
            return ownership.claim(at).await.map_err(not_ours);
        }
        tracing::error!(
            alert = "other-provider",
            "none of the stored accounts was found under PROCUREMENT_PROVIDER; `operator doctor` explains"
        );
        Err(EventsFault::OtherProvider)
    }

    async fn has_live_account(&self, at: At) -> Result<bool, EventsFault> {
        let page = self.store.walk_accounts(None, 1_000, at.deadline).await?;
        let mut accounts = page.records.iter();
        Ok(accounts.any(|account| self.lifecycle.is_looked_at(&account.record)))
    }
}

fn not_ours(error: NotOurStore) -> EventsFault {
    match error {
        NotOurStore::OtherProvider => {
            tracing::error!(
                alert = "other-provider",
                "the store belongs to another provider than PROCUREMENT_PROVIDER; `operator doctor` explains"
            );
            EventsFault::OtherProvider
        }
        NotOurStore::Store(error) => EventsFault::Sync(SyncError::Store(error)),
    }
}
