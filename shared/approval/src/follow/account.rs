//! A look at one account.

use marketplace::ProcurementAccountId;
use store::{Account, Commit};

use super::{FollowError, Followed, Follower, Visit, absence};
use crate::decide::{Answer, Decision, Effect, Wait, on_account};
use crate::outbox::account_deleted;
use marketplace::At;

impl Follower {
    /// Asks Google for an account and follows the answer.
    pub async fn account(
        &self,
        id: &ProcurementAccountId,
        visit: Visit<'_>,
        at: At,
    ) -> Result<Followed, FollowError> {
        let fetched = self.procurement.account(id, at.deadline).await;
        let answer = self.answer(fetched, &absence::account(id), at).await?;
        self.follow_account(id, &answer, visit, at).await
    }

    /// Follows what Google says of an account.
    pub(crate) async fn follow_account(
        &self,
        id: &ProcurementAccountId,
        answer: &Answer<procurement::Account>,
        visit: Visit<'_>,
        at: At,
    ) -> Result<Followed, FollowError> {
        self.until_uncontended(|| Box::pin(self.advance_account(id, answer, visit, at)))
            .await
    }

    async fn advance_account(
        &self,
        id: &ProcurementAccountId,
        answer: &Answer<procurement::Account>,
        visit: Visit<'_>,
        at: At,
    ) -> Result<Followed, FollowError> {
        let stored = self.store.account(id, at.deadline).await?;
        let known = stored.as_ref().map(|stored| &stored.record);
        let effect = match on_account(id, known, answer, visit.occasion, at.now) {
            Decision::Ignore => return self.leave_receipt(visit, Followed::Foreign, at).await,
            Decision::Wait(Wait::Older) => return Err(FollowError::Older),
            Decision::Wait(Wait::Absence) => {
                self.remember_absence(&absence::account(id), at).await?;
                return Err(FollowError::AbsenceUnconfirmed);
            }
            Decision::Follow(effect) => effect,
        };
        let commit = match (&effect.record, &stored) {
            (None, _) => Commit::new(),
            (Some(record), None) => Commit::new().create(record),
            (Some(record), Some(stored)) => Commit::new().replace(record, &stored.version),
        };
        let commit = self.tell_of_deletion(commit, known, &effect);
        let followed = match effect.record {
            Some(_) => Followed::Changed,
            None => Followed::Unchanged,
        };
        if effect.then.is_empty() {
            self.commit(visit.receipted(commit, followed), at).await?;
            return Ok(followed);
        }
        self.commit(commit, at).await?;
        Box::pin(self.take_steps(&effect.then, (id, None), at)).await?;
        self.leave_receipt(visit, followed, at).await
    }

    fn tell_of_deletion(
        &self,
        commit: Commit,
        known: Option<&Account>,
        effect: &Effect<Account>,
    ) -> Commit {
        let deleted = effect.record.as_ref().and_then(|record| record.deleted);
        match (known, deleted) {
            (Some(known), Some(deleted)) if known.deleted.is_none() => {
                let entry = account_deleted(&known.id, deleted);
                self.outbox.telling().tell(commit, entry)
            }
            _ => commit,
        }
    }
}
