//! Writes onto records that do not say so to which provider they belong.

use marketplace::ProviderId;
use store::{Account, Commit, Entitlement, retry_contended};

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};
use crate::walks::PAGE;

impl Operations {
    /// Writes the provider onto the accounts that have none, and says how many these were.
    pub(crate) async fn mark_accounts(
        &self,
        provider: &ProviderId,
    ) -> Result<usize, OperationError> {
        let (mut count, mut after) = (0_usize, None::<String>);
        loop {
            let from = after.as_deref();
            let marked = retry_contended(|| async {
                let page = self.store.walk_accounts(from, PAGE, call_deadline());
                let page = page.await?;
                expect_all_read(page.unreadable)?;
                let open = page
                    .records
                    .iter()
                    .filter(|it| it.record.provider.is_none());
                let (mut commit, mut marked) = (Commit::new(), 0_usize);
                for stored in open {
                    let account = Account {
                        provider: Some(provider.clone()),
                        ..stored.record.clone()
                    };
                    commit = commit.replace(&account, &stored.version);
                    marked += 1;
                }
                if !commit.is_empty() {
                    self.store.commit(commit, call_deadline()).await?;
                }
                Ok::<_, OperationError>((marked, page.next))
            });
            let (marked, next) = marked.await?;
            count += marked;
            after = next;
            if after.is_none() {
                return Ok(count);
            }
        }
    }

    /// As [`mark_accounts`](Self::mark_accounts), for orders.
    pub(crate) async fn mark_orders(&self, provider: &ProviderId) -> Result<usize, OperationError> {
        let (mut count, mut after) = (0_usize, None::<String>);
        loop {
            let from = after.as_deref();
            let marked = retry_contended(|| async {
                let page = self.store.walk_entitlements(from, PAGE, call_deadline());
                let page = page.await?;
                expect_all_read(page.unreadable)?;
                let open = page
                    .records
                    .iter()
                    .filter(|it| it.record.provider.is_none());
                let (mut commit, mut marked) = (Commit::new(), 0_usize);
                for stored in open {
                    let order = Entitlement {
                        provider: Some(provider.clone()),
                        ..stored.record.clone()
                    };
                    commit = commit.replace(&order, &stored.version);
                    marked += 1;
                }
                if !commit.is_empty() {
                    self.store.commit(commit, call_deadline()).await?;
                }
                Ok::<_, OperationError>((marked, page.next))
            });
            let (marked, next) = marked.await?;
            count += marked;
            after = next;
            if after.is_none() {
                return Ok(count);
            }
        }
    }
}

/// One that cannot be marked would be taken for the new provider's later.
fn expect_all_read(unreadable: usize) -> Result<(), OperationError> {
    if unreadable == 0 {
        return Ok(());
    }
    Err(OperationError::not_applicable(format!(
        "{unreadable} stored records cannot be read, and so not be set aside: `operator doctor` says more"
    )))
}
