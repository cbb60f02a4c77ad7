//! `generateIdToken` and `generateAccessToken` of IAM Credentials.

use jiff::Timestamp;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::application_metadata::authorization;
use crate::caller::{Caller, check_refused, good};
use crate::relying_party::payload;

const EMAIL: &str = "application@example-project.iam.gserviceaccount.com";

/// The application asks for a token of this account.
async fn generate(caller: &Caller, account: &str, body: &Value) -> RequestBuilder {
    call(caller, &format!("{account}:generateIdToken"), body).await
}

async fn call(caller: &Caller, method: &str, body: &Value) -> RequestBuilder {
    let path = format!("/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{method}");
    let request = caller.client.post(caller.url(&path)).json(body);
    request.header("authorization", authorization(caller).await)
}

/// A service account as Portico makes one for each customer.
async fn customer_account(caller: &Caller) -> Value {
    let path = "/iam.googleapis.com/v1/projects/example-project/serviceAccounts";
    good(caller.post_to(path, &json!({"accountId": "customer-1"}))).await
}

async fn claims(caller: &Caller, account: &str, body: &Value) -> Value {
    let answer = good(generate(caller, account, body).await).await;
    payload(answer["token"].as_str().unwrap())
}

#[tokio::test]
async fn the_application_gets_an_identity_token_of_its_own() {
    let caller = Caller::start().await;
    let body = json!({"audience": "https://portico.example", "includeEmail": true});
    let with = claims(&caller, EMAIL, &body).await;
    assert_eq!(with["aud"], "https://portico.example");
    assert_eq!(with["email"], EMAIL);
    assert_eq!(with["email_verified"], true);
    assert_eq!(with["azp"], with["sub"]);
    let body = json!({"audience": "a", "includeEmail": true, "useEmailAzp": true});
    assert_eq!(claims(&caller, EMAIL, &body).await["azp"], EMAIL);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_e_mail_that_is_not_asked_for_is_not_in_it() {
    let caller = Caller::start().await;
    for body in [
        json!({"audience": "a"}),
        json!({"audience": "a", "includeEmail": false}),
    ] {
        let claims = claims(&caller, EMAIL, &body).await;
        assert_eq!(claims.get("email"), None);
        assert_eq!(claims.get("email_verified"), None);
    }
}

#[tokio::test]
async fn the_application_may_act_as_a_customer_s_service_account() {
    let caller = Caller::start().await;
    let account = customer_account(&caller).await;
    let delegate = format!("projects/-/serviceAccounts/{EMAIL}");
    let body = json!({"audience": "a", "includeEmail": true, "delegates": [delegate]});
    for id in ["email", "uniqueId"] {
        let id = account[id].as_str().unwrap();
        let claims = claims(&caller, id, &body).await;
        assert_eq!(claims["email"], account["email"]);
        assert_eq!(claims["sub"], account["uniqueId"]);
    }
}

#[tokio::test]
async fn nobody_acts_as_an_account_that_is_disabled_unknown_or_somebody_else_s() {
    let caller = Caller::start().await;
    let account = customer_account(&caller).await;
    let email = account["email"].as_str().unwrap();
    let path = format!("/iam.googleapis.com/v1/projects/example-project/serviceAccounts/{email}");
    good(caller.post_to(&format!("{path}:disable"), &json!({}))).await;
    for id in [
        email,
        "nobody@example-project.iam.gserviceaccount.com",
        "signup@example-project.iam.gserviceaccount.com",
        "hand-off@example-project.iam.gserviceaccount.com",
    ] {
        let request = generate(&caller, id, &json!({"audience": "a"})).await;
        check_refused(request, 403, "PERMISSION_DENIED").await;
    }
}

#[tokio::test]
async fn a_token_for_nobody_or_through_nobody_is_refused() {
    let caller = Caller::start().await;
    for body in [
        json!({"audience": ""}),
        json!({"audience": "a", "delegates": [EMAIL]}),
    ] {
        let request = generate(&caller, EMAIL, &body).await;
        check_refused(request, 400, "INVALID_ARGUMENT").await;
    }
    let named = "/iamcredentials.googleapis.com/v1/projects/example-project/serviceAccounts";
    let request = caller.post_to(
        &format!("{named}/{EMAIL}:generateIdToken"),
        &json!({"audience": "a"}),
    );
    check_refused(request, 400, "INVALID_ARGUMENT").await;
}

#[tokio::test]
async fn an_access_token_of_a_customer_s_service_account_names_it() {
    let caller = Caller::start().await;
    let email = customer_account(&caller).await["email"].clone();
    let method = format!("{}:generateAccessToken", email.as_str().unwrap());
    for body in [
        json!({"scope": ["a"]}),
        json!({"scope": ["a", "b"], "lifetime": "300s", "delegates": []}),
    ] {
        let answer = good(call(&caller, &method, &body).await).await;
        let end: Timestamp = answer["expireTime"].as_str().unwrap().parse().unwrap();
        assert!(end > Timestamp::now());
        let token = answer["accessToken"].as_str().unwrap();
        let info = format!("/oauth2.googleapis.com/tokeninfo?access_token={token}");
        let info: Value = caller.plain(&info).await.json().await.unwrap();
        assert_eq!(info["email"], email);
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_access_token_for_nothing_too_long_or_of_somebody_else_is_refused() {
    let caller = Caller::start().await;
    let method = format!("{EMAIL}:generateAccessToken");
    for body in [
        json!({"scope": []}),
        json!({"scope": ["a"], "lifetime": "3601s"}),
        json!({"scope": ["a"], "lifetime": "0s"}),
        json!({"scope": ["a"], "delegates": [EMAIL]}),
    ] {
        let request = call(&caller, &method, &body).await;
        check_refused(request, 400, "INVALID_ARGUMENT").await;
    }
    let portico = "signup@example-project.iam.gserviceaccount.com:generateAccessToken";
    let request = call(&caller, portico, &json!({"scope": ["a"]})).await;
    check_refused(request, 403, "PERMISSION_DENIED").await;
}
