//! Synchronizes one account.

use jiff::Timestamp;
use marketplace::{At, ProcurementAccountId};
use outbox::AccountCommit;
use store::{Account, Commit, Entitlement, JournalKind, Stored, retry_contended};

use crate::decide::{AccountRules, Decision, Effect, ResourceAnswer, StoredAccount, on_account};
use crate::lifecycle::with_journal;
use crate::steps::Planned;
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

/// An account and its orders, as they are stored.
pub(crate) struct AccountSnapshot {
    pub(crate) account: Option<Stored<Account>>,
    pub(crate) orders: Vec<Entitlement>,
}

impl Lifecycle {
    /// Asks Google for an account and applies the answer.
    pub(crate) async fn sync_account(
        &self,
        id: &ProcurementAccountId,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let fetched = self.procurement.account(id, request.at.deadline).await;
        let answer = ResourceAnswer::of(fetched, request.at)?;
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
        let stored = self.account_and_orders(id, at).await?;
        let account = stored.account.as_ref().map(|stored| &stored.record);
        if answer.is_refuted(account.and_then(|account| account.absent)) {
            return Ok(SyncOutcome::Unchanged);
        }
        let known = StoredAccount {
            account,
            orders: &stored.orders,
        };
        let rules = AccountRules {
            provider: self.provider(),
            now: at.now,
        };
        let decision = on_account(id, known, answer, request.trigger, rules);
        let effect = match decision {
            Decision::Apply(effect) => effect,
            Decision::Absent {
                mut record,
                is_young,
            } => {
                if let Some(account) = &mut record {
                    account.absent = self.begun(account.absent, at).await?;
                }
                let commit = self.account_commit(&stored, &Effect::record(record), at.now);
                self.commit(commit, at).await?;
                return self.absent(is_young, request).await;
            }
            Decision::Unknown => {
                return self.unknown(&Resource::Account(id.clone()), request).await;
            }
            Decision::Older => return Err(SyncError::Older),
            Decision::Ignore => {
                return self.leave_receipt(request, SyncOutcome::OtherProduct).await;
            }
        };
        alert_if_overruled(id, &effect);
        let planned = Planned {
            commit: self.account_commit(&stored, &effect, at.now),
            outcome: effect.outcome(),
            steps: &effect.steps,
            account: id,
            order: None,
        };
        self.carry_out(planned, request).await
    }

    /// The orders are read after the account: every commit that changes one changes the account too, so that what is
    /// read after it is as new as its version.
    pub(crate) async fn account_and_orders(
        &self,
        id: &ProcurementAccountId,
        at: At,
    ) -> Result<AccountSnapshot, SyncError> {
        let account = self.store.account(id, at.deadline).await?;
        let orders = self.store.entitlements_of(id, at.deadline).await?;
        Ok(AccountSnapshot {
            account,
            orders: orders.into_iter().map(|stored| stored.record).collect(),
        })
    }

    /// The account, the journal and the news: all or nothing.
    pub(crate) fn account_commit(
        &self,
        stored: &AccountSnapshot,
        effect: &Effect<Account>,
        now: Timestamp,
    ) -> Commit {
        let Some(record) = &effect.record else {
            return Commit::new();
        };
        let change = AccountCommit {
            known: stored.account.as_ref(),
            account: record.clone(),
            orders: stored.orders.iter().collect(),
            news: effect.news.clone(),
        };
        let commit = change.add_to(Commit::new(), self.outbox.notify(), now);
        with_journal(commit, &effect.journal)
    }
}

/// A rejection that somebody has undone at Google is followed, and an operator should know.
pub(crate) fn alert_if_overruled(id: &ProcurementAccountId, effect: &Effect<Account>) {
    let mut lines = effect.journal.iter();
    if lines.any(|line| line.kind == JournalKind::RejectionOverruled) {
        tracing::error!(
            account_id = %id,
            "Google has an account as approved that an operator had rejected: it is approved here, too"
        );
    }
}
