//! No access token, or no signature.

use std::time::Duration;

use function_tests::refused::Refused;
use marketplace_simulator::tokens::hand_off_signer;
use marketplace_simulator::{Fault, Matcher};
use serde_json::json;

use crate::function::Setup;

const UNSIGNED: Refused = Refused::new(
    503,
    "hand-off-unavailable",
    "the hand-off was not signed: the IAM Credentials API did not ",
)
.retry_after("5");

/// The token is not spent, and nothing is recorded.
async fn fails_by(calls: Matcher, fault: Fault) {
    let setup = Setup::memory().within(Duration::from_secs(2));
    let (function, order) = setup.start_with_customer().await;
    let before = function.left(&order.account).await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(calls, fault);
    let browser = function.browser();
    UNSIGNED.check(&function, &browser.land(&token).await, Some(&order));
    assert_eq!(function.left(&order.account).await, before);
    assert_eq!(function.replay(&token).await, None);
    faults.clear();
    // Another instance knows nothing of the outage.
    let other = Setup::beside(&function).start().await;
    other.claims(&other.browser().land(&token).await).await;
    assert_eq!(other.outcome(), "handed-over");
}

#[tokio::test]
async fn a_signature_that_is_refused_is_given_later() {
    for status in [400, 403, 404, 429, 500, 503] {
        fails_by(Matcher::sign_jwt(), Fault::status(status)).await;
    }
}

#[tokio::test]
async fn a_signature_that_is_cut_off_or_garbage_is_given_later() {
    for fault in [Fault::cut(), Fault::cut_mid_body(), Fault::garbage()] {
        fails_by(Matcher::sign_jwt(), fault).await;
    }
}

#[tokio::test]
async fn without_an_access_token_nothing_is_recorded() {
    for fault in [Fault::status(404), Fault::status(500), Fault::cut()] {
        fails_by(Matcher::access_token(), fault).await;
    }
}

/// An answer with another payload, signed all the same.
fn signed(payload: &str) -> Fault {
    let key = &hand_off_signer()[0];
    let token = key.sign(&key.header(), payload);
    Fault::answer(
        json!({ "keyId": key.kid, "signedJwt": token })
            .to_string()
            .leak(),
    )
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_neither_recorded_nor_posted() {
    for payload in [r#"{"sub":"another-account"}"#, "{}", ""] {
        fails_by(Matcher::sign_jwt(), signed(payload)).await;
    }
    for fault in [
        Fault::answer("{}"),
        Fault::answer(r#"{"signedJwt":"a.b.c"}"#),
    ] {
        fails_by(Matcher::sign_jwt(), fault).await;
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_access_token() {
    let setup = Setup::memory().within(Duration::from_secs(2));
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.next(Matcher::sign_jwt(), Fault::redirect());
    let page = function.browser().land(&token).await;
    UNSIGNED.check(&function, &page, Some(&order));
    assert_eq!(function.simulator.calls().count(&Matcher::sign_jwt()), 1);
    assert_eq!(function.replay(&token).await, None);
}

#[tokio::test]
async fn a_signature_that_never_comes_is_a_503_in_time() {
    let setup = Setup::memory().within(Duration::from_secs(1));
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(Matcher::sign_jwt(), Fault::hang());
    let page = function.browser().land(&token).await;
    assert_eq!((page.status, page.header("retry-after")), (503, Some("5")));
    assert_eq!(function.replay(&token).await, None);
    faults.clear();
    let page = function.browser().land(&token).await;
    function.claims(&page).await;
}
