//! What the program stores and publishes by the decisions.

use std::collections::BTreeSet;
use std::time::Duration;

use approval::{ApprovalPolicy, GoogleOrder, with_entitlement};
use jiff::Timestamp;
use marketplace::{Access, Deadline, EntitlementId, ProcurementAccountId};
use outbox::{AccountCommit, News, Notify};
use serde_json::json;
use store::{Account, Approval, Commit, Entitlement, OutboxEntry, Store, Stored};

use super::application::Served;
use crate::Trigger;
use crate::decide::tests::records::{products, provider};
use crate::decide::{
    AccountRules, Decision, Effect, OrderRules, ResourceAnswer, StoredAccount, StoredState,
    left_behind, on_account, on_entitlement,
};

pub(super) struct Portico {
    store: Store,
    /// How many news there have to be.
    told: usize,
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_mins(1))
}

/// What a decision stores and publishes.
fn changed<R>(decision: Decision<R>) -> Option<(R, Vec<News>)> {
    match decision {
        Decision::Apply(effect) => {
            let Effect { record, news, .. } = *effect;
            Some((record?, news))
        }
        Decision::Absent { record, .. } => Some((record?, Vec::new())),
        Decision::Ignore | Decision::Older | Decision::Unknown => None,
    }
}

impl Portico {
    pub(super) fn new() -> Self {
        Self {
            store: Store::memory(),
            told: 0,
        }
    }

    pub(super) async fn account(&self, id: &ProcurementAccountId) -> Option<Stored<Account>> {
        self.store.account(id, soon()).await.unwrap()
    }

    pub(super) async fn order(&self, id: &EntitlementId) -> Option<Stored<Entitlement>> {
        self.store.entitlement(id, soon()).await.unwrap()
    }

    async fn orders_of(&self, account: &ProcurementAccountId) -> Vec<Entitlement> {
        let orders = self.store.entitlements_of(account, soon()).await.unwrap();
        orders.into_iter().map(|stored| stored.record).collect()
    }

    async fn others(
        &self,
        account: &ProcurementAccountId,
        but: &EntitlementId,
    ) -> Vec<Entitlement> {
        let mut orders = self.orders_of(account).await;
        orders.retain(|order| order.id != *but);
        orders
    }

    pub(super) async fn sync_account(
        &mut self,
        id: &ProcurementAccountId,
        answer: &ResourceAnswer<procurement::Account>,
        now: Timestamp,
    ) {
        let known = self.account(id).await;
        let account = known.as_ref().map(|stored| &stored.record);
        if answer.is_refuted(account.and_then(|account| account.absent)) {
            return;
        }
        let orders = self.orders_of(id).await;
        let state = StoredAccount {
            account,
            orders: &orders,
        };
        let rules = AccountRules {
            provider: &provider(),
            now,
        };
        let decision = on_account(id, state, answer, Trigger::Reconciliation, rules);
        if let Some((account, news)) = changed(decision) {
            let commit = self.with_news(Commit::new(), known.as_ref(), account, &orders, news, now);
            self.store.commit(commit, soon()).await.unwrap();
        }
    }

    pub(super) async fn sync_order(
        &mut self,
        id: &EntitlementId,
        answer: &ResourceAnswer<GoogleOrder>,
        now: Timestamp,
    ) {
        let stored = self.order(id).await;
        let before = stored.as_ref().map(|stored| &stored.record);
        let owner = match (answer, before) {
            (ResourceAnswer::Found(order), _) => &order.record.account,
            (ResourceAnswer::Absent(..), Some(before)) => &before.account,
            (ResourceAnswer::Absent(..), None) => return,
        };
        if answer.is_refuted(before.and_then(|before| before.absent)) {
            return;
        }
        let account = self.account(owner).await;
        let others = self.others(owner, id).await;
        let known = StoredState {
            account: account.as_ref().map(|stored| &stored.record),
            entitlement: before,
            others: &others,
        };
        let rules = OrderRules {
            policy: ApprovalPolicy::Auto,
            products: &products(),
            provider: &provider(),
            now,
        };
        let decision = on_entitlement(known, answer, Trigger::Reconciliation, rules);
        let Some((record, news)) = changed(decision) else {
            return;
        };
        let mut commit = with_entitlement(Commit::new(), &record, stored.as_ref());
        if let Some(left) = before.filter(|before| before.account != *owner) {
            let known = self.account(&left.account).await.unwrap();
            let kept = self.others(&left.account, id).await;
            let Effect { record, news, .. } = left_behind(&known.record, left, &kept, now);
            commit = self.with_news(commit, Some(&known), record.unwrap(), &kept, news, now);
        }
        let after = match &account {
            Some(stored) => stored.record.clone(),
            None => Account::new(owner, Approval::None, now),
        };
        let orders: Vec<_> = others.into_iter().chain([record]).collect();
        let commit = self.with_news(commit, account.as_ref(), after, &orders, news, now);
        self.store.commit(commit, soon()).await.unwrap();
    }

    fn with_news(
        &mut self,
        commit: Commit,
        known: Option<&Stored<Account>>,
        account: Account,
        orders: &[Entitlement],
        news: Vec<News>,
        now: Timestamp,
    ) -> Commit {
        self.told += news.len();
        let change = AccountCommit {
            known,
            account,
            orders: orders.iter().collect(),
            news,
        };
        change.add_to(commit, Notify::On, now)
    }

    /// All news, those about one account in their order. None is lost, and each has a place of its own.
    pub(super) async fn news(&self) -> Vec<OutboxEntry> {
        let entries = self.store.outbox_batch(10_000, soon()).await.unwrap();
        let mut news: Vec<_> = entries.into_iter().map(|stored| stored.record).collect();
        let place = |news: &OutboxEntry| (news.account.clone(), news.sequence.clone());
        news.sort_by_cached_key(place);
        let places: BTreeSet<_> = news.iter().map(place).collect();
        assert_eq!((news.len(), places.len()), (self.told, self.told));
        news
    }

    pub(super) async fn served(&self, id: &ProcurementAccountId) -> Served {
        let account = self.account(id).await?.record;
        let orders = self.orders_of(id).await;
        let in_force = orders.iter().filter(|order| order.state.is_live());
        let terms = in_force.map(|order| {
            let terms = json!([order.plan, order.offer, order.subscription_end]);
            (order.id.to_string(), terms)
        });
        (account.access(&orders) == Access::Live).then(|| terms.collect())
    }
}
