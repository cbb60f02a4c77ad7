//! Erases the personal data of a closed account. A record that says so stays.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::SignedDuration;
use marketplace::{At, ProcurementAccountId};
use outbox::{AccountCommit, News};
use procurement::ProcurementError;
use store::{Account, Commit, Document, Stored, retry_contended};

use crate::decide::{erased, is_due_to_be_erased, receipt};
use crate::sync_account::AccountSnapshot;
use crate::{Lifecycle, SyncError, SyncOutcome, SyncRequest};

/// Documents deleted in one commit; Firestore takes five hundred.
const BATCH: usize = 400;

/// What is deleted in one commit.
struct Batch {
    documents: Vec<Document>,
    links: usize,
    sessions: usize,
    texts: usize,
    /// Whether nothing is left after it.
    is_last: bool,
    /// How many there were before it: each has a line of its own in the journal.
    number: i64,
}

impl Lifecycle {
    /// Whether the personal data of an account is to be erased now. `erase_after` runs from the closing.
    pub fn is_due_to_be_erased(account: &Account, erase_after: SignedDuration, at: At) -> bool {
        is_due_to_be_erased(account, erase_after, at.now)
    }

    /// Asks Google once more, and erases the links with the profiles in them, the sessions and the typed texts of a
    /// closed account. One that Google has again keeps everything.
    pub async fn erase_account(
        &self,
        id: &ProcurementAccountId,
        erase_after: SignedDuration,
        at: At,
    ) -> Result<SyncOutcome, SyncError> {
        match self.procurement.account(id, at.deadline).await {
            Ok(account) if account.state.as_str() != crate::decide::DELETED => {
                let request = SyncRequest::by_reconciliation(at);
                let outcome = self.sync_listed_account(account, request).await?;
                if outcome == SyncOutcome::Unchanged {
                    tracing::warn!(
                        account_id = %id,
                        "Google deleted an account and has it still: its data is not erased before it is gone"
                    );
                }
                return Ok(outcome);
            }
            Ok(_) | Err(ProcurementError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let number = AtomicI64::new(0);
        let erased = retry_contended(|| self.erase_once(id, erase_after, &number, at)).await?;
        Ok(if erased {
            SyncOutcome::Changed
        } else {
            SyncOutcome::Unchanged
        })
    }

    async fn erase_once(
        &self,
        id: &ProcurementAccountId,
        erase_after: SignedDuration,
        number: &AtomicI64,
        at: At,
    ) -> Result<bool, SyncError> {
        loop {
            let stored = self.account_and_orders(id, at).await?;
            let Some(account) = &stored.account else {
                return Ok(false);
            };
            if !is_due_to_be_erased(&account.record, erase_after, at.now) {
                return Ok(false);
            }
            let batch = Batch {
                number: number.fetch_add(1, Ordering::Relaxed),
                ..self.batch(id, at).await?
            };
            let is_last = batch.is_last;
            self.commit(self.erasing_commit(account, &stored, batch, at), at)
                .await?;
            if is_last {
                return Ok(true);
            }
        }
    }

    /// If the customer signs up again at this moment, the account changes, and then nothing is deleted.
    fn erasing_commit(
        &self,
        account: &Stored<Account>,
        stored: &AccountSnapshot,
        batch: Batch,
        at: At,
    ) -> Commit {
        let moment = SignedDuration::from_micros(batch.number);
        let moment = at.now.saturating_add(moment).unwrap_or(at.now);
        let line = receipt(&account.record, moment)
            .with("links", batch.links)
            .with("sessions", batch.sessions)
            .with("texts", batch.texts)
            .with("complete", batch.is_last);
        let commit = if batch.is_last {
            let change = AccountCommit {
                known: Some(account),
                account: erased(&account.record, at.now),
                orders: stored.orders.iter().collect(),
                news: vec![News::Deleted],
            };
            change.add_to(Commit::new(), self.outbox.notify(), at.now)
        } else {
            let document = Document::account(&account.record.id);
            Commit::new().unchanged(document, &account.version)
        };
        let commit = line.add_to(commit, None);
        batch.documents.into_iter().fold(commit, Commit::delete)
    }

    async fn batch(&self, id: &ProcurementAccountId, at: At) -> Result<Batch, SyncError> {
        let (links, sessions, texts) = tokio::try_join!(
            self.store.links_of(id, at.deadline),
            self.store.sessions_of(id, at.deadline),
            self.store.journal_texts_of(id, at.deadline),
        )?;
        let links = links
            .iter()
            .map(|link| Document::link(id, &link.record.user));
        let texts = texts.iter().map(|text| Document::journal_text(&text.id));
        let mut left = BATCH;
        let mut take = |documents: Vec<Document>| {
            let taken: Vec<_> = documents.into_iter().take(left).collect();
            left -= taken.len();
            taken
        };
        let (links, texts): (Vec<_>, Vec<_>) = (links.collect(), texts.collect());
        let all = links.len() + sessions.len() + texts.len();
        let (links, sessions, texts) = (take(links), take(sessions), take(texts));
        let (link_count, session_count, text_count) = (links.len(), sessions.len(), texts.len());
        let documents: Vec<_> = links.into_iter().chain(sessions).chain(texts).collect();
        Ok(Batch {
            is_last: documents.len() == all,
            documents,
            links: link_count,
            sessions: session_count,
            texts: text_count,
            number: 0,
        })
    }
}
