//! Whose store this is, before anything in it is compared.

use marketplace::At;

use crate::error::EventsFault;
use crate::handler::Handler;

impl Handler {
    /// Refuses a store of another provider. One that an earlier version filled belongs to nobody: it becomes this
    /// provider's once one of its accounts was found. What has only closed accounts, or other providers', shows
    /// nothing, and is left to an operator.
    pub(super) async fn ensure_owner(&self, at: At) -> Result<(), EventsFault> {
        let ownership = self.approvals.ownership();
        ownership.ensure(at).await?;
        if ownership.owner().is_some() {
            return Ok(());
        }
        // It is not empty: that would have been claimed.
        if self.lifecycle.finds_another_account(None, at).await? {
            return Ok(ownership.claim(at).await?);
        }
        tracing::error!(
            alert = "other-provider",
            "none of the stored accounts was found under PROCUREMENT_PROVIDER; `operator doctor` explains"
        );
        Err(EventsFault::OtherProvider)
    }
}
