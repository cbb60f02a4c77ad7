//! A function that customers visit: the real handler, served for real, with real clients that talk to
//! the simulator.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use marketplace::{At, Deadline, ProcurementAccountId, UserIdentity};
use marketplace_simulator::{Matcher, Order, Simulator};
use serde_json::Value;
use store::Store;
use tracing::subscriber::DefaultGuard;

use crate::environment::APPLICATION;
use crate::hand_off::handed_over;
use crate::log::Log;
use crate::wire::Answer;

/// One function and the simulator it talks to. When it is dropped, it makes sure that Google was
/// asked nothing that Google would refuse, and that no secret is in the log.
pub struct VisitedFunction {
    /// Where it listens.
    pub address: SocketAddr,
    /// The path to which the Marketplace posts.
    pub landing: &'static str,
    /// Google.
    pub simulator: Simulator,
    /// What it stores.
    pub store: Store,
    /// What it logs.
    pub log: Log,
    /// What may stand in no log and on no error page.
    pub(crate) secrets: RefCell<Vec<String>>,
    /// What may stand in no log.
    pub(crate) typed: RefCell<Vec<String>>,
    pub(crate) _logging: DefaultGuard,
}

impl VisitedFunction {
    /// A new customer who bought.
    pub fn buyer(&self) -> Order {
        self.simulator.buy()
    }

    /// The token that the Marketplace posts for this user now.
    pub fn token(&self, account: &ProcurementAccountId, user: &UserIdentity) -> String {
        self.simulator.token(account, user)
    }

    /// A new token for the buyer of this order.
    pub fn buyers_token(&self, order: &Order) -> String {
        self.token(&order.account, &order.user)
    }

    /// The claims that this page hands over.
    pub async fn claims(&self, page: &Answer) -> Value {
        let claims = handed_over(page, &self.simulator).await;
        self.keep_secret(page.field("portico-token"));
        let purpose = self.landing.trim_start_matches('/');
        assert_eq!(claims["purpose"], purpose);
        claims
    }

    /// From here on, this text may stand in no log and on no error page.
    pub fn keep_secret(&self, text: &str) {
        let mut secrets = self.secrets.borrow_mut();
        if !text.is_empty() && !secrets.iter().any(|secret| secret == text) {
            secrets.push(text.to_owned());
        }
    }

    /// From here on, this text may stand in no log; on the form it was typed in it may.
    pub fn keep_secret_from_log(&self, text: &str) {
        // What is short or empty would be found in any log.
        if text.len() > 8 {
            self.typed.borrow_mut().push(text.to_owned());
        }
    }

    /// This page has this status, and its line of the log this outcome or error code.
    #[track_caller]
    pub fn answered(&self, page: &Answer, status: u16, outcome: &str) {
        let answered = (page.status, self.outcome());
        assert_eq!(answered, (status, outcome.to_owned()), "{}", page.body);
    }

    /// The customer is sent to the application's login page, without a hand-off.
    #[track_caller]
    pub fn led_to_login(&self, answer: &Answer, outcome: &str) {
        self.answered(answer, 303, outcome);
        let login = format!("{APPLICATION}/login");
        assert_eq!(answer.header("location"), Some(login.as_str()));
        assert_eq!(answer.body, "");
    }

    /// As [`Self::led_to_login`], by a page: a redirect to another origin would be stopped by the
    /// form's own content policy.
    #[track_caller]
    pub fn led_to_login_from_form(&self, page: &Answer, outcome: &str) {
        self.answered(page, 200, outcome);
        assert_eq!(page.header("location"), None);
        let refresh = format!("0; url={APPLICATION}/login");
        assert_eq!(page.header("refresh"), Some(refresh.as_str()));
        assert!(!page.body.contains("portico-token"));
    }

    /// How many codes were exchanged for tokens.
    pub fn exchanges(&self) -> usize {
        self.simulator.calls().count(&Matcher::code_exchange())
    }

    /// How the last request ended, as the log says it: its outcome, or its error code.
    pub fn outcome(&self) -> String {
        let line = self.log.last_request();
        let outcome = line.get("outcome").or_else(|| line.get("errorCode"));
        let outcome = outcome.and_then(Value::as_str);
        outcome.expect("an outcome or an error code").to_owned()
    }
}

impl Drop for VisitedFunction {
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
pub fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

/// A request that arrives now.
pub fn request_now() -> At {
    At {
        now: Timestamp::now(),
        deadline: soon(),
    }
}
