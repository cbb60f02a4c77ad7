//! Whether a store belongs to the provider that a function is configured for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use marketplace::{At, ProviderId};

use crate::{Commit, CommitError, Deployment, Store, StoreUnavailable};

/// How long a confirmed owner is believed without asking again. So long a function may go on after an operator has
/// given the store to another provider.
const BELIEVED: Duration = Duration::from_secs(60);

/// Makes sure that accounts and orders of one provider are never taken for those of another.
#[derive(Clone)]
pub struct Ownership {
    store: Store,
    provider: ProviderId,
    confirmed: Arc<Mutex<Option<Instant>>>,
}

/// Why a function must not work with this store now.
#[derive(Debug, thiserror::Error)]
pub enum NotOurStore {
    /// The store belongs to another provider than `PROCUREMENT_PROVIDER`. An operator decides:
    /// `operator adopt-provider`.
    #[error("the store belongs to another provider than PROCUREMENT_PROVIDER")]
    OtherProvider,
    /// The store could not be asked.
    #[error("the store did not answer whose it is")]
    Store(#[from] StoreUnavailable),
}

impl Ownership {
    /// Of this store, for a function that is configured for this provider.
    pub fn new(store: Store, provider: ProviderId) -> Self {
        Self {
            store,
            provider,
            confirmed: Arc::default(),
        }
    }

    /// The provider that the function is configured for.
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// Refuses if the store belongs to another provider. An empty store that belongs to nobody becomes this
    /// provider's. One with accounts that belongs to nobody was filled by an earlier version; reconciliation
    /// gives it to this provider once it has found one of the accounts.
    pub async fn ensure(&self, at: At) -> Result<(), NotOurStore> {
        if self.is_believed() {
            return Ok(());
        }
        match self.store.deployment(at.deadline).await? {
            Some(owner) if owner.record.provider == self.provider => self.believe(),
            Some(_) => return Err(NotOurStore::OtherProvider),
            None if self
                .store
                .accounts_after(None, 1, at.deadline)
                .await?
                .is_empty() =>
            {
                self.claim(at).await?;
            }
            None => {}
        }
        Ok(())
    }

    /// Gives a store that belongs to nobody to this provider.
    pub async fn claim(&self, at: At) -> Result<(), NotOurStore> {
        let deployment = Deployment {
            provider: self.provider.clone(),
            since: at.now,
        };
        match self
            .store
            .commit(Commit::new().create(deployment), at.deadline)
            .await
        {
            Ok(()) => {
                self.believe();
                Ok(())
            }
            Err(CommitError::Conflict) => match self.store.deployment(at.deadline).await? {
                Some(owner) if owner.record.provider != self.provider => {
                    Err(NotOurStore::OtherProvider)
                }
                _ => Ok(()),
            },
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    fn is_believed(&self) -> bool {
        let confirmed = self
            .confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        confirmed.is_some_and(|at| at.elapsed() < BELIEVED)
    }

    fn believe(&self) {
        let mut confirmed = self
            .confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *confirmed = Some(Instant::now());
    }
}
