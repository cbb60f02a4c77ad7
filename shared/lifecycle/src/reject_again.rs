//! Gives Google an operator's rejection that it does not show.

use marketplace::{At, ProcurementAccountId};
use outbox::AccountCommit;
use procurement::ProcurementError;
use store::{Account, Approval, Commit, Rejecting, retry_contended};

use crate::{Lifecycle, SyncError};

/// Google demands a reason. The operator's own words are theirs to give.
const REASON: &str = "The vendor rejected this account.";

impl Lifecycle {
    /// Rejects an account again: an approval was on its way when the operator rejected it, or the operator's command
    /// was interrupted.
    pub(crate) async fn reject_again(
        &self,
        id: &ProcurementAccountId,
        at: At,
    ) -> Result<(), SyncError> {
        tracing::warn!(account_id = %id, "an account that an operator rejected is rejected again");
        let rejected = self.procurement.reject_account(id, REASON, at.deadline);
        match rejected.await {
            Ok(()) => retry_contended(|| self.store_rejected(id, true, at)).await,
            // Google may not take back what it has approved.
            Err(ProcurementError::Refused(_)) => {
                retry_contended(|| self.store_rejected(id, false, at)).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Stores that Google was given the rejection, and whether it has taken it.
    async fn store_rejected(
        &self,
        id: &ProcurementAccountId,
        taken: bool,
        at: At,
    ) -> Result<(), SyncError> {
        let stored = self.account_and_orders(id, at).await?;
        let Some(known) = &stored.account else {
            return Ok(());
        };
        let Some(rejecting) = known.record.rejecting else {
            return Ok(());
        };
        if known.record.approval != Approval::Rejected {
            return Ok(());
        }
        // A refusal confirms nothing, and proves nothing yet: an approval may still be on its way. From the first one on
        // the time runs out after which that counts as somebody's decision.
        let after = if taken {
            Rejecting {
                confirmed: rejecting.confirmed.or(Some(at.now)),
                ..rejecting
            }
        } else {
            Rejecting {
                refused: rejecting.refused.or(Some(at.now)),
                ..rejecting
            }
        };
        if after == rejecting {
            return Ok(());
        }
        let account = Account {
            rejecting: Some(after),
            updated: at.now,
            ..known.record.clone()
        };
        let change = AccountCommit {
            known: Some(known),
            account,
            orders: stored.orders.iter().collect(),
            news: Vec::new(),
        };
        let commit = change.add_to(Commit::new(), self.outbox.notify(), at.now);
        self.commit(commit, at).await
    }
}
