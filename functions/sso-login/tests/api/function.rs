//! Login as the function under test, and what it leaves behind.

use std::ops::Deref;

use function_runtime::MapEnv;
use function_tests::setup::CustomerFunction;
use function_tests::visited::{VisitedFunction, soon};
use marketplace::ProcurementAccountId;
use marketplace_simulator::{Matcher, Order};
use sso_login::{Config, Handler, build};
use store::{Account, Entitlement, Link, Store};

pub(crate) type Browser<'f> = function_tests::browser::Browser<'f, TestFunction>;
pub(crate) type Setup = function_tests::setup::Setup<TestFunction>;

/// Login and the simulator it talks to. When it is dropped, it makes sure that the Procurement API
/// was asked nothing at all.
pub(crate) struct TestFunction(VisitedFunction);

/// Everything that is stored of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) account: Option<Account>,
    pub(crate) links: Vec<Link>,
    pub(crate) entitlements: Vec<Entitlement>,
    pub(crate) news: usize,
}

impl CustomerFunction for TestFunction {
    const LANDING: &'static str = "/login";

    type Handler = Handler;

    fn build(environment: &MapEnv, store: Store) -> Handler {
        let config = Config::from_env(environment).unwrap();
        build(config, store)
    }
}

impl From<VisitedFunction> for TestFunction {
    fn from(visited: VisitedFunction) -> Self {
        Self(visited)
    }
}

impl Deref for TestFunction {
    type Target = VisitedFunction;

    fn deref(&self) -> &VisitedFunction {
        &self.0
    }
}

impl TestFunction {
    /// A browser that was never here.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

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

impl Drop for TestFunction {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.simulator.calls().count(&Matcher::procurement()), 0);
        }
    }
}
