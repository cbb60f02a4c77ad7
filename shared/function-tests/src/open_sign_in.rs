//! A Google sign-in in a browser.

use std::collections::BTreeMap;

use marketplace::UserIdentity;
use marketplace_simulator::Order;

use crate::browser::Browser;
use crate::customer_function::CustomerFunction;
use crate::wire::Answer;

/// A browser that was sent to Google.
#[derive(Debug, Clone)]
pub struct OpenSignIn {
    /// Where it was sent.
    pub address: String,
    /// The parameters for Google.
    pub query: BTreeMap<String, String>,
    /// The handle of the landing.
    pub landing: String,
    /// The function's path to which Google leads back.
    function: &'static str,
}

impl OpenSignIn {
    /// Lands, and is sent to Google.
    pub async fn start<F: CustomerFunction>(browser: &Browser<F>, order: &Order) -> Self {
        let landed = browser.arrive(order).await;
        assert_eq!(browser.function().outcome(), "sign-in-begun");
        Self::on(browser, &landed)
    }

    /// The sign-in that this redirect begins.
    pub fn on<F: CustomerFunction>(browser: &Browser<F>, answer: &Answer) -> Self {
        assert_eq!((answer.status, answer.body.as_str()), (303, ""));
        let address = answer.header("location").unwrap().to_owned();
        let google = format!(
            "{}/accounts.google.com/o/oauth2/v2/auth",
            browser.function().simulator.origin()
        );
        let (endpoint, sent) = address.split_once('?').unwrap();
        assert_eq!(endpoint, google);
        let pairs: Vec<_> = parameters(sent).collect();
        let query: BTreeMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(query.len(), pairs.len(), "each once: {address}");
        browser.function().keep_secret(&query["state"]);
        let (landing, _) = query["state"].split_once('.').unwrap();
        Self {
            landing: landing.to_owned(),
            function: browser.function().landing,
            address,
            query,
        }
    }

    /// Where Google sends this person back to, who chose and allowed everything.
    pub fn callback<F: CustomerFunction>(
        &self,
        browser: &Browser<F>,
        user: &UserIdentity,
    ) -> String {
        let simulator = &browser.function().simulator;
        browser.function().keep_secret(user.as_str());
        target(browser, &simulator.sign_in(&self.address, user).unwrap())
    }

    /// This person signs in and comes back.
    pub async fn by<F: CustomerFunction>(
        &self,
        browser: &Browser<F>,
        user: &UserIdentity,
    ) -> Answer {
        browser.get(&self.callback(browser, user)).await
    }

    /// Somebody does not consent and comes back.
    pub async fn denied<F: CustomerFunction>(&self, browser: &Browser<F>) -> Answer {
        let simulator = &browser.function().simulator;
        let callback = simulator.deny_sign_in(&self.address).unwrap();
        browser.get(&target(browser, &callback)).await
    }

    /// Follows the link to another try on this page.
    pub async fn again<F: CustomerFunction>(&self, browser: &Browser<F>, page: &Answer) -> Self {
        let link = self.another_try();
        let anchor = format!("id=\"again\" href=\"{link}\"");
        assert!(page.body.contains(&anchor), "{}", page.body);
        let again = Self::on(browser, &browser.get(&link).await);
        assert_eq!(browser.function().outcome(), "sign-in-again");
        assert_eq!(again.landing, self.landing);
        assert_eq!(again.query["prompt"], "select_account");
        again
    }

    /// Where another try begins.
    pub fn another_try(&self) -> String {
        self.step("sign-in")
    }

    /// Where this step of the landing is.
    pub fn step(&self, name: &str) -> String {
        format!("{}/{name}?landing={}", self.function, self.landing)
    }
}

/// The path and query of the callback; code and state are secrets from here on.
fn target<F: CustomerFunction>(browser: &Browser<F>, callback: &str) -> String {
    let function = browser.function();
    let own = format!("http://{}", function.address);
    let target = callback.strip_prefix(&own).expect("back to the function");
    let (path, query) = target.split_once('?').unwrap();
    assert_eq!(path, format!("{}/callback", function.landing));
    for (name, value) in parameters(query) {
        if matches!(name.as_str(), "code" | "state") {
            function.keep_secret(&value);
        }
    }
    target.to_owned()
}

fn parameters(query: &str) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned()
}
