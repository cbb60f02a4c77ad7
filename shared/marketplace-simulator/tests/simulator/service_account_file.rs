//! A program with a service account file: its assertions, and what they are exchanged for.

use std::time::Duration;

use form_urlencoded::Serializer;
use jiff::Timestamp;
use marketplace_simulator::tokens::{self, SigningKey};
use serde_json::{Value, json};

use crate::caller::{Caller, answer};
use crate::relying_party::payload;

const EMAIL: &str = "application@example-project.iam.gserviceaccount.com";
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
const TIME: &str = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";

/// A good assertion's claims but for these.
fn claims(caller: &Caller, change: Value) -> Value {
    let file: Value = serde_json::from_str(&caller.sim.service_account_file(EMAIL)).unwrap();
    let now = Timestamp::now().as_second();
    let mut claims = json!({
        "iss": file["client_email"],
        "aud": file["token_uri"],
        "iat": now,
        "exp": now + 3600,
    });
    let Value::Object(change) = change else {
        panic!("claims are an object");
    };
    claims.as_object_mut().unwrap().extend(change);
    claims
}

fn signed(key: &SigningKey, claims: &Value) -> String {
    key.sign(&key.header(), &claims.to_string())
}

async fn exchange(caller: &Caller, path: &str, assertion: &str) -> (u16, Value) {
    let form = Serializer::new(String::new())
        .append_pair("assertion", assertion)
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .finish();
    let kind = "application/x-www-form-urlencoded;charset=UTF-8";
    let request = caller.client.post(caller.url(path));
    answer(request.header("content-type", kind).body(form)).await
}

/// The answer to an assertion with these claims, signed with the key of the file.
async fn exchanged(caller: &Caller, change: Value) -> (u16, Value) {
    let assertion = signed(tokens::service_account(), &claims(caller, change));
    exchange(caller, "/oauth2.googleapis.com/token", &assertion).await
}

/// Expects the claims to be refused.
async fn check_refused(caller: &Caller, change: Value, error: &str, text: &str) {
    let refused = json!({"error": error, "error_description": text});
    let case = change.to_string();
    assert_eq!(exchanged(caller, change).await, (400, refused), "{case}");
}

#[tokio::test]
async fn the_file_is_as_google_s_and_leads_here() {
    let caller = Caller::start().await;
    let file: Value = serde_json::from_str(&caller.sim.service_account_file(EMAIL)).unwrap();
    assert_eq!(file["type"], "service_account");
    assert_eq!(file["project_id"], "example-project");
    assert_eq!(file["client_email"], EMAIL);
    assert_eq!(file["private_key_id"], tokens::service_account().kid);
    let key = file["private_key"].as_str().unwrap();
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let origin = caller.sim.origin();
    let address = format!("{origin}/oauth2.googleapis.com/token");
    assert_eq!(file["token_uri"], address);
}

#[tokio::test]
async fn an_assertion_with_a_scope_is_worth_an_access_token() {
    let caller = Caller::start().await;
    let assertion = claims(&caller, json!({"scope": SCOPE}));
    let assertion = signed(tokens::service_account(), &assertion);
    for path in [
        "/oauth2.googleapis.com/token",
        "/www.googleapis.com/oauth2/v4/token",
    ] {
        let (status, body) = exchange(&caller, path, &assertion).await;
        assert_eq!(status, 200, "{path}: {body}");
        assert_eq!(body["token_type"], "Bearer");
        let token = body["access_token"].as_str().unwrap();
        let info = format!("/oauth2.googleapis.com/tokeninfo?access_token={token}");
        let info: Value = caller.plain(&info).await.json().await.unwrap();
        assert_eq!(info["email"], EMAIL);
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_assertion_with_an_audience_is_worth_an_identity_token() {
    let caller = Caller::start().await;
    for endpoint in [
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
    ] {
        let change = json!({"aud": endpoint, "target_audience": "https://portico.example"});
        let (status, body) = exchanged(&caller, change).await;
        assert_eq!(status, 200, "{body}");
        let claims = payload(body["id_token"].as_str().unwrap());
        assert_eq!(claims["aud"], "https://portico.example");
        assert_eq!(claims["email"], EMAIL);
        assert_eq!(claims["azp"], EMAIL);
    }
}

#[tokio::test]
async fn an_assertion_is_by_this_machine_s_clock_whatever_time_has_passed() {
    let caller = Caller::start().await;
    caller.sim.pass_time(Duration::from_hours(24 * 30));
    let (status, body) = exchanged(&caller, json!({"scope": SCOPE})).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn an_assertion_for_nothing_is_refused() {
    let caller = Caller::start().await;
    let text = "Invalid OAuth scope or ID token audience provided.";
    for change in [json!({}), json!({"scope": " ", "target_audience": ""})] {
        check_refused(&caller, change, "invalid_scope", text).await;
    }
}

#[tokio::test]
async fn an_assertion_of_an_unknown_account_is_refused() {
    let caller = Caller::start().await;
    let change = json!({"iss": "nobody@example-project.iam.gserviceaccount.com", "scope": SCOPE});
    let text = "Invalid grant: account not found";
    check_refused(&caller, change, "invalid_grant", text).await;
}

#[tokio::test]
async fn an_assertion_for_another_endpoint_is_refused() {
    let caller = Caller::start().await;
    let change = json!({"aud": "https://example.com/token", "scope": SCOPE});
    let text = "Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token";
    check_refused(&caller, change, "invalid_grant", text).await;
}

#[tokio::test]
async fn an_assertion_is_good_for_an_hour_at_most_and_not_before_or_after() {
    let caller = Caller::start().await;
    let now = Timestamp::now().as_second();
    for (issued, expiry) in [
        (now, now + 3601),
        (now - 3600, now - 60),
        (now + 600, now + 1200),
        (now + 60, now),
        (i64::MIN, i64::MAX),
    ] {
        let change = json!({"iat": issued, "exp": expiry, "scope": SCOPE});
        check_refused(&caller, change, "invalid_grant", TIME).await;
    }
}

#[tokio::test]
async fn an_assertion_signed_by_somebody_else_is_refused() {
    let caller = Caller::start().await;
    let good = claims(&caller, json!({"scope": SCOPE}));
    let path = "/oauth2.googleapis.com/token";
    let by_another = signed(tokens::foreign(), &good);
    let refused = json!({
        "error": "invalid_grant",
        "error_description": "Invalid JWT Signature.",
    });
    assert_eq!(exchange(&caller, path, &by_another).await, (400, refused));
    let key = tokens::service_account();
    let unsigned = SigningKey::unsigned(&key.header(), &good.to_string());
    assert_eq!(exchange(&caller, path, &unsigned).await.0, 400);
    let other_algorithm = key.sign(r#"{"alg":"RS512"}"#, &good.to_string());
    assert_eq!(exchange(&caller, path, &other_algorithm).await.0, 400);
}

#[tokio::test]
async fn what_is_no_assertion_is_refused_and_a_form_without_one_recorded() {
    let caller = Caller::start().await;
    let path = "/oauth2.googleapis.com/token";
    for text in ["a", "a.b", "a.b.c", "a.b.c.d"] {
        let (status, body) = exchange(&caller, path, text).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
    let (status, body) = exchange(&caller, path, "").await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
    assert_eq!(caller.sim.violations().len(), 1);
}
