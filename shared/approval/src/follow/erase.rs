//! What is left of a customer whose account Google has deleted: the account's tombstone.

use marketplace::ProcurementAccountId;
use store::{Account, Commit, Document, Stored};

use super::{FollowError, Follower};
use marketplace::At;

/// Documents deleted in one commit; Firestore takes five hundred.
const BATCH: usize = 400;

impl Follower {
    /// Deletes the links, with the profiles in them, and the sessions of a deleted account. One
    /// that is alive again keeps everything.
    pub(crate) async fn erase(&self, id: &ProcurementAccountId, at: At) -> Result<(), FollowError> {
        self.until_uncontended(|| self.erase_once(id, at)).await
    }

    async fn erase_once(&self, id: &ProcurementAccountId, at: At) -> Result<(), FollowError> {
        loop {
            let Some(account) = self.store.account(id, at.deadline).await? else {
                return Ok(());
            };
            if account.record.deleted.is_none() {
                return Ok(());
            }
            let batch = self.leftovers(id, at).await?;
            if batch.is_empty() {
                return Ok(());
            }
            self.commit(deletion(&account, batch), at).await?;
        }
    }

    async fn leftovers(
        &self,
        id: &ProcurementAccountId,
        at: At,
    ) -> Result<Vec<Document>, FollowError> {
        let (links, mut documents) = tokio::try_join!(
            self.store.links_of(id, at.deadline),
            self.store.sessions_of(id, at.deadline),
        )?;
        let links = links
            .iter()
            .map(|link| Document::link(id, &link.record.user));
        documents.extend(links);
        documents.truncate(BATCH);
        Ok(documents)
    }
}

/// A customer who signs up again at this moment changes the account, and then nothing is deleted.
fn deletion(account: &Stored<Account>, batch: Vec<Document>) -> Commit {
    let document = Document::account(&account.record.id);
    let commit = Commit::new().unchanged(document, &account.version);
    batch.into_iter().fold(commit, Commit::delete)
}
