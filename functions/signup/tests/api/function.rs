//! The function under test: the real handler, served for real, with real clients that talk to the
//! simulator.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::Duration;

use link_store::{Account, Approval, Link, LinkStore};
use marketplace::{Deadline, ProcurementAccountId, UserIdentity};
use marketplace_simulator::{Order, Simulator};
use serde_json::Value;
use tracing::subscriber::DefaultGuard;

use crate::browser::Browser;
use crate::hand_off::handed_over;
use crate::log::Log;
use crate::wire::Answer;

/// One function and the simulator it talks to. When it is dropped, it makes sure that Google was
/// asked nothing that Google would refuse, and that no secret is in the log.
pub(crate) struct TestFunction {
    pub(crate) address: SocketAddr,
    pub(crate) simulator: Simulator,
    pub(crate) store: LinkStore,
    pub(crate) log: Log,
    /// What may stand in no log and on no error page.
    pub(crate) secrets: RefCell<Vec<String>>,
    /// What may stand in no log.
    pub(crate) typed: RefCell<Vec<String>>,
    pub(crate) _logging: DefaultGuard,
}

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
    /// A browser that was never here.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// A new customer who bought.
    pub(crate) fn buyer(&self) -> Order {
        self.simulator.buy()
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
        claims
    }

    /// From here on, this text may stand in no log and on no error page.
    pub(crate) fn keep_secret(&self, text: &str) {
        let mut secrets = self.secrets.borrow_mut();
        if !text.is_empty() && !secrets.iter().any(|secret| secret == text) {
            secrets.push(text.to_owned());
        }
    }

    /// From here on, this text may stand in no log; on the form it was typed in it may.
    pub(crate) fn keep_secret_from_log(&self, text: &str) {
        // What is short or empty would be found in any log.
        if text.len() > 8 {
            self.typed.borrow_mut().push(text.to_owned());
        }
    }

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

    /// How the last request ended, as the log says it: its outcome, or its error code.
    pub(crate) fn outcome(&self) -> String {
        let line = self.log.last_request();
        let outcome = line.get("outcome").or_else(|| line.get("errorCode"));
        let outcome = outcome.and_then(Value::as_str);
        outcome.expect("an outcome or an error code").to_owned()
    }
}

impl Drop for TestFunction {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log.text());
            return;
        }
        assert_eq!(self.simulator.violations(), Vec::<String>::new());
        let log = self.log.text();
        let (secrets, typed) = (self.secrets.borrow(), self.typed.borrow());
        for secret in secrets.iter().chain(typed.iter()) {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
}

/// More time than any call to the store takes.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}
