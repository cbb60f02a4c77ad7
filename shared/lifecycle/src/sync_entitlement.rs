//! Synchronizes one order.

use approval::{GoogleOrder, bumped, new_account, with_entitlement};
use marketplace::{At, EntitlementId, ProcurementAccountId};
use outbox::{access_with, order_changed};
use store::{Account, Approval, Commit, Entitlement, ServiceAccount, Stored, retry_contended};

use crate::decide::{Effect, OrderRules, ResourceAnswer, Step, StoredState, on_entitlement};
use crate::steps::Planned;
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

/// What is stored of an order and around it, as it was read.
#[derive(Default)]
struct Snapshot {
    entitlement: Option<Stored<Entitlement>>,
    account: Option<Stored<Account>>,
    others: Vec<Entitlement>,
}

impl Lifecycle {
    /// Asks Google for an order and applies the answer.
    pub(crate) async fn sync_entitlement(
        &self,
        id: &EntitlementId,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let fetched = self.procurement.entitlement(id, request.at.deadline).await;
        let resource = Resource::Entitlement(id.clone());
        let answer = match self.google_answer(fetched, &resource, request.at).await? {
            ResourceAnswer::Absent(absence, since) => Some(ResourceAnswer::Absent(absence, since)),
            ResourceAnswer::Found(fetched) => {
                GoogleOrder::read(&fetched).map(ResourceAnswer::Found)
            }
        };
        let Some(answer) = answer else {
            return self.leave_receipt(request, SyncOutcome::OtherProduct).await;
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
        let rules = OrderRules {
            policy: self.approvals.policy(),
            products: self.approvals.products(),
        };
        let decision = on_entitlement(snapshot.state(), answer, request.trigger, rules);
        let resource = Resource::Entitlement(id.clone());
        let Some(effect) = self.effect_of(decision, &resource, at).await? else {
            return self.leave_receipt(request, SyncOutcome::OtherProduct).await;
        };
        let commit = self.entitlement_commit(&snapshot, &effect, at);
        let stored = snapshot.entitlement.as_ref().map(|stored| &stored.record);
        let Some(entitlement) = effect.record.as_ref().or(stored) else {
            return self.leave_receipt(request, effect.outcome()).await;
        };
        let planned = Planned {
            commit,
            outcome: effect.outcome(),
            steps: &effect.steps,
            account: &entitlement.account,
            order: Some(id),
        };
        self.carry_out(planned, request).await
    }

    /// The order, its account, and the news for the application: all or nothing.
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
        let commit = match &snapshot.account {
            // A purchase before any sign-up.
            None => {
                let account = new_account(&record.account, Approval::None, at.now);
                commit.create(bumped(&account, at.now))
            }
            Some(account) => {
                let record = bumped(&account.record, at.now);
                let record = if effect.steps.contains(&Step::DisableServiceAccount) {
                    with_working_service_account(record)
                } else {
                    record
                };
                commit.replace(record, &account.version)
            }
        };
        let access = access_with(record, &snapshot.others, self.approvals.products());
        let changes = effect.changes.iter();
        let news = changes.map(|change| order_changed(change, record, access));
        let notify = self.outbox.notify();
        news.fold(commit, |commit, entry| notify.add_to(commit, entry))
    }

    async fn read(
        &self,
        id: &EntitlementId,
        answer: &ResourceAnswer<GoogleOrder>,
        at: At,
    ) -> Result<Snapshot, SyncError> {
        let owner = match answer {
            ResourceAnswer::Found(order) => order.record.account.clone(),
            ResourceAnswer::Absent(..) => match self.store.entitlement(id, at.deadline).await? {
                Some(stored) => stored.record.account,
                None => return Ok(Snapshot::default()),
            },
        };
        self.read_of_account(id, &owner, at).await
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

impl Snapshot {
    fn state(&self) -> StoredState<'_> {
        StoredState {
            account: self.account.as_ref().map(|stored| &stored.record),
            entitlement: self.entitlement.as_ref().map(|stored| &stored.record),
            others: &self.others,
        }
    }
}
