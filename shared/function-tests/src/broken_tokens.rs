//! Tokens that break a rule: one page for all, and nothing is stored or asked.

use std::collections::BTreeSet;

use marketplace_simulator::{Matcher, Order, tokens};
use verification::BrokenRule;

use crate::browser::Browser;
use crate::customer_function::CustomerFunction;
use crate::firestore_proxy::ReservedAddress;
use crate::refused::Refused;
use crate::setup::FunctionSetup;

const TOKEN_REFUSED: Refused = Refused::new(
    401,
    "token-refused",
    "the token was not accepted: the token was refused: it breaks the rule ",
);

/// Rules of other profiles than the Marketplace's.
const OF_OTHERS: [BrokenRule; 6] = [
    BrokenRule::EmailMissing,
    BrokenRule::Email,
    BrokenRule::UniqueId,
    BrokenRule::EmailNotVerified,
    BrokenRule::Nonce,
    BrokenRule::AuthorizedParty,
];

/// Posts one token for each way to break a rule; the log alone says which rule it was.
pub async fn all_are_refused_alike<F: CustomerFunction>(function: &F, order: &Order) {
    let good = function.simulator.token_claims(&order.account, &order.user);
    let broken = tokens::broken_tokens(&good, function.simulator.signing_key());
    function.keep_secret(order.user.as_str());
    let mut pages = BTreeSet::new();
    let mut rules = BTreeSet::new();
    for broken in broken {
        let page = Browser::new(function).land(&broken.token).await;
        TOKEN_REFUSED.check(function, &page, None);
        let line = function.log.last_request();
        let error = line["error"].as_str().unwrap();
        assert!(error.ends_with(&format!(" {}", broken.rule)), "{error}");
        pages.insert(page.body);
        rules.insert(broken.rule);
    }
    assert_eq!(pages.len(), 1, "the pages do not differ");
    let all = BrokenRule::ALL
        .iter()
        .filter(|rule| !OF_OTHERS.contains(rule));
    assert_eq!(rules, all.map(|rule| rule.name()).collect());
    let calls = function.simulator.calls();
    assert_eq!(calls.all().len(), calls.count(&Matcher::marketplace_keys()));
    // One for the first token, and one for the unknown key: the cool-down stops more.
    assert!(calls.all().len() <= 2);
}

/// Makes these tests for a function that customers visit.
#[macro_export]
macro_rules! broken_token_tests {
    ($function:ty: $($name:ident),+) => { $(
        #[tokio::test]
        async fn $name() {
            $crate::broken_tokens::$name::<$function>().await;
        }
    )+ };
    ($function:ty) => {
        $crate::broken_token_tests! {
            $function:
                every_broken_rule_is_a_401_that_leaves_nothing,
                no_store_is_asked_before_a_token_is_valid
        }
    };
}

/// And a good token is accepted afterwards.
pub async fn every_broken_rule_is_a_401_that_leaves_nothing<F: CustomerFunction>() {
    let function = FunctionSetup::<F>::memory().start().await;
    let order = function.buyer();
    let before = function.left_of(&order.account).await;
    all_are_refused_alike(&function, &order).await;
    assert_eq!(function.left_of(&order.account).await, before);
    let order = function.customer().await;
    let page = Browser::new(&function).arrive(&order).await;
    assert_eq!(page.status, 200);
}

/// With the store out of reach, what asked it would answer 503.
pub async fn no_store_is_asked_before_a_token_is_valid<F: CustomerFunction>() {
    let closed = ReservedAddress::default();
    let function = FunctionSetup::<F>::over(closed.store()).start().await;
    all_are_refused_alike(&function, &function.buyer()).await;
}

/// A token that was good, and is refused for the audience of this deployment alone.
pub async fn a_token_for_another_audience_is_refused<F: CustomerFunction>(setup: FunctionSetup<F>) {
    let audiences = "other.example.com,third.example.com";
    let setup = setup.with("MARKETPLACE_AUDIENCES", audiences);
    let (function, order, browser) = setup.start_with_browser().await;
    let before = function.left_of(&order.account).await;
    TOKEN_REFUSED.check(&function, &browser.arrive(&order).await, None);
    assert_eq!(function.left_of(&order.account).await, before);
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let claims = claims.set("aud", "third.example.com");
    let page = browser.land(&function.simulator.sign(&claims)).await;
    assert_eq!(page.status, 200);
}
