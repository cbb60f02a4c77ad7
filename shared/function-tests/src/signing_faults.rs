//! The IAM Credentials API does not sign: the hand-off is given later, and the token is not spent.

use std::time::Duration;

use marketplace_simulator::tokens::hand_off_signer;
use marketplace_simulator::{Fault, Matcher};
use serde_json::json;

use crate::browser::Browser;
use crate::customer_function::CustomerFunction;
use crate::refused::Refused;
use crate::setup::FunctionSetup;

const UNSIGNED: Refused = Refused::new(
    503,
    "hand-off-unavailable",
    "the hand-off was not signed: the IAM Credentials API did not ",
)
.retry_after("5");

/// What a visit leaves that lacks nothing but the signature, by what was there before.
pub type LeftUnsigned<F> = fn(<F as CustomerFunction>::Left) -> <F as CustomerFunction>::Left;

/// Makes these tests for a function that customers visit. `$left` is its [`LeftUnsigned`].
#[macro_export]
macro_rules! signing_fault_tests {
    ($function:ty, $left:expr; $($name:ident),+) => { $(
        #[tokio::test]
        async fn $name() {
            $crate::signing_faults::$name::<$function>($left).await;
        }
    )+ };
    ($function:ty, $left:expr) => {
        $crate::signing_fault_tests! {
            $function, $left;
                a_signature_that_is_refused_is_given_later,
                a_signature_that_is_cut_off_or_garbage_is_given_later,
                a_token_that_is_not_ours_is_neither_recorded_nor_posted,
                a_redirect_is_not_followed_with_the_access_token,
                a_signature_that_never_comes_is_given_later
        }
    };
}

/// The token is not spent while these calls fail so, and another instance hands the customer over by it.
pub async fn signing_fails_by<F: CustomerFunction>(
    calls: Matcher,
    fault: Fault,
    left: LeftUnsigned<F>,
) {
    let setup = FunctionSetup::<F>::memory().within(Duration::from_secs(2));
    let (function, order) = setup.start_with_customer().await;
    let expected = left(function.left_of(&order.account).await);
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(calls, fault);
    let browser = Browser::new(&function);
    for _ in 0..2 {
        UNSIGNED.check(&function, &browser.land(&token).await, Some(&order));
        assert_eq!(function.left_of(&order.account).await, expected);
        assert_eq!(function.replay(&token).await, None);
    }
    faults.clear();
    // Another instance knows nothing of the outage.
    let other = FunctionSetup::beside(&function).start().await;
    let page = Browser::new(&other).land(&token).await;
    other.claims(&page).await;
}

/// With any status.
pub async fn a_signature_that_is_refused_is_given_later<F: CustomerFunction>(
    left: LeftUnsigned<F>,
) {
    for status in [400, 403, 404, 429, 500, 503] {
        signing_fails_by::<F>(Matcher::sign_jwt(), Fault::status(status), left).await;
    }
}

/// Before or within the answer.
pub async fn a_signature_that_is_cut_off_or_garbage_is_given_later<F: CustomerFunction>(
    left: LeftUnsigned<F>,
) {
    for fault in [Fault::cut(), Fault::cut_mid_body(), Fault::garbage()] {
        signing_fails_by::<F>(Matcher::sign_jwt(), fault, left).await;
    }
}

/// An answer with another payload, signed all the same.
fn signed(payload: &str) -> Fault {
    let key = &hand_off_signer()[0];
    let token = key.sign(&key.header(), payload);
    let answer = json!({ "keyId": key.kid, "signedJwt": token });
    Fault::answer(answer.to_string().leak())
}

/// Of another payload, without any, or no token at all.
pub async fn a_token_that_is_not_ours_is_neither_recorded_nor_posted<F: CustomerFunction>(
    left: LeftUnsigned<F>,
) {
    for fault in [
        signed(r#"{"sub":"another-account"}"#),
        signed("{}"),
        signed(""),
        Fault::answer("{}"),
        Fault::answer(r#"{"signedJwt":"a.b.c"}"#),
    ] {
        signing_fails_by::<F>(Matcher::sign_jwt(), fault, left).await;
    }
}

/// One call, and it ends there.
pub async fn a_redirect_is_not_followed_with_the_access_token<F: CustomerFunction>(
    left: LeftUnsigned<F>,
) {
    let setup = FunctionSetup::<F>::memory().within(Duration::from_secs(2));
    let (function, order) = setup.start_with_customer().await;
    let expected = left(function.left_of(&order.account).await);
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.next(Matcher::sign_jwt(), Fault::redirect());
    let page = Browser::new(&function).land(&token).await;
    UNSIGNED.check(&function, &page, Some(&order));
    assert_eq!(function.simulator.calls().count(&Matcher::sign_jwt()), 1);
    assert_eq!(function.replay(&token).await, None);
    assert_eq!(function.left_of(&order.account).await, expected);
}

/// The customer is answered in time. What could be done in that time is not the same in each function.
pub async fn a_signature_that_never_comes_is_given_later<F: CustomerFunction>(
    _left: LeftUnsigned<F>,
) {
    let setup = FunctionSetup::<F>::memory().within(Duration::from_secs(2));
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(Matcher::sign_jwt(), Fault::hang());
    let browser = Browser::new(&function);
    let page = browser.land(&token).await;
    assert_eq!((page.status, page.header("retry-after")), (503, Some("5")));
    assert_eq!(function.replay(&token).await, None);
    faults.clear();
    let page = browser.land(&token).await;
    function.claims(&page).await;
}
