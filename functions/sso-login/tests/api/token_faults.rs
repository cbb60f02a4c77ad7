//! Tokens that break a rule: one page for all, and nothing is stored or asked.

use function_tests::broken_tokens::all_are_refused_alike;
use function_tests::firestore_proxy::ReservedAddress;
use function_tests::refused::Refused;

use crate::function::Setup;

const TOKEN_REFUSED: Refused = Refused {
    status: 401,
    code: "token-refused",
    retry_after: None,
    error: "the token was not accepted: the token was refused: it breaks the rule ",
};

#[tokio::test]
async fn every_broken_rule_is_a_401_that_leaves_nothing() {
    let function = Setup::memory().start().await;
    all_are_refused_alike(&function, TOKEN_REFUSED).await;
    // A customer with a good token gets in.
    let order = function.registered().await;
    assert_eq!(function.browser().arrive(&order).await.status, 200);
}

/// With the store out of reach, whoever asked it would answer 503.
#[tokio::test]
async fn no_store_is_asked_before_a_token_is_valid() {
    let closed = ReservedAddress::default();
    let function = Setup::over(closed.store()).start().await;
    all_are_refused_alike(&function, TOKEN_REFUSED).await;
}

/// A token that was good, and is refused for the audience of this deployment alone.
pub(crate) async fn a_token_for_another_audience_is_refused(setup: Setup) {
    let audiences = "other.example.com,third.example.com";
    let function = setup.with("MARKETPLACE_AUDIENCES", audiences).start().await;
    let order = function.registered().await;
    let before = function.left(&order.account).await;
    let page = function.browser().arrive(&order).await;
    TOKEN_REFUSED.check(&function, &page, None);
    assert_eq!(function.left(&order.account).await, before);
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let token = function
        .simulator
        .sign(&claims.set("aud", "third.example.com"));
    assert_eq!(function.browser().land(&token).await.status, 200);
}
