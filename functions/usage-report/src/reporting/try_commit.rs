//! A commit that another call may have made impossible.

use marketplace::At;
use store::{Commit, CommitError, Store, StoreUnavailable};

/// Whether the commit was applied. It was not if another call changed one of its documents first.
pub(super) async fn try_commit(
    store: &Store,
    commit: Commit,
    at: At,
) -> Result<bool, StoreUnavailable> {
    match store.commit(commit, at.deadline).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict) => Ok(false),
        Err(CommitError::Unavailable(error)) => Err(error),
    }
}
