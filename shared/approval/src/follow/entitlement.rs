//! A look at one entitlement.

use marketplace::{EntitlementId, ProcurementAccountId};
use store::{Account, Approval, Commit, Entitlement, ServiceAccount, Stored};

use super::{FollowError, Followed, Follower, Visit};
use crate::change::access;
use crate::decide::{
    Answer, Decision, Effect, Known, Order, Rules, Step, Wait, newborn, on_entitlement,
};
use crate::follow::absence;
use crate::records::{told, touched, written};
use marketplace::At;

/// What is stored around an entitlement, as it was read.
struct Read {
    entitlement: Option<Stored<Entitlement>>,
    account: Option<Stored<Account>>,
    others: Vec<Entitlement>,
}

impl Follower {
    /// Asks Google for an entitlement and follows the answer.
    pub async fn entitlement(
        &self,
        id: &EntitlementId,
        visit: Visit<'_>,
        at: At,
    ) -> Result<Followed, FollowError> {
        let fetched = self.procurement.entitlement(id, at.deadline).await;
        let resource = absence::entitlement(id);
        let answer = match self.answer(fetched, &resource, at).await? {
            Answer::Absent(absence, since) => Some(Answer::Absent(absence, since)),
            Answer::Found(fetched) => Order::from_google(&fetched).map(Answer::Found),
        };
        let Some(answer) = answer else {
            return self.leave_receipt(visit, Followed::Foreign, at).await;
        };
        self.follow_entitlement(id, &answer, visit, at).await
    }

    /// Follows what Google says of an entitlement.
    pub(crate) async fn follow_entitlement(
        &self,
        id: &EntitlementId,
        answer: &Answer<Order>,
        visit: Visit<'_>,
        at: At,
    ) -> Result<Followed, FollowError> {
        self.until_uncontended(|| Box::pin(self.advance_entitlement(id, answer, visit, at)))
            .await
    }

    async fn advance_entitlement(
        &self,
        id: &EntitlementId,
        answer: &Answer<Order>,
        visit: Visit<'_>,
        at: At,
    ) -> Result<Followed, FollowError> {
        let read = self.read(id, answer, at).await?;
        let rules = Rules {
            policy: self.approvals.policy(),
            products: self.approvals.products(),
        };
        match on_entitlement(read.known(), answer, visit.occasion, rules) {
            Decision::Ignore => self.leave_receipt(visit, Followed::Foreign, at).await,
            Decision::Wait(Wait::Older) => Err(FollowError::Older),
            Decision::Wait(Wait::Absence) => {
                self.remember_absence(&absence::entitlement(id), at).await?;
                Err(FollowError::AbsenceUnconfirmed)
            }
            Decision::Follow(effect) => self.carry_out(id, &read, effect, (visit, at)).await,
        }
    }

    async fn carry_out(
        &self,
        id: &EntitlementId,
        read: &Read,
        effect: Effect<Entitlement>,
        (visit, at): (Visit<'_>, At),
    ) -> Result<Followed, FollowError> {
        let followed = match effect.record {
            Some(_) => Followed::Changed,
            None => Followed::Unchanged,
        };
        let commit = self.effect(read, &effect, at);
        if effect.then.is_empty() {
            self.commit(visit.receipted(commit, followed), at).await?;
            return Ok(followed);
        }
        self.commit(commit, at).await?;
        let stored = read.entitlement.as_ref().map(|stored| &stored.record);
        if let Some(entitlement) = effect.record.as_ref().or(stored) {
            let account = &entitlement.account;
            Box::pin(self.take_steps(&effect.then, (account, Some(id)), at)).await?;
        }
        self.leave_receipt(visit, followed, at).await
    }

    /// The entitlement, its account, and what the application is told: all or nothing.
    fn effect(&self, read: &Read, effect: &Effect<Entitlement>, at: At) -> Commit {
        let Some(record) = &effect.record else {
            return Commit::new();
        };
        let commit = written(Commit::new(), record, read.entitlement.as_ref());
        let commit = match &read.account {
            // A purchase before any sign-up.
            None => {
                let account = newborn(&record.account, Approval::None, at.now);
                commit.create(touched(&account, at.now))
            }
            Some(account) => {
                let record = touched(&account.record, at.now);
                let record = if effect.then.contains(&Step::DisableServiceAccount) {
                    to_disable(record)
                } else {
                    record
                };
                commit.replace(record, &account.version)
            }
        };
        let access = access(record, &read.others, self.approvals.products());
        told(
            commit,
            (record, access),
            &effect.changes,
            self.outbox.telling(),
        )
    }

    async fn read(
        &self,
        id: &EntitlementId,
        answer: &Answer<Order>,
        at: At,
    ) -> Result<Read, FollowError> {
        let owner = match answer {
            Answer::Found(order) => order.record.account.clone(),
            Answer::Absent(..) => match self.store.entitlement(id, at.deadline).await? {
                Some(stored) => stored.record.account,
                None => return Ok(Read::nothing()),
            },
        };
        self.read_around(id, &owner, at).await
    }

    async fn read_around(
        &self,
        id: &EntitlementId,
        owner: &ProcurementAccountId,
        at: At,
    ) -> Result<Read, FollowError> {
        // The commit is made under the version of the account that is read here. Whoever changes an
        // entitlement changes the account too, so what is read after it is as new as this version;
        // what is read beside it may be older, and nobody would notice.
        let account = self.store.account(owner, at.deadline).await?;
        let (entitlement, all) = tokio::try_join!(
            self.store.entitlement(id, at.deadline),
            self.store.entitlements_of(owner, at.deadline),
        )?;
        let others = all.into_iter().map(|stored| stored.record);
        Ok(Read {
            entitlement,
            account,
            others: others.filter(|other| &other.id != id).collect(),
        })
    }
}

/// Its service account is taken for one that works until it was disabled.
fn to_disable(account: Account) -> Account {
    let service_account = account.service_account.map(|known| ServiceAccount {
        disabled: None,
        ..known
    });
    Account {
        service_account,
        ..account
    }
}

impl Read {
    fn nothing() -> Self {
        Self {
            entitlement: None,
            account: None,
            others: Vec::new(),
        }
    }

    fn known(&self) -> Known<'_> {
        Known {
            account: self.account.as_ref().map(|stored| &stored.record),
            entitlement: self.entitlement.as_ref().map(|stored| &stored.record),
            others: &self.others,
        }
    }
}
