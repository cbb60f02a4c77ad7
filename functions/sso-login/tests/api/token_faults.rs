//! Tokens that break a rule: one page for all, and nothing is stored or asked.

use std::collections::BTreeSet;

use marketplace_simulator::{Matcher, tokens};
use tokio::net::TcpSocket;
use verification::Rejected;

use crate::emulator;
use crate::function::TestFunction;
use crate::refused::Refused;
use crate::setup::Setup;

/// Rules of other profiles than the Marketplace's.
const OF_OTHERS: [Rejected; 4] = [
    Rejected::Email,
    Rejected::EmailNotVerified,
    Rejected::Nonce,
    Rejected::AuthorizedParty,
];

const TOKEN_REFUSED: Refused = Refused {
    status: 401,
    code: "token-refused",
    retry_after: None,
    error: "log in: admit the customer: verify the token: accept the token: it breaks the rule ",
};

/// Posts one token for each way to break a rule.
async fn all_are_refused_alike(function: &TestFunction) {
    let order = function.simulator.buy();
    let good = function.simulator.token_claims(&order.account, &order.user);
    let broken = tokens::broken_tokens(&good, function.simulator.signing_key());
    function.keep_secret(order.user.as_str());
    let mut pages = BTreeSet::new();
    let mut rules = BTreeSet::new();
    for broken in broken {
        let page = function.browser().land(&broken.token).await;
        TOKEN_REFUSED.check(function, &page, None);
        let line = function.log.last_request();
        let error = line["error"].as_str().unwrap();
        assert!(error.ends_with(&format!(" {}", broken.rule)), "{error}");
        pages.insert(page.body);
        rules.insert(broken.rule);
    }
    assert_eq!(pages.len(), 1, "nobody learns which rule it was");
    let all = Rejected::ALL
        .iter()
        .filter(|rule| !OF_OTHERS.contains(rule));
    assert_eq!(rules, all.map(|rule| rule.name()).collect());
    let calls = function.simulator.calls();
    assert_eq!(calls.all().len(), calls.count(&Matcher::marketplace_keys()));
    // One for the first token, and one for the unknown key: the cool-down stops more.
    assert!(calls.all().len() <= 2);
}

#[tokio::test]
async fn every_broken_rule_is_a_401_that_leaves_nothing() {
    let function = Setup::memory().start().await;
    all_are_refused_alike(&function).await;
    // A customer with a good token gets in.
    let order = function.registered().await;
    assert_eq!(function.browser().log_in(&order).await.status, 200);
}

/// With the store out of reach, whoever asked it would answer 503.
#[tokio::test]
async fn no_store_is_asked_before_a_token_is_valid() {
    let refusing = TcpSocket::new_v4().unwrap();
    refusing.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nowhere = refusing.local_addr().unwrap().to_string();
    let store = emulator::store(&emulator::new_project(), &nowhere);
    let function = Setup::over(store).start().await;
    all_are_refused_alike(&function).await;
}

/// A token that was good, and is refused for the audience of this deployment alone.
pub(crate) async fn a_token_for_another_audience_is_refused(setup: Setup) {
    let audiences = "other.example.com,third.example.com";
    let function = setup.with("MARKETPLACE_AUDIENCES", audiences).start().await;
    let order = function.registered().await;
    let before = function.left(&order.account).await;
    let page = function.browser().log_in(&order).await;
    TOKEN_REFUSED.check(&function, &page, None);
    assert_eq!(function.left(&order.account).await, before);
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let token = function
        .simulator
        .sign(&claims.set("aud", "third.example.com"));
    assert_eq!(function.browser().land(&token).await.status, 200);
}
