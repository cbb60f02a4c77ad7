//! Whose store this is, before anything in it is compared.

use jiff::Timestamp;
use marketplace::At;

use crate::error::EventsFault;
use crate::handler::Handler;

/// Accounts read at once.
const PAGE: usize = 300;

impl Handler {
    /// Refuses a store of another provider. One that an earlier version filled belongs to nobody: it becomes this
    /// provider's once one of its accounts was found. Answers since when the store is this provider's.
    pub(super) async fn ensure_owner(&self, at: At) -> Result<Timestamp, EventsFault> {
        let ownership = self.approvals.ownership();
        ownership.ensure(at).await?;
        let owner = self.store.deployment(at.deadline).await?;
        if let Some(owner) = owner {
            return Ok(owner.record.since);
        }
        let found = self.lifecycle.finds_another_account(None, at).await?;
        if found || !self.has_live_account(at).await? {
            ownership.claim(at).await?;
            return Ok(at.now);
        }
        tracing::error!(
            alert = "other-provider",
            "none of the stored accounts was found under PROCUREMENT_PROVIDER; `operator doctor` explains"
        );
        Err(EventsFault::OtherProvider)
    }

    async fn has_live_account(&self, at: At) -> Result<bool, EventsFault> {
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .walk_accounts(after.as_deref(), PAGE, at.deadline);
            let page = page.await?;
            let mut accounts = page.records.iter();
            if accounts.any(|account| self.lifecycle.is_looked_at(&account.record)) {
                return Ok(true);
            }
            after = page.next;
            if after.is_none() {
                return Ok(false);
            }
        }
    }
}
