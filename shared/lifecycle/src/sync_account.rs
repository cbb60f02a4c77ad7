//! Synchronizes one account.

use marketplace::ProcurementAccountId;
use outbox::account_deleted;
use store::{Account, Commit, Stored, retry_contended};

use crate::decide::{Effect, ResourceAnswer, on_account};
use crate::steps::Planned;
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

impl Lifecycle {
    /// Asks Google for an account and applies the answer.
    pub(crate) async fn sync_account(
        &self,
        id: &ProcurementAccountId,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let fetched = self.procurement.account(id, request.at.deadline).await;
        let resource = Resource::Account(id.clone());
        let answer = self.google_answer(fetched, &resource, request.at).await?;
        self.apply_account(id, &answer, request).await
    }

    /// Applies an account that Google has listed.
    pub async fn sync_listed_account(
        &self,
        account: procurement::Account,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let id = account.id.clone();
        self.apply_account(&id, &ResourceAnswer::Found(account), request)
            .await
    }

    pub(crate) async fn apply_account(
        &self,
        id: &ProcurementAccountId,
        answer: &ResourceAnswer<procurement::Account>,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        retry_contended(|| Box::pin(self.apply_account_once(id, answer, request))).await
    }

    async fn apply_account_once(
        &self,
        id: &ProcurementAccountId,
        answer: &ResourceAnswer<procurement::Account>,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let at = request.at;
        let stored = self.store.account(id, at.deadline).await?;
        let known = stored.as_ref().map(|stored| &stored.record);
        let decision = on_account(id, known, answer, request.trigger, at.now);
        let resource = Resource::Account(id.clone());
        let Some(effect) = self.effect_of(decision, &resource, at).await? else {
            return self.leave_receipt(request, SyncOutcome::OtherProduct).await;
        };
        let planned = Planned {
            commit: self.account_commit(stored.as_ref(), &effect),
            outcome: effect.outcome(),
            steps: &effect.steps,
            account: id,
            order: None,
        };
        self.carry_out(planned, request).await
    }

    /// The account, and the news of its deletion: all or nothing.
    fn account_commit(&self, stored: Option<&Stored<Account>>, effect: &Effect<Account>) -> Commit {
        let Some(record) = &effect.record else {
            return Commit::new();
        };
        let Some(stored) = stored else {
            return Commit::new().create(record);
        };
        let commit = Commit::new().replace(record, &stored.version);
        match record.deleted {
            Some(deleted) if stored.record.deleted.is_none() => {
                let entry = account_deleted(&record.id, deleted);
                self.outbox.notify().add_to(commit, entry)
            }
            _ => commit,
        }
    }
}
