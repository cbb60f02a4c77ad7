//! UserInfo.

use std::time::Duration;

use marketplace_simulator::{Fault, Matcher};
use serde_json::{Value, json};

use crate::relying_party::RelyingParty;

const OPEN_ID: &str = "/openidconnect.googleapis.com/v1/userinfo";
const OPEN_ID_OF_OAUTH: &str = "/www.googleapis.com/oauth2/v3/userinfo";
const API: &str = "/www.googleapis.com/oauth2/v2/userinfo";

async fn bearer(party: &RelyingParty, changes: &[(&str, &str)]) -> String {
    let body = party.signed_in(changes).await;
    format!("Bearer {}", body["access_token"].as_str().unwrap())
}

async fn seen(party: &RelyingParty, path: &str, bearer: &str) -> Value {
    let response = party.user_info(path, bearer).await;
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn every_address_answers_the_identity_as_text() {
    let party = RelyingParty::start().await;
    let bearer = bearer(&party, &[]).await;
    let email = party.sim.accounts()[0].users[0].email.clone();
    let user = party.user.as_str();
    assert!(user.bytes().all(|byte| byte.is_ascii_digit()));
    let open_id = json!({"sub": user, "email": email, "email_verified": true});
    assert_eq!(seen(&party, OPEN_ID, &bearer).await, open_id);
    assert_eq!(seen(&party, OPEN_ID_OF_OAUTH, &bearer).await, open_id);
    let api = json!({"id": user, "email": email, "verified_email": true});
    assert_eq!(seen(&party, API, &bearer).await, api);
    assert_eq!(party.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn it_answers_no_more_than_was_asked_for() {
    let party = RelyingParty::start().await;
    let user = party.user.as_str();
    let little = bearer(&party, &[("scope", "openid")]).await;
    assert_eq!(seen(&party, API, &little).await, json!({"id": user}));
    let name = bearer(&party, &[("scope", "openid profile")]).await;
    let name = seen(&party, OPEN_ID, &name).await;
    assert_eq!(name["name"], party.sim.accounts()[0].users[0].name);
}

#[tokio::test]
async fn without_an_access_token_of_a_user_nothing_is_answered() {
    let party = RelyingParty::start().await;
    let of_a_service = party.sim.authorization();
    let good = bearer(&party, &[]).await;
    for authorization in [
        "",
        "Bearer ",
        "Bearer ya29.guessed",
        of_a_service.to_str().unwrap(),
        good.trim_start_matches("Bearer "),
    ] {
        for path in [OPEN_ID, OPEN_ID_OF_OAUTH, API] {
            let response = party.user_info(path, authorization).await;
            assert_eq!(response.status(), 401, "{path}");
            let challenge = response.headers()["www-authenticate"].to_str().unwrap();
            assert!(challenge.starts_with("Bearer realm="), "{challenge}");
        }
    }
}

#[tokio::test]
async fn an_access_token_ends_with_its_time() {
    let party = RelyingParty::set(|it| it.access_token_lifetime = Duration::ZERO).await;
    let bearer = bearer(&party, &[]).await;
    assert_eq!(party.user_info(API, &bearer).await.status(), 401);
}

#[tokio::test]
async fn an_access_token_of_a_user_opens_no_other_api() {
    let party = RelyingParty::start().await;
    let bearer = bearer(&party, &[]).await;
    let path = format!("{}/accounts", crate::caller::PROVIDER);
    assert_eq!(party.user_info(&path, &bearer).await.status(), 401);
}

#[tokio::test]
async fn what_the_discovery_document_does_not_have_is_refused_and_recorded() {
    let party = RelyingParty::start().await;
    let bearer = bearer(&party, &[]).await;
    let path = format!("{API}?alt=json&prettyPrint=false");
    assert_eq!(party.user_info(&path, &bearer).await.status(), 200);
    let path = format!("{API}?access_type=online");
    assert_eq!(party.user_info(&path, &bearer).await.status(), 400);
    let posted = party.post_form(API, String::new()).await;
    assert_eq!(posted.status(), 404);
    assert_eq!(party.sim.violations().len(), 2);
}

#[tokio::test]
async fn answers_are_rewritten_on_request() {
    let party = RelyingParty::start().await;
    let bearer = bearer(&party, &[]).await;
    party.sim.write_user_info(|mut body| {
        body.as_object_mut().unwrap().remove("id");
        body
    });
    assert_eq!(seen(&party, API, &bearer).await.get("id"), None);
    party.sim.write_user_info(|_| json!({"id": "42"}));
    assert_eq!(seen(&party, API, &bearer).await["id"], "42");
    party.sim.sign_in_as_google();
    let body = seen(&party, API, &bearer).await;
    assert_eq!(body["id"], party.user.as_str());
}

#[tokio::test]
async fn a_fault_hits_every_address() {
    let party = RelyingParty::start().await;
    let bearer = bearer(&party, &[]).await;
    let faults = party.sim.faults();
    faults.always(Matcher::user_info(), Fault::status(503));
    for path in [OPEN_ID, OPEN_ID_OF_OAUTH, API] {
        assert_eq!(party.user_info(path, &bearer).await.status(), 503);
    }
    faults.clear();
    faults.next(Matcher::identity_keys(), Fault::status(500));
    let certificates = "/www.googleapis.com/oauth2/v1/certs";
    assert_eq!(party.user_info(certificates, "").await.status(), 500);
}
