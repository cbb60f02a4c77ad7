//! The account as it is stored, which follows what Google says.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use store::{Account, Approval, Commit, CommitError, Stored};

use crate::desk::{Desk, soon};
use crate::failure::Failure;

/// How often a commit is made again because somebody else was faster.
const ATTEMPTS: usize = 10;

/// Stores an approval. An account that is not stored yet is stored with it, so that a customer who
/// signs up later meets the decision; one that Google deleted stays as it is.
pub(crate) async fn store(
    desk: &Desk,
    id: &ProcurementAccountId,
    approval: Approval,
) -> Result<(), Failure> {
    for _ in 0..ATTEMPTS {
        let stored = desk.store.account(id, soon()).await?;
        let Some(commit) = change(id, stored.as_ref(), approval) else {
            return Ok(());
        };
        match desk.store.commit(commit, soon()).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(CommitError::Conflict.into())
}

fn change(
    id: &ProcurementAccountId,
    stored: Option<&Stored<Account>>,
    approval: Approval,
) -> Option<Commit> {
    let now = Timestamp::now();
    match stored {
        None => Some(Commit::new().create(new(id, approval, now))),
        Some(stored) if stored.record.deleted.is_some() => None,
        Some(stored) if stored.record.approval == approval => None,
        Some(stored) => {
            let changed = approval::with_approval(stored, approval, now);
            Some(Commit::new().replace(&changed, &stored.version))
        }
    }
}

fn new(id: &ProcurementAccountId, approval: Approval, now: Timestamp) -> Account {
    Account {
        id: id.clone(),
        approval,
        company: None,
        service_account: None,
        created: now,
        updated: now,
        deleted: None,
        touched: None,
    }
}
