//! `signJwt` of IAM Credentials.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::caller::{Caller, check_refused, good, refusal};

const SIGNER: &str = "/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/hand-off@example-project.iam.gserviceaccount.com:signJwt";

fn in_seconds(seconds: i64) -> i64 {
    jiff::Timestamp::now().as_second() + seconds
}

#[tokio::test]
async fn a_payload_is_signed_as_it_is_by_a_published_key() {
    let caller = Caller::start().await;
    let payload = format!("{{ \"sub\":\"a\",\"exp\":{} }}", in_seconds(60));
    let body = json!({"payload": payload, "delegates": []});
    let path = format!("{SIGNER}?$alt=json;enum-encoding=int");
    let signed = good(caller.post_to(&path, &body)).await;
    let token: Vec<&str> = signed["signedJwt"].as_str().unwrap().split('.').collect();
    let content = URL_SAFE_NO_PAD.decode(token[1]).unwrap();
    assert_eq!(content, payload.as_bytes());
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token[0]).unwrap()).unwrap();
    let expected = json!({"alg": "RS256", "kid": signed["keyId"], "typ": "JWT"});
    assert_eq!(header, expected);

    let keys = "/www.googleapis.com/service_accounts/v1/metadata/x509/hand-off@example-project.iam.gserviceaccount.com";
    let keys: Value = caller.plain(keys).await.json().await.unwrap();
    assert!(keys.get(signed["keyId"].as_str().unwrap()).is_some());
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_payload_that_is_no_claims_set_is_refused() {
    let caller = Caller::start().await;
    for payload in [
        "text".to_owned(),
        "[]".to_owned(),
        String::new(),
        json!({"exp": in_seconds(-10)}).to_string(),
        json!({"exp": in_seconds(12 * 3_600 + 60)}).to_string(),
        json!({"exp": "soon"}).to_string(),
        json!({"exp": 1.5}).to_string(),
    ] {
        let body = json!({"payload": payload});
        check_refused(caller.post_to(SIGNER, &body), 400, "INVALID_ARGUMENT").await;
    }
}

#[tokio::test]
async fn nobody_else_signs() {
    let caller = Caller::start().await;
    let body = json!({"payload": "{}"});
    let other = SIGNER.replace("hand-off@", "other@");
    check_refused(caller.post_to(&other, &body), 403, "PERMISSION_DENIED").await;
    let named_project = SIGNER.replace("projects/-", "projects/example-project");
    assert_eq!(refusal(caller.post_to(&named_project, &body)).await.0, 400);
    let delegates = json!({"payload": "{}", "delegates": ["somebody@example.com"]});
    assert_eq!(refusal(caller.post_to(SIGNER, &delegates)).await.0, 400);
    let unbuilt = SIGNER.replace(":signJwt", ":signBlob");
    let blob = json!({"payload": "YWJj"});
    assert_eq!(refusal(caller.post_to(&unbuilt, &blob)).await.0, 501);
}
