//! Login as the function under test, and what it leaves behind.

use function_tests::visited::soon;
use marketplace::ProcurementAccountId;
use marketplace_simulator::{Matcher, Order};
use store::{Account, Entitlement, Link};

function_tests::customer_function!(sso_login, "/login", "/login/orders", self => self.registered().await);

/// Everything that is stored of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) account: Option<Account>,
    pub(crate) links: Vec<Link>,
    pub(crate) entitlements: Vec<Entitlement>,
    pub(crate) news: usize,
}

impl TestFunction {
    /// What is stored of this account.
    pub(crate) async fn left(&self, account: &ProcurementAccountId) -> Left {
        let stored = self.store.account(account, soon()).await.unwrap();
        let links = self.store.links_of(account, soon()).await.unwrap();
        let entitlements = self.store.entitlements_of(account, soon()).await.unwrap();
        Left {
            account: stored.map(|stored| stored.record),
            links: links.into_iter().map(|link| link.record).collect(),
            entitlements: entitlements.into_iter().map(|e| e.record).collect(),
            news: self.store.outbox_batch(100, soon()).await.unwrap().len(),
        }
    }

    /// The link of the buyer of this order.
    pub(crate) async fn link(&self, order: &Order) -> Option<Link> {
        let link = self.store.link(&order.account, &order.user, soon());
        link.await.unwrap().map(|stored| stored.record)
    }

    /// Nobody asked Google for a signature, so nobody was handed over.
    #[track_caller]
    pub(crate) fn nobody_was_handed_over(&self) {
        assert_eq!(self.simulator.calls().count(&Matcher::sign_jwt()), 0);
    }
}

/// Login asks the Procurement API nothing at all.
impl Drop for TestFunction {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.simulator.calls().count(&Matcher::procurement()), 0);
        }
    }
}
