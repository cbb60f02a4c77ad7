//! Requests that are not what the Marketplace sends.

use function_tests::browser::TOKEN;
use function_tests::request_faults::UnpostedToken;
use function_tests::wire::bare;

use crate::function::{Left, Setup, TestFunction};
use crate::open_form::OpenForm;

function_tests::request_fault_tests!(TestFunction);

#[tokio::test]
async fn a_get_is_explained_also_with_a_token() {
    let unposted = UnpostedToken::<TestFunction>::start().await;
    let UnpostedToken {
        function, token, ..
    } = &unposted;
    let target = format!("/signup?{TOKEN}={token}");
    let page = function.browser().get(&target).await;
    function.answered(&page, 200, "explained");
    assert!(!page.body.contains(token));
    unposted.nothing_happened().await;
}

#[tokio::test]
async fn a_head_is_a_get_without_a_body() {
    let browser = Setup::memory().start().await.browser();
    let head = browser.send(bare("HEAD", "/signup", "")).await;
    let get = browser.get("/signup").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert!(get.body.contains("Registration starts in the Marketplace"));
}

#[tokio::test]
async fn a_slash_after_the_registered_address_makes_no_difference() {
    let (function, order, browser) = Setup::memory().start_with_browser().await;
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    let page = browser.post("/signup/", &[(TOKEN, &token)]).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    function.answered(&browser.get("/signup/").await, 200, "explained");
    let page = browser.send(bare("PUT", "/signup/", "")).await;
    function.answered(&page, 405, "method-not-allowed");
}

#[tokio::test]
async fn the_form_of_an_address_with_a_slash_is_the_same() {
    let (function, order, browser) = Setup::memory().form().start_with_browser().await;
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    let landed = browser.post("/signup/", &[(TOKEN, &token)]).await;
    let form = browser.get(landed.header("location").unwrap()).await;
    let page = OpenForm::on(&form).submit(&browser).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
}
