//! Synchronizes one order.

use approval::{GoogleOrder, with_entitlement};
use marketplace::{At, EntitlementId, ProcurementAccountId};
use outbox::AccountCommit;
use store::{Account, Approval, Commit, Entitlement, ServiceAccount, Stored, retry_contended};

use crate::decide::{
    Decision, Effect, OrderRules, ResourceAnswer, Step, StoredState, is_earlier, left_behind,
    on_entitlement,
};
use crate::lifecycle::with_journal;
use crate::steps::Planned;
use crate::sync_account::AccountSnapshot;
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

/// What is stored of an order and around it, as it was read.
#[derive(Default)]
pub(crate) struct Snapshot {
    entitlement: Option<Stored<Entitlement>>,
    account: Option<Stored<Account>>,
    others: Vec<Entitlement>,
    /// The account that the order is stored under, if Google has moved it to another one.
    left: Option<AccountSnapshot>,
}

impl Lifecycle {
    /// Asks Google for an order and applies the answer.
    pub(crate) async fn sync_entitlement(
        &self,
        id: &EntitlementId,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let fetched = self.procurement.entitlement(id, request.at.deadline).await;
        let answer = match ResourceAnswer::of(fetched, request.at)? {
            ResourceAnswer::Absent(absent, at) => ResourceAnswer::Absent(absent, at),
            ResourceAnswer::Found(fetched) => {
                let Some(order) = GoogleOrder::read(&fetched, self.provider()) else {
                    tracing::warn!(
                        entitlement_id = %id,
                        "an order names no product, and is left to Google"
                    );
                    return self.leave_receipt(request, SyncOutcome::OtherProduct).await;
                };
                ResourceAnswer::Found(order)
            }
        };
        self.apply_entitlement(id, &answer, request).await
    }

    /// Applies an order that Google has listed.
    pub async fn sync_listed_order(
        &self,
        order: GoogleOrder,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let id = order.record.id.clone();
        self.apply_entitlement(&id, &ResourceAnswer::Found(order), request)
            .await
    }

    pub(crate) async fn apply_entitlement(
        &self,
        id: &EntitlementId,
        answer: &ResourceAnswer<GoogleOrder>,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        retry_contended(|| Box::pin(self.apply_entitlement_once(id, answer, request))).await
    }

    async fn apply_entitlement_once(
        &self,
        id: &EntitlementId,
        answer: &ResourceAnswer<GoogleOrder>,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let at = request.at;
        let snapshot = self.read(id, answer, at).await?;
        let known = snapshot.entitlement.as_ref().map(|stored| &stored.record);
        if answer.is_refuted(known.and_then(|known| known.absent)) {
            return Ok(SyncOutcome::Unchanged);
        }
        let rules = OrderRules {
            policy: self.approvals.policy(),
            products: self.approvals.products(),
            provider: self.provider(),
            now: at.now,
        };
        warn_of_unruled(answer);
        let decision = on_entitlement(snapshot.state(), answer, request.trigger, rules);
        let mut effect = match decision {
            Decision::Apply(effect) => effect,
            Decision::Absent {
                mut record,
                is_young,
            } => {
                if let Some(order) = &mut record {
                    order.absent = self.begun(order.absent, at).await?;
                }
                let commit = self.entitlement_commit(&snapshot, &Effect::record(record), at);
                self.commit(commit, at).await?;
                return self.absent(is_young, request).await;
            }
            Decision::Unknown => {
                return self
                    .unknown(&Resource::Entitlement(id.clone()), request)
                    .await;
            }
            Decision::Older => return Err(SyncError::Older),
            Decision::Ignore => {
                return self.leave_receipt(request, SyncOutcome::OtherProduct).await;
            }
        };
        if let (Some(until), Some(order)) = (request.quiet_until, &effect.record)
            && is_earlier(snapshot.state(), order, until)
        {
            effect.news.clear();
        }
        let stored = snapshot.entitlement.as_ref().map(|stored| &stored.record);
        let Some(entitlement) = effect.record.as_ref().or(stored) else {
            return self.leave_receipt(request, effect.outcome()).await;
        };
        let planned = Planned {
            commit: self.entitlement_commit(&snapshot, &effect, at),
            outcome: effect.outcome(),
            steps: &effect.steps,
            account: &entitlement.account,
            order: Some(id),
        };
        let outcome = self.carry_out(planned, request).await?;
        if let Some(account) = snapshot.left_account() {
            // Repeated by the synchronization of that account until it succeeds.
            self.disable_service_account(&account.record.id, at).await?;
        }
        Ok(outcome)
    }

    /// The order, its account, the account that it has left, and the news for the application: all or nothing.
    fn entitlement_commit(
        &self,
        snapshot: &Snapshot,
        effect: &Effect<Entitlement>,
        at: At,
    ) -> Commit {
        let Some(record) = &effect.record else {
            return Commit::new();
        };
        let commit = with_entitlement(Commit::new(), record, snapshot.entitlement.as_ref());
        let account = match &snapshot.account {
            Some(account) if effect.steps.contains(&Step::DisableServiceAccount) => {
                with_working_service_account(account.record.clone())
            }
            Some(account) => account.record.clone(),
            // A purchase before any sign-up.
            None => Account {
                provider: Some(self.provider().clone()),
                ..Account::new(&record.account, Approval::None, at.now)
            },
        };
        let change = AccountCommit {
            known: snapshot.account.as_ref(),
            account,
            orders: snapshot.others.iter().chain([record]).collect(),
            news: effect.news.clone(),
        };
        let commit = change.add_to(commit, self.outbox.notify(), at.now);
        let commit = with_journal(commit, &effect.journal);
        self.with_left_account(commit, snapshot, at)
    }

    fn with_left_account(&self, commit: Commit, snapshot: &Snapshot, at: At) -> Commit {
        let (Some(left), Some(known), Some(order)) = (
            &snapshot.left,
            snapshot.left_account(),
            &snapshot.entitlement,
        ) else {
            return commit;
        };
        let kept = left.orders.iter();
        let kept = kept.filter(|kept| kept.id != order.record.id);
        let kept: Vec<_> = kept.cloned().collect();
        let effect = left_behind(&known.record, &order.record, &kept, at.now);
        let account = effect.record.unwrap_or_else(|| known.record.clone());
        let change = AccountCommit {
            known: Some(known),
            account,
            orders: kept.iter().collect(),
            news: effect.news,
        };
        let commit = change.add_to(commit, self.outbox.notify(), at.now);
        with_journal(commit, &effect.journal)
    }

    async fn read(
        &self,
        id: &EntitlementId,
        answer: &ResourceAnswer<GoogleOrder>,
        at: At,
    ) -> Result<Snapshot, SyncError> {
        let stored = self.store.entitlement(id, at.deadline).await?;
        let stored_owner = stored.map(|stored| stored.record.account);
        let owner = match (answer, &stored_owner) {
            (ResourceAnswer::Found(order), _) => order.record.account.clone(),
            (ResourceAnswer::Absent(..), Some(owner)) => owner.clone(),
            (ResourceAnswer::Absent(..), None) => return Ok(Snapshot::default()),
        };
        let snapshot = self.read_of_account(id, &owner, at).await?;
        let owner_now = snapshot.entitlement.as_ref();
        if owner_now.map(|stored| &stored.record.account) != stored_owner.as_ref() {
            // It was stored or moved between the two reads.
            return Err(SyncError::Contended);
        }
        let left = match stored_owner.filter(|stored| *stored != owner) {
            Some(left) => Some(self.account_and_orders(&left, at).await?),
            None => None,
        };
        Ok(Snapshot { left, ..snapshot })
    }

    async fn read_of_account(
        &self,
        id: &EntitlementId,
        owner: &ProcurementAccountId,
        at: At,
    ) -> Result<Snapshot, SyncError> {
        // The commit is made under the version of the account that is read here. Every commit that changes an
        // entitlement changes its account too, so what is read after the account is as new as this version. What
        // is read at the same time may be older, and nothing would detect that.
        let account = self.store.account(owner, at.deadline).await?;
        let (entitlement, all) = tokio::try_join!(
            self.store.entitlement(id, at.deadline),
            self.store.entitlements_of(owner, at.deadline),
        )?;
        let others = all.into_iter().map(|stored| stored.record);
        Ok(Snapshot {
            entitlement,
            account,
            others: others.filter(|other| &other.id != id).collect(),
            left: None,
        })
    }
}

/// Until it was disabled, the service account is recorded as working.
fn with_working_service_account(account: Account) -> Account {
    let service_account = account.service_account.map(|known| ServiceAccount {
        disabled: None,
        ..known
    });
    Account {
        service_account,
        ..account
    }
}

/// What waits and fits no rule is never passed over in silence.
fn warn_of_unruled(answer: &ResourceAnswer<GoogleOrder>) {
    if let ResourceAnswer::Found(order) = answer
        && let Some(reason) = order.record.unruled
        && !order.record.has_ended()
    {
        tracing::warn!(
            account_id = %order.record.account,
            entitlement_id = %order.record.id,
            reason = reason.as_str(),
            "an order fits no rule, and waits for an operator: `operator waiting`"
        );
    }
}

impl Snapshot {
    fn state(&self) -> StoredState<'_> {
        StoredState {
            account: self.account.as_ref().map(|stored| &stored.record),
            entitlement: self.entitlement.as_ref().map(|stored| &stored.record),
            others: &self.others,
        }
    }

    fn left_account(&self) -> Option<&Stored<Account>> {
        self.left.as_ref()?.account.as_ref()
    }
}
