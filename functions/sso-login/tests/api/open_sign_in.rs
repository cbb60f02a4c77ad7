//! A Google sign-in in a browser.

use jiff::Timestamp;
use link_store::{Session, SessionId};
use marketplace::UserIdentity;
use marketplace_simulator::Order;

use crate::browser::Browser;
use crate::function::soon;
use crate::wire::Answer;

/// A browser that was sent to Google.
#[derive(Debug, Clone)]
pub(crate) struct OpenSignIn {
    /// Where it was sent.
    pub(crate) address: String,
    pub(crate) landing: String,
}

impl OpenSignIn {
    /// Lands, and is sent to Google.
    pub(crate) async fn begun_by(browser: &Browser<'_>, order: &Order) -> Self {
        let landed = browser.log_in(order).await;
        assert_eq!(browser.function().outcome(), "sign-in-begun");
        Self::on(browser, &landed)
    }

    /// The sign-in that this redirect begins.
    pub(crate) fn on(browser: &Browser<'_>, answer: &Answer) -> Self {
        assert_eq!((answer.status, answer.body.as_str()), (303, ""));
        let address = answer.header("location").unwrap().to_owned();
        let google = format!(
            "{}/accounts.google.com/o/oauth2/v2/auth",
            browser.function().simulator.origin()
        );
        assert!(address.starts_with(&google), "{address}");
        let state = parameter(&address, "state");
        browser.function().keep_secret(&state);
        Self {
            landing: state.split_once('.').unwrap().0.to_owned(),
            address,
        }
    }

    /// What Google is told.
    pub(crate) fn told(&self, parameter: &str) -> String {
        self::parameter(&self.address, parameter)
    }

    /// Where Google sends this person back to, who chose and allowed everything.
    pub(crate) fn callback(&self, browser: &Browser<'_>, user: &UserIdentity) -> String {
        let simulator = &browser.function().simulator;
        browser.function().keep_secret(user.as_str());
        target(browser, &simulator.sign_in(&self.address, user).unwrap())
    }

    /// This person signs in and comes back.
    pub(crate) async fn by(&self, browser: &Browser<'_>, user: &UserIdentity) -> Answer {
        browser.get(&self.callback(browser, user)).await
    }

    /// Somebody does not consent and comes back.
    pub(crate) async fn denied(&self, browser: &Browser<'_>) -> Answer {
        let simulator = &browser.function().simulator;
        let callback = simulator.deny_sign_in(&self.address).unwrap();
        browser.get(&target(browser, &callback)).await
    }

    /// Follows the link to another try on this page.
    pub(crate) async fn again(&self, browser: &Browser<'_>, page: &Answer) -> Self {
        let link = self.another_try();
        assert!(page.body.contains(&format!("href=\"{link}\"")));
        let again = Self::on(browser, &browser.get(&link).await);
        assert_eq!(browser.function().outcome(), "sign-in-again");
        assert_eq!(again.landing, self.landing);
        assert_eq!(again.told("prompt"), "select_account");
        again
    }

    pub(crate) fn another_try(&self) -> String {
        format!("/login/sign-in?landing={}", self.landing)
    }

    /// Where the orders of this landing are listed.
    pub(crate) fn list(&self) -> String {
        format!("/login/orders?landing={}", self.landing)
    }

    pub(crate) async fn session(&self, browser: &Browser<'_>) -> Session {
        let name = format!("__Host-login-{}", self.landing);
        let id = SessionId::parse(&browser.cookies()[&name]).unwrap();
        let store = &browser.function().store;
        let found = store.session(&id, Timestamp::now(), soon()).await.unwrap();
        found.unwrap().record
    }
}

/// The one value of this parameter in an address.
fn parameter(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(n, _)| n == name);
    let (_, value) = found.next().expect("the parameter");
    assert!(found.next().is_none(), "{name} stands twice");
    value.into_owned()
}

/// The path and query of the callback; code and state are secrets from here on.
fn target(browser: &Browser<'_>, callback: &str) -> String {
    let function = browser.function();
    let own = format!("http://{}", function.address);
    let target = callback.strip_prefix(&own).expect("back to the function");
    assert!(target.starts_with("/login/callback?"), "{target}");
    let (_, query) = target.split_once('?').unwrap();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if matches!(name.as_ref(), "code" | "state") {
            function.keep_secret(&value);
        }
    }
    target.to_owned()
}
