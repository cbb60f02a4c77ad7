//! ID tokens of Google sign-in.

use marketplace::UserIdentity;
use marketplace_simulator::tokens::{IdentityClaims, google_identity};
use serde_json::json;
use verification::{Audiences, BrokenRule, KeySet, SignInVerifier};

use crate::key_server::KeyServer;
use crate::support::{at, http, request_at, rule};

const CLIENT: &str = "1234-abc.apps.googleusercontent.com";

fn claims() -> IdentityClaims {
    IdentityClaims::valid_at(at(0))
        .set("aud", CLIENT)
        .set("azp", CLIENT)
        .set("sub", "108437912365498732145")
        .set("nonce", "the-nonce")
}

async fn verify(claims: &IdentityClaims, nonce: &str) -> Result<UserIdentity, Option<BrokenRule>> {
    let key = &google_identity()[0];
    let server = KeyServer::publishing(&[key]).await;
    let keys = KeySet::google_identity(&server.origin, http());
    let client = Audiences::parse(vec![CLIENT.to_owned()]).unwrap();
    SignInVerifier::new(keys, client)
        .verify(&claims.signed_by(key), nonce, request_at(0))
        .await
        .map_err(|error| rule::<()>(&Err(error)))
}

#[tokio::test]
async fn a_good_token_gives_the_user() {
    let user = UserIdentity::parse("108437912365498732145").unwrap();
    assert_eq!(verify(&claims(), "the-nonce").await, Ok(user.clone()));
    let without_party = claims().without("azp");
    assert_eq!(verify(&without_party, "the-nonce").await, Ok(user));
}

#[tokio::test]
async fn the_audience_is_our_client() {
    let other = claims().set("aud", "5678-def.apps.googleusercontent.com");
    assert_eq!(
        verify(&other, "the-nonce").await,
        Err(Some(BrokenRule::Audience))
    );
}

#[tokio::test]
async fn the_nonce_is_that_of_this_sign_in() {
    for (claims, nonce) in [
        (claims(), "another-nonce"),
        (claims(), ""),
        (claims().set("nonce", ""), ""),
        (claims().set("nonce", json!(null)), "the-nonce"),
        (claims().set("nonce", json!(["the-nonce"])), "the-nonce"),
        (claims().without("nonce"), "the-nonce"),
        (claims().without("nonce"), ""),
    ] {
        assert_eq!(verify(&claims, nonce).await, Err(Some(BrokenRule::Nonce)));
    }
}

#[tokio::test]
async fn the_authorized_party_is_our_client() {
    for party in [json!("5678-def.apps.googleusercontent.com"), json!(null)] {
        assert_eq!(
            verify(&claims().set("azp", party), "the-nonce").await,
            Err(Some(BrokenRule::AuthorizedParty))
        );
    }
}

#[tokio::test]
async fn the_user_is_required() {
    assert_eq!(
        verify(&claims().set("sub", ""), "the-nonce").await,
        Err(Some(BrokenRule::SubjectMissing))
    );
}
