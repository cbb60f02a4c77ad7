//! Login without SSO.

use function_tests::wire::bare;

use crate::function::Setup;

#[tokio::test]
async fn a_login_without_sso_goes_to_the_applications_own_login() {
    let (function, order) = Setup::memory().start_with_customer().await;
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    let before = function.left(&order.account).await;
    for target in [
        "/login".to_owned(),
        "/login?next=https://evil.example".to_owned(),
        format!("/login?x-gcp-marketplace-token={token}"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = function.browser().send(bare(method, &target, "")).await;
            function.led_to_login(&answer, "without-sso");
            assert_eq!(answer.header("set-cookie"), None);
            assert!(function.log.last_request().get("accountId").is_none());
        }
    }
    assert_eq!(function.left(&order.account).await, before);
    assert_eq!(function.simulator.calls().all(), []);
}
