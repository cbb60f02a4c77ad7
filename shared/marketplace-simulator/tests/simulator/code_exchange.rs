//! The token endpoint.

use std::time::Duration;

use jiff::Timestamp;
use marketplace_simulator::{Fault, Matcher, tokens};
use serde_json::json;

use crate::relying_party::{RelyingParty, payload};

#[tokio::test]
async fn a_code_is_exchanged_for_tokens_of_the_user() {
    let party = RelyingParty::start().await;
    let before = Timestamp::now().as_second();
    let body = party.signed_in(&[]).await;
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3599);
    assert_eq!(
        body["scope"],
        "openid https://www.googleapis.com/auth/userinfo.email"
    );
    assert!(body["access_token"].as_str().unwrap().starts_with("ya29."));
    assert_eq!(body.as_object().unwrap().len(), 5);
    let mut claims = payload(body["id_token"].as_str().unwrap());
    let issued = claims["iat"].as_i64().unwrap();
    assert!(issued >= before);
    assert_eq!(claims["exp"], issued + 3600);
    let claims = claims.as_object_mut().unwrap();
    claims.retain(|name, _| !["iat", "exp"].contains(&name.as_str()));
    let client = &party.sim.oauth_client().id;
    let account = &party.sim.accounts()[0];
    assert_eq!(
        json!(claims),
        json!({
            "iss": "https://accounts.google.com",
            "aud": client,
            "azp": client,
            "sub": party.user.as_str(),
            "email": account.users[0].email,
            "email_verified": true,
            "nonce": "a-nonce",
        })
    );
    assert_eq!(party.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_token_is_signed_with_a_published_key() {
    let party = RelyingParty::start().await;
    let body = party.signed_in(&[]).await;
    let certificates = party
        .user_info("/www.googleapis.com/oauth2/v1/certs", "")
        .await;
    let certificates: serde_json::Value = certificates.json().await.unwrap();
    let token = body["id_token"].as_str().unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    assert!(certificates.get(header.kid.unwrap()).is_some());
}

#[tokio::test]
async fn an_id_token_says_no_more_than_was_asked_for() {
    let party = RelyingParty::start().await;
    let body = party.signed_in(&[("scope", "openid"), ("nonce", "")]).await;
    let claims = payload(body["id_token"].as_str().unwrap());
    for name in ["email", "email_verified", "nonce", "name"] {
        assert_eq!(claims.get(name), None);
    }
    let body = party.signed_in(&[("scope", "openid profile")]).await;
    let claims = payload(body["id_token"].as_str().unwrap());
    assert!(claims["name"].is_string());
}

#[tokio::test]
async fn a_code_works_once() {
    let party = RelyingParty::start().await;
    let code = party.code(&[]);
    assert_eq!(party.exchange(&code, &[]).await.0, 200);
    let again = party.exchange(&code, &[]).await;
    let refused = json!({"error": "invalid_grant", "error_description": "Bad Request"});
    assert_eq!(again, (400, refused));
}

#[tokio::test]
async fn a_code_that_nobody_gave_is_refused() {
    let party = RelyingParty::start().await;
    party
        .check_exchange("4/0Aguessed", &[], 400, "invalid_grant")
        .await;
}

#[tokio::test]
async fn a_code_ends_with_its_time_or_on_request() {
    let party = RelyingParty::set(|it| it.oauth_client.code_lifetime = Duration::ZERO).await;
    assert_eq!(party.exchange(&party.code(&[]), &[]).await.0, 400);
    let party = RelyingParty::start().await;
    let code = party.code(&[]);
    party.sim.expire_codes();
    party.check_exchange(&code, &[], 400, "invalid_grant").await;
}

#[tokio::test]
async fn another_client_secret_redirect_uri_or_grant_type_is_refused() {
    let party = RelyingParty::start().await;
    let code = party.code(&[]);
    for change in [("client_id", "somebody"), ("client_secret", "guessed")] {
        party
            .check_exchange(&code, &[change], 401, "invalid_client")
            .await;
    }
    // A stranger cannot use up the code.
    assert_eq!(party.exchange(&code, &[]).await.0, 200);
    let other = "https://portico.example/signup/google";
    party.sim.register_redirect_uri(other);
    for (name, value, error) in [
        ("redirect_uri", other, "redirect_uri_mismatch"),
        ("grant_type", "refresh_token", "unsupported_grant_type"),
    ] {
        let (code, change) = (party.code(&[]), [(name, value)]);
        party.check_exchange(&code, &change, 400, error).await;
    }
}

#[tokio::test]
async fn a_missing_or_wrong_verifier_is_refused_and_costs_the_code() {
    let party = RelyingParty::start().await;
    for (verifier, text) in [
        ("", "Missing code verifier."),
        (
            "another-verifier-of-at-least-forty-three-characters",
            "Invalid code verifier.",
        ),
        ("short", "Invalid code verifier."),
    ] {
        let code = party.code(&[]);
        let change = [("code_verifier", verifier)];
        let refused = json!({"error": "invalid_grant", "error_description": text});
        assert_eq!(party.exchange(&code, &change).await, (400, refused));
        assert_eq!(party.exchange(&code, &[]).await.0, 400);
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_refused() {
    let party = RelyingParty::start().await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    for (change, status) in [(&[][..], 400), (&[("code_verifier", "")], 200)] {
        let answered = party.exchange(&party.code(&without), change).await;
        assert_eq!(answered.0, status, "{change:?}");
    }
}

#[tokio::test]
async fn a_form_with_anything_missing_or_more_is_refused_and_recorded() {
    let party = RelyingParty::start().await;
    let code = party.code(&[]);
    for name in ["grant_type", "client_id", "client_secret", "redirect_uri"] {
        let change = [(name, "")];
        party
            .check_exchange(&code, &change, 400, "invalid_request")
            .await;
    }
    assert_eq!(party.exchange("", &[]).await.0, 400);
    assert_eq!(party.exchange(&code, &[("codeVerifier", "a")]).await.0, 400);
    assert_eq!(party.sim.violations().len(), 6);
    assert_eq!(party.exchange(&code, &[]).await.0, 200);
}

#[tokio::test]
async fn tokens_and_answers_are_rewritten_on_request() {
    let party = RelyingParty::start().await;
    let sim = &party.sim;
    sim.write_id_tokens(|claims, key| claims.set("nonce", "another").signed_by(key));
    let claims = payload(party.signed_in(&[]).await["id_token"].as_str().unwrap());
    assert_eq!(claims["nonce"], "another");
    sim.write_id_tokens(|claims, _| claims.signed_by(tokens::foreign()));
    let body = party.signed_in(&[]).await;
    let header = jsonwebtoken::decode_header(body["id_token"].as_str().unwrap());
    assert_eq!(header.unwrap().kid.unwrap(), tokens::foreign().kid);
    sim.write_token_answers(|_| json!({}));
    assert_eq!(party.signed_in(&[]).await, json!({}));
    sim.sign_in_as_google();
    let claims = payload(party.signed_in(&[]).await["id_token"].as_str().unwrap());
    assert_eq!(claims["nonce"], "a-nonce");
}

#[tokio::test]
async fn a_fault_hits_the_exchange_before_or_after_its_effect() {
    let party = RelyingParty::start().await;
    let code = party.code(&[]);
    let faults = party.sim.faults();
    faults.next(Matcher::code_exchange(), Fault::status(503));
    assert_eq!(party.exchange(&code, &[]).await.0, 503);
    let lost = Fault::status(503).after_effect();
    faults.next(Matcher::code_exchange(), lost);
    assert_eq!(party.exchange(&code, &[]).await.0, 503);
    party.check_exchange(&code, &[], 400, "invalid_grant").await;
}
