//! Login without SSO.

use crate::environment::APPLICATION;
use crate::setup::Setup;
use crate::wire::bare;

#[tokio::test]
async fn a_login_without_sso_goes_to_the_applications_own_login() {
    let function = Setup::memory().start().await;
    let order = function.registered().await;
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    let before = function.left(&order.account).await;
    let login = format!("{APPLICATION}/login");
    for target in [
        "/login".to_owned(),
        "/login?next=https://evil.example".to_owned(),
        format!("/login?x-gcp-marketplace-token={token}"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = function.browser().send(bare(method, &target, "")).await;
            assert_eq!((answer.status, answer.body.as_str()), (303, ""));
            assert_eq!(answer.header("location"), Some(login.as_str()));
            assert_eq!(answer.header("set-cookie"), None);
            assert_eq!(function.outcome(), "without-sso");
            assert!(function.log.last_request().get("accountId").is_none());
        }
    }
    assert_eq!(function.left(&order.account).await, before);
    assert_eq!(function.simulator.calls().all(), []);
}
