//! Calls of nobody that Google knows.

use serde_json::{Value, json};

use crate::caller::{Caller, PROVIDER};

const EXPECTED: &str = "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/// Expects a call with this credential to be refused, in these words and for this reason.
async fn check(caller: &Caller, authorization: Option<&str>, words: &str, reason: &str) {
    let request = caller
        .client
        .get(caller.url(&format!("{PROVIDER}/accounts")));
    let request = match authorization {
        Some(value) => request.header("authorization", value),
        None => request,
    };
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 401, "{reason}");
    let realm = r#"Bearer realm="https://accounts.google.com/""#;
    let challenge = match authorization {
        Some(_) => format!("{realm}, error=\"invalid_token\""),
        None => realm.to_owned(),
    };
    assert_eq!(response.headers()["www-authenticate"], challenge.as_str());
    let body: Value = response.json().await.unwrap();
    let error = json!({
        "code": 401,
        "message": format!("{words} {EXPECTED}"),
        "status": "UNAUTHENTICATED",
        "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "cloudcommerceprocurement.googleapis.com"},
        }],
    });
    assert_eq!(body["error"], error);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_without_a_credential_is_told_that_it_is_missing() {
    let caller = Caller::start().await;
    let words = "Request is missing required authentication credential.";
    check(&caller, None, words, "CREDENTIALS_MISSING").await;
}

#[tokio::test]
async fn a_call_with_another_credential_is_told_that_it_is_of_the_wrong_type() {
    let caller = Caller::start().await;
    let words = "Request had invalid authentication credentials.";
    let identity = caller.sim.identity_token("a@example.com", "a");
    for value in [format!("Bearer {identity}"), "Basic YTpi".to_owned()] {
        let reason = "ACCESS_TOKEN_TYPE_UNSUPPORTED";
        check(&caller, Some(&value), words, reason).await;
    }
}

#[tokio::test]
async fn a_call_with_a_token_that_has_ended_is_told_so() {
    let caller = Caller::start().await;
    let words = "Request had invalid authentication credentials.";
    let token = caller.sim.authorization();
    caller.sim.revoke_access_tokens();
    let token = token.to_str().unwrap();
    check(&caller, Some(token), words, "ACCESS_TOKEN_EXPIRED").await;
}
