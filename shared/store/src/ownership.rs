//! Whether a store belongs to the provider that a function is configured for.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use marketplace::{At, Deadline, ProviderId};

use crate::documents::collections::{ACCOUNTS, ENTITLEMENTS};
use crate::documents::query::Query;
use crate::{Commit, CommitError, Deployment, Store, StoreUnavailable, Stored};

/// How long a confirmed owner is believed without asking again. So long a function may go on after an operator has
/// given the store to another provider.
const BELIEVED: SignedDuration = SignedDuration::from_secs(60);

/// Makes sure that accounts and orders of one provider are never taken for those of another. Clones share what was
/// confirmed.
#[derive(Clone)]
pub struct Ownership {
    store: Store,
    provider: ProviderId,
    confirmed: Arc<Mutex<Option<Timestamp>>>,
    /// Held while an empty store is claimed: the first customers of a deployment may come at once, and Firestore lets
    /// those who write one document wait for each other.
    claiming: Arc<tokio::sync::Mutex<()>>,
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
            claiming: Arc::default(),
        }
    }

    /// The provider that the function is configured for.
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// The provider that the function is configured for, once the store was found to belong to it. As long as it
    /// belongs to nobody, no stored account may be marked as this provider's before Google has found it there.
    pub fn owner(&self) -> Option<&ProviderId> {
        self.confirmed_at().map(|_| &self.provider)
    }

    /// Refuses if the store belongs to another provider. An empty store that belongs to nobody becomes this
    /// provider's. One with accounts that belongs to nobody was filled by an earlier version; reconciliation
    /// gives it to this provider once it has found one of the accounts.
    pub async fn ensure(&self, at: At) -> Result<(), NotOurStore> {
        if self.is_believed(at.now) {
            return Ok(());
        }
        let confirmed = self.confirmed_at();
        if let Some(owner) = self.store.deployment(at.deadline).await? {
            return self.compare(&owner, at);
        }
        self.ensure_unowned(confirmed, at).await
    }

    /// Continues once nobody was found to own the store. `confirmed` is what was believed before.
    async fn ensure_unowned(
        &self,
        confirmed: Option<Timestamp>,
        at: At,
    ) -> Result<(), NotOurStore> {
        if !self.is_empty(at.deadline).await? {
            // Meanwhile another instance may have claimed it and stored its first customer.
            return self.compare_stored(at).await;
        }
        let _one_at_a_time = self.claiming.lock().await;
        if self.confirmed_at() == confirmed {
            return self.claim(at).await;
        }
        Ok(())
    }

    /// Gives a store that belongs to nobody to this provider. Of two that claim it at once, one gets it.
    pub async fn claim(&self, at: At) -> Result<(), NotOurStore> {
        let deployment = Deployment {
            provider: self.provider.clone(),
            since: at.now,
        };
        let claim = Commit::new().create(deployment);
        match self.store.commit(claim, at.deadline).await {
            Ok(()) => {
                self.believe(at.now);
                Ok(())
            }
            Err(CommitError::Conflict) => self.compare_stored(at).await,
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    /// A store that belongs to nobody is not refused.
    async fn compare_stored(&self, at: At) -> Result<(), NotOurStore> {
        match self.store.deployment(at.deadline).await? {
            Some(owner) => self.compare(&owner, at),
            None => Ok(()),
        }
    }

    fn compare(&self, owner: &Stored<Deployment>, at: At) -> Result<(), NotOurStore> {
        if owner.record.provider != self.provider {
            return Err(NotOurStore::OtherProvider);
        }
        self.believe(at.now);
        Ok(())
    }

    /// Whether nothing of a customer is stored. A document that cannot be read is something, too.
    async fn is_empty(&self, deadline: Deadline) -> Result<bool, StoreUnavailable> {
        let any = |collection| {
            self.store
                .select(Query::page(collection, None, 1), deadline)
        };
        let (accounts, orders) = tokio::try_join!(any(ACCOUNTS), any(ENTITLEMENTS))?;
        Ok(accounts.is_empty() && orders.is_empty())
    }

    /// A clock that was set back believes nothing.
    fn is_believed(&self, now: Timestamp) -> bool {
        self.confirmed_at().is_some_and(|at| {
            let age = now.duration_since(at);
            !age.is_negative() && age < BELIEVED
        })
    }

    fn confirmed_at(&self) -> Option<Timestamp> {
        let confirmed = self.confirmed.lock();
        *confirmed.unwrap_or_else(PoisonError::into_inner)
    }

    fn believe(&self, now: Timestamp) {
        let confirmed = self.confirmed.lock();
        *confirmed.unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use marketplace::ProcurementAccountId;

    use super::*;
    use crate::{Account, Approval};

    fn provider(id: &str) -> ProviderId {
        ProviderId::parse(id).unwrap()
    }

    fn moment() -> At {
        At {
            now: Timestamp::UNIX_EPOCH,
            deadline: Deadline::after(Duration::from_secs(30)),
        }
    }

    /// A store that this provider has claimed, and its first customer.
    async fn store_of(owner: &str) -> Store {
        let store = Store::memory();
        let deployment = Deployment {
            provider: provider(owner),
            since: moment().now,
        };
        let id = ProcurementAccountId::parse("account-1").unwrap();
        let account = Account::new(&id, Approval::None, moment().now);
        let commit = Commit::new().create(deployment).create(&account);
        store.commit(commit, moment().deadline).await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_store_that_another_provider_claims_and_fills_meanwhile_is_refused() {
        let own = Ownership::new(store_of("other").await, provider("vendor"));
        let answer = own.ensure_unowned(None, moment()).await;
        assert!(
            matches!(answer, Err(NotOurStore::OtherProvider)),
            "{answer:?}"
        );
        assert_eq!(own.owner(), None);
    }

    #[tokio::test]
    async fn a_store_that_another_instance_claims_and_fills_meanwhile_is_ours() {
        let own = Ownership::new(store_of("vendor").await, provider("vendor"));
        own.ensure_unowned(None, moment()).await.unwrap();
        assert_eq!(own.owner(), Some(&provider("vendor")));
    }
}
