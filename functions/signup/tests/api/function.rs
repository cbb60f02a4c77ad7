//! Sign-up as the function under test, and what it leaves behind.

use function_tests::visited::soon;
use marketplace::{ProcurementAccountId, UserIdentity};
use store::{Account, Approval, Link};

function_tests::customer_function!(signup, "/signup", "/signup/register", self => self.buyer());

/// What a sign-up leaves behind, here and at Google.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) approval: Option<Approval>,
    pub(crate) links: usize,
    pub(crate) entitlements: usize,
    pub(crate) news: usize,
    /// Approvals that changed anything at Google.
    pub(crate) accounts_approved: u32,
    pub(crate) orders_approved: u32,
}

impl Left {
    pub(crate) const NOTHING: Self = Self {
        approval: None,
        links: 0,
        entitlements: 0,
        news: 0,
        accounts_approved: 0,
        orders_approved: 0,
    };

    /// The first commit of a sign-up: what is meant to happen.
    pub(crate) const INTENT: Self = Self {
        approval: Some(Approval::Approving),
        links: 1,
        ..Self::NOTHING
    };

    /// One user, one order, everything done.
    pub(crate) const SIGNED_UP: Self = Self {
        approval: Some(Approval::Approved),
        links: 1,
        entitlements: 1,
        news: 0,
        accounts_approved: 1,
        orders_approved: 1,
    };
}

impl TestFunction {
    pub(crate) async fn left(&self, account: &ProcurementAccountId) -> Left {
        let at_google = self.simulator.account(account);
        let orders = self.simulator.entitlements_of(account);
        let entitlements = self.store.entitlements_of(account, soon()).await.unwrap();
        Left {
            approval: self.account(account).await.map(|account| account.approval),
            links: self.store.links_of(account, soon()).await.unwrap().len(),
            entitlements: entitlements.len(),
            news: self.store.outbox_batch(100, soon()).await.unwrap().len(),
            accounts_approved: at_google.map_or(0, |account| account.times_approved),
            orders_approved: orders.iter().map(|order| order.times_approved).sum(),
        }
    }

    pub(crate) async fn account(&self, account: &ProcurementAccountId) -> Option<Account> {
        let stored = self.store.account(account, soon()).await.unwrap();
        stored.map(|stored| stored.record)
    }

    pub(crate) async fn link(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
    ) -> Option<Link> {
        let stored = self.store.link(account, user, soon()).await.unwrap();
        stored.map(|stored| stored.record)
    }
}
