//! Erases a customer whose account Google has deleted. Only a record that says so stays, the account's tombstone.

use marketplace::{At, ProcurementAccountId};
use store::{Account, Commit, Document, Stored, retry_contended};

use crate::{Lifecycle, SyncError};

/// Documents deleted in one commit; Firestore takes five hundred.
const BATCH: usize = 400;

impl Lifecycle {
    /// Deletes the links, with the profiles in them, and the sessions of a deleted account. An account that is not
    /// deleted any more keeps everything.
    pub async fn erase_account(&self, id: &ProcurementAccountId, at: At) -> Result<(), SyncError> {
        retry_contended(|| self.erase_once(id, at)).await
    }

    async fn erase_once(&self, id: &ProcurementAccountId, at: At) -> Result<(), SyncError> {
        loop {
            let Some(account) = self.store.account(id, at.deadline).await? else {
                return Ok(());
            };
            if account.record.deleted.is_none() {
                return Ok(());
            }
            let batch = self.documents_to_erase(id, at).await?;
            if batch.is_empty() {
                return Ok(());
            }
            self.commit(deletion(&account, batch), at).await?;
        }
    }

    async fn documents_to_erase(
        &self,
        id: &ProcurementAccountId,
        at: At,
    ) -> Result<Vec<Document>, SyncError> {
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

/// If the customer signs up again at this moment, the account changes, and then nothing is deleted.
fn deletion(account: &Stored<Account>, batch: Vec<Document>) -> Commit {
    let document = Document::account(&account.record.id);
    let commit = Commit::new().unchanged(document, &account.version);
    batch.into_iter().fold(commit, Commit::delete)
}
