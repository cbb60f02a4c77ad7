//! The account as it is stored, which follows what Google says.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use store::{Account, Approval, Commit, Stored, retry_contended};

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};

impl Operations {
    /// Stores an approval. An account that is not stored yet is stored with it, so that a customer
    /// who signs up later meets the decision; one that Google deleted stays as it is.
    pub(crate) async fn store_approval(
        &self,
        id: &ProcurementAccountId,
        approval: Approval,
    ) -> Result<(), OperationError> {
        retry_contended(|| async {
            let stored = self.store.account(id, call_deadline()).await?;
            if let Some(commit) = change(id, stored.as_ref(), approval) {
                self.store.commit(commit, call_deadline()).await?;
            }
            Ok(())
        })
        .await
    }
}

fn change(
    id: &ProcurementAccountId,
    stored: Option<&Stored<Account>>,
    approval: Approval,
) -> Option<Commit> {
    let now = Timestamp::now();
    match stored {
        None => Some(Commit::new().create(Account::new(id, approval, now))),
        Some(stored) if stored.record.deleted.is_some() => None,
        Some(stored) if stored.record.approval == approval => None,
        Some(stored) => {
            let changed = Account {
                approval,
                updated: now,
                ..stored.record.clone()
            };
            Some(Commit::new().replace(&changed, &stored.version))
        }
    }
}
