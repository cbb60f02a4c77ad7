//! A Google sign-in in a browser.

use std::collections::BTreeMap;

use jiff::Timestamp;
use link_store::{Commit, Session, SessionId, SignIn, Stored};
use marketplace::UserIdentity;
use marketplace_simulator::Order;
use url::Url;

use crate::browser::Browser;
use crate::function::soon;
use crate::wire::Answer;

/// A browser that was sent to Google.
#[derive(Debug, Clone)]
pub(crate) struct OpenSignIn {
    /// Where it was sent.
    pub(crate) address: String,
    /// What Google is told.
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) landing: String,
}

impl OpenSignIn {
    /// Lands, and is sent to Google.
    pub(crate) async fn begun_by(browser: &Browser<'_>, order: &Order) -> Self {
        let landed = browser.sign_up(order).await;
        assert_eq!(browser.function().outcome(), "sign-in-begun");
        Self::on(browser, &landed)
    }

    /// The sign-in that this redirect begins.
    pub(crate) fn on(browser: &Browser<'_>, answer: &Answer) -> Self {
        assert_eq!((answer.status, answer.body.as_str()), (303, ""));
        let address = answer.header("location").unwrap().to_owned();
        let google = format!(
            "{}/accounts.google.com/o/oauth2/v2/auth?",
            browser.function().simulator.origin()
        );
        assert!(address.starts_with(&google), "{address}");
        let pairs: Vec<_> = Url::parse(&address)
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect();
        let query: BTreeMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(query.len(), pairs.len(), "each once: {address}");
        let (landing, _) = query["state"].split_once('.').unwrap();
        browser.function().keep_secret(&query["state"]);
        Self {
            landing: landing.to_owned(),
            address,
            query,
        }
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
        let anchor = format!("id=\"again\" href=\"{link}\"");
        assert!(page.body.contains(&anchor), "{}", page.body);
        let again = Self::on(browser, &browser.get(&link).await);
        assert_eq!(browser.function().outcome(), "sign-in-again");
        assert_eq!(again.landing, self.landing);
        assert_eq!(again.query["prompt"], "select_account");
        again
    }

    pub(crate) fn another_try(&self) -> String {
        format!("/signup/sign-in?landing={}", self.landing)
    }

    pub(crate) async fn session(&self, browser: &Browser<'_>) -> Stored<Session> {
        let name = format!("__Host-signup-{}", self.landing);
        let id = SessionId::parse(&browser.cookies()[&name]).unwrap();
        let store = &browser.function().store;
        let found = store.session(&id, Timestamp::now(), soon()).await.unwrap();
        found.unwrap()
    }

    pub(crate) async fn attempt(&self, browser: &Browser<'_>) -> SignIn {
        self.session(browser).await.record.sign_in.unwrap()
    }

    /// Makes the session end now.
    pub(crate) async fn expire(&self, browser: &Browser<'_>) {
        let Stored { record, version } = self.session(browser).await;
        let expired = Session {
            expires: Timestamp::now(),
            ..record
        };
        let commit = Commit::new().replace(&expired, &version);
        browser
            .function()
            .store
            .commit(commit, soon())
            .await
            .unwrap();
    }
}

/// The path and query of the callback; code and state are secrets from here on.
fn target(browser: &Browser<'_>, callback: &str) -> String {
    let function = browser.function();
    let own = format!("http://{}", function.address);
    let target = callback.strip_prefix(&own).expect("back to the function");
    assert!(target.starts_with("/signup/callback?"), "{target}");
    for (name, value) in Url::parse(callback).unwrap().query_pairs() {
        if matches!(name.as_ref(), "code" | "state") {
            function.keep_secret(&value);
        }
    }
    target.to_owned()
}
