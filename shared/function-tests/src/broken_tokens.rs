//! Tokens that break a rule: one page for all, and nothing is stored or asked.

use std::collections::BTreeSet;

use marketplace_simulator::{Matcher, tokens};
use verification::BrokenRule;

use crate::browser::Browser;
use crate::refused::Refused;
use crate::setup::CustomerFunction;

/// Rules of other profiles than the Marketplace's.
const OF_OTHERS: [BrokenRule; 4] = [
    BrokenRule::Email,
    BrokenRule::EmailNotVerified,
    BrokenRule::Nonce,
    BrokenRule::AuthorizedParty,
];

/// Posts one token for each way to break a rule; the log alone says which rule it was.
pub async fn all_are_refused_alike<F: CustomerFunction>(function: &F, refused: Refused) {
    let order = function.buyer();
    let good = function.simulator.token_claims(&order.account, &order.user);
    let broken = tokens::broken_tokens(&good, function.simulator.signing_key());
    function.keep_secret(order.user.as_str());
    let mut pages = BTreeSet::new();
    let mut rules = BTreeSet::new();
    for broken in broken {
        let page = Browser::new(function).land(&broken.token).await;
        refused.check(function, &page, None);
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
