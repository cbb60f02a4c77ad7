//! No access token, or no signature.

use std::time::Duration;

use function_tests::refused::Refused;
use marketplace_simulator::{Fault, Matcher};

use crate::function::{Left, Setup, TestFunction};
use crate::refusals::REJECTED;

// The customer is approved all the same.
function_tests::signing_fault_tests!(TestFunction, |_| Left::SIGNED_UP);

#[tokio::test]
async fn without_an_access_token_the_intent_is_stored_and_completed_later() {
    for fault in [
        Fault::status(404),
        Fault::status(500),
        Fault::cut(),
        Fault::garbage(),
    ] {
        let setup = Setup::memory().within(Duration::from_secs(2));
        let (function, order) = setup.start_with_customer().await;
        let token = function.buyers_token(&order);
        let faults = function.simulator.faults();
        faults.always(Matcher::access_token(), fault);
        let page = function.browser().land(&token).await;
        let completing = Refused::new(
            503,
            "registration-being-completed",
            "the account is recorded and not approved yet: ",
        )
        .retry_after("30");
        completing.check(&function, &page, Some(&order));
        assert_eq!(function.left(&order.account).await, Left::INTENT);
        faults.clear();
        let other = Setup::beside(&function).start().await;
        other.claims(&other.browser().land(&token).await).await;
        assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    }
}

#[tokio::test]
async fn an_access_token_that_ended_early_is_not_noticed() {
    let function = Setup::memory().start().await;
    let (first, second) = (function.buyer(), function.buyer());
    assert_eq!(function.browser().arrive(&first).await.status, 200);
    function.simulator.revoke_access_tokens();
    let page = function.browser().arrive(&second).await;
    function.claims(&page).await;
    assert_eq!(function.left(&second.account).await, Left::SIGNED_UP);
}

fn account_approved() -> Matcher {
    let approval = Matcher::procurement().method(http::Method::POST);
    approval.path("/accounts/")
}

#[tokio::test]
async fn a_hand_off_is_signed_while_google_approves() {
    let (function, order) = Setup::memory().start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    let approving = faults.next(account_approved(), Fault::hang());
    let signing = faults.next(Matcher::sign_jwt(), Fault::hang());
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.land(&token), async {
        // Neither waits for the other.
        approving.arrived().await;
        signing.arrived().await;
        signing.release();
        let signed = function.simulator.calls();
        signed.answered(&Matcher::sign_jwt(), 1).await;
        assert_eq!(function.left(&order.account).await, Left::INTENT);
        assert_eq!(function.replay(&token).await, None);
        approving.release();
    });
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn a_signature_for_an_account_that_is_rejected_is_thrown_away() {
    let (function, order) = Setup::memory().start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.next(account_approved(), Fault::status(400));
    // After a refusal the account is read a second time.
    let path = format!("accounts/{}", order.account);
    let read = Matcher::procurement().method(http::Method::GET).path(&path);
    let read_again = faults.nth(2, read, Fault::hang());
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.land(&token), async {
        read_again.arrived().await;
        let signed = function.simulator.calls();
        signed.answered(&Matcher::sign_jwt(), 1).await;
        function.simulator.reject_account(&order.account).unwrap();
        read_again.release();
    });
    REJECTED.check(&function, &page, Some(&order));
    assert!(!page.body.contains("portico-token"));
    assert_eq!(function.replay(&token).await, None);
}
