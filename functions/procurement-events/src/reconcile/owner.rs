//! Whose store this is, before anything in it is compared.

use jiff::Timestamp;
use marketplace::At;

use crate::error::EventsFault;
use crate::handler::Handler;

impl Handler {
    /// Refuses a store of another provider. One that an earlier version filled belongs to nobody: it becomes this
    /// provider's once one of its accounts was found. What has only closed accounts, or other providers', shows
    /// nothing, and is left to an operator. Answers since when the store is this provider's.
    pub(super) async fn ensure_owner(&self, at: At) -> Result<Timestamp, EventsFault> {
        let ownership = self.approvals.ownership();
        ownership.ensure(at).await?;
        if let Some(owner) = self.store.deployment(at.deadline).await? {
            return Ok(owner.record.since);
        }
        // It is not empty: that would have been claimed.
        if self.lifecycle.finds_another_account(None, at).await? {
            ownership.claim(at).await?;
            return Ok(at.now);
        }
        tracing::error!(
            alert = "other-provider",
            "none of the stored accounts was found under PROCUREMENT_PROVIDER; `operator doctor` explains"
        );
        Err(EventsFault::OtherProvider)
    }
}
