//! Requests that are not what the Marketplace sends.

use function_tests::browser::TOKEN;
use function_tests::request_faults::UnpostedToken;
use function_tests::wire::bare;

use crate::function::{Setup, TestFunction};

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
