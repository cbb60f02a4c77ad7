//! Requests that are not what the Marketplace sends.

use function_tests::browser::TOKEN;
use function_tests::wire::bare;

use crate::function::{Setup, TestFunction};

function_tests::request_fault_tests!(TestFunction);

#[tokio::test]
async fn a_slash_after_the_registered_address_makes_no_difference() {
    let (function, order) = Setup::memory().start_with_customer().await;
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    let browser = function.browser();
    let page = browser.post("/login/", &[(TOKEN, &token)]).await;
    assert_eq!(function.claims(&page).await["new_user"], false);
    function.led_to_login(&browser.get("/login/").await, "without-sso");
    let page = browser.send(bare("PUT", "/login/", "")).await;
    function.answered(&page, 405, "method-not-allowed");
}
