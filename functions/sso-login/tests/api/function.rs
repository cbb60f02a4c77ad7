//! The function under test: the real handler, served for real, with real clients that talk to the
//! simulator.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::Duration;

use link_store::{Account, Entitlement, Link, LinkStore};
use marketplace::{Deadline, ProcurementAccountId, UserIdentity};
use marketplace_simulator::{Matcher, Order, Simulator};
use serde_json::Value;
use tracing::subscriber::DefaultGuard;

use crate::browser::Browser;
use crate::hand_off::handed_over;
use crate::log::Log;
use crate::wire::Answer;

/// One function and the simulator it talks to. When it is dropped, it makes sure that Google was
/// asked nothing that Google would refuse, the Procurement API nothing at all, and that no secret
/// is in the log.
pub(crate) struct TestFunction {
    pub(crate) address: SocketAddr,
    pub(crate) simulator: Simulator,
    pub(crate) store: LinkStore,
    pub(crate) log: Log,
    /// What may stand in no log and on no error page.
    pub(crate) secrets: RefCell<Vec<String>>,
    pub(crate) _logging: DefaultGuard,
}

/// Everything that is stored of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) account: Option<Account>,
    pub(crate) links: Vec<Link>,
    pub(crate) entitlements: Vec<Entitlement>,
    pub(crate) news: usize,
}

impl TestFunction {
    /// A browser that was never here.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// The token that the Marketplace posts for this user now.
    pub(crate) fn token(&self, account: &ProcurementAccountId, user: &UserIdentity) -> String {
        self.simulator.token(account, user)
    }

    /// A new token for the buyer of this order.
    pub(crate) fn buyers_token(&self, order: &Order) -> String {
        self.token(&order.account, &order.user)
    }

    /// The claims that this page hands over.
    pub(crate) async fn claims(&self, page: &Answer) -> Value {
        let claims = handed_over(page, &self.simulator).await;
        self.keep_secret(page.field("portico-token"));
        assert_eq!(claims["purpose"], "login");
        claims
    }

    /// From here on, this text may stand in no log and on no error page.
    pub(crate) fn keep_secret(&self, text: &str) {
        let mut secrets = self.secrets.borrow_mut();
        if !text.is_empty() && !secrets.iter().any(|secret| secret == text) {
            secrets.push(text.to_owned());
        }
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

    /// How the last request ended, as the log says it: its outcome, or its error code.
    pub(crate) fn outcome(&self) -> String {
        let line = self.log.last_request();
        let outcome = line.get("outcome").or_else(|| line.get("errorCode"));
        let outcome = outcome.and_then(Value::as_str);
        outcome.expect("an outcome or an error code").to_owned()
    }

    /// Nobody asked Google for a signature, so nobody was handed over.
    #[track_caller]
    pub(crate) fn nobody_was_handed_over(&self) {
        assert_eq!(self.simulator.calls().count(&Matcher::sign_jwt()), 0);
    }
}

impl Drop for TestFunction {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log.text());
            return;
        }
        assert_eq!(self.simulator.violations(), Vec::<String>::new());
        assert_eq!(self.simulator.calls().count(&Matcher::procurement()), 0);
        let log = self.log.text();
        for secret in self.secrets.borrow().iter() {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
}

/// More time than any call to the store takes.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}
