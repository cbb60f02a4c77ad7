//! The metadata server at the root: the one of the vendor's application.

use std::time::Duration;

use jiff::Timestamp;
use marketplace_simulator::{ApplicationClock, tokens};
use reqwest::Response;
use serde_json::{Value, json};

use crate::caller::{Caller, answer, good};
use crate::relying_party::payload;

const EMAIL: &str = "application@example-project.iam.gserviceaccount.com";
const ACCOUNT: &str = "instance/service-accounts/default";
const PORTICO: &str = "/metadata.google.internal";

/// The answer to a library of Google's.
async fn asked(caller: &Caller, path: &str) -> Response {
    let request = caller.client.get(caller.url(path));
    let request = request.header("metadata-flavor", "Google");
    request.send().await.unwrap()
}

async fn metadata(caller: &Caller, path: &str) -> String {
    let response = asked(caller, &format!("/computeMetadata/v1/{path}")).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["metadata-flavor"], "Google");
    response.text().await.unwrap()
}

/// `Authorization` of the application.
pub(crate) async fn authorization(caller: &Caller) -> String {
    let token = metadata(caller, &format!("{ACCOUNT}/token")).await;
    let token: Value = serde_json::from_str(&token).unwrap();
    format!("Bearer {}", token["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn each_of_google_s_libraries_finds_what_it_asks_for() {
    let caller = Caller::start().await;
    let with_email = format!("instance/service-accounts/{EMAIL}/email");
    for (path, text) in [
        ("instance", "id\nregion\nservice-accounts/\n"),
        ("instance/", "id\nregion\nservice-accounts/\n"),
        ("project/project-id", "example-project"),
        ("universe/universe-domain", "googleapis.com"),
        ("universe/universe_domain", "googleapis.com"),
        ("instance/service-accounts/default/email", EMAIL),
        (with_email.as_str(), EMAIL),
        ("instance/service-accounts/default/aliases", "default\n"),
        (
            "instance/service-accounts/default/scopes",
            "https://www.googleapis.com/auth/cloud-platform\n",
        ),
        (
            "instance/service-accounts/default/",
            "aliases\nemail\nidentity\nscopes\ntoken\n",
        ),
    ] {
        assert_eq!(metadata(&caller, path).await, text, "{path}");
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_directory_is_answered_as_json_where_that_is_asked_for() {
    let caller = Caller::start().await;
    let account = json!({
        "aliases": ["default"],
        "email": EMAIL,
        "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
    });
    let both = json!({"default": account, EMAIL: account});
    for (path, expected) in [
        ("instance/service-accounts/default/?recursive=true", account),
        ("instance/service-accounts/?recursive=true", both),
    ] {
        let response = asked(&caller, &format!("/computeMetadata/v1/{path}")).await;
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.json::<Value>().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn an_identity_token_is_the_application_s() {
    let caller = Caller::start().await;
    let path = format!("{ACCOUNT}/identity?audience=https%3A%2F%2Fportico.example&format=full");
    let claims = payload(&metadata(&caller, &path).await);
    assert_eq!(claims["aud"], "https://portico.example");
    assert_eq!(claims["email"], EMAIL);
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["sub"], claims["azp"]);
    let below = format!("{PORTICO}/computeMetadata/v1/{path}");
    let portico = payload(&asked(&caller, &below).await.text().await.unwrap());
    assert_eq!(
        portico["email"],
        "signup@example-project.iam.gserviceaccount.com"
    );
    assert_ne!(portico["sub"], claims["sub"]);
}

#[tokio::test]
async fn the_application_is_the_one_of_the_settings() {
    let caller = Caller::set(|it| it.application_service_account = "a@example.com".into()).await;
    let email = metadata(&caller, &format!("{ACCOUNT}/email")).await;
    assert_eq!(email, "a@example.com");
}

#[tokio::test]
async fn an_access_token_names_the_application() {
    let caller = Caller::start().await;
    let application = authorization(&caller).await;
    let portico = caller.sim.authorization().to_str().unwrap().to_owned();
    for (authorization, email) in [
        (application, EMAIL),
        (portico, "signup@example-project.iam.gserviceaccount.com"),
    ] {
        let token = authorization.trim_start_matches("Bearer ");
        let path = format!("/oauth2.googleapis.com/tokeninfo?access_token={token}");
        let info = good(caller.client.get(caller.url(&path))).await;
        assert_eq!(info["email"], email);
    }
}

#[tokio::test]
async fn the_application_may_not_sign_hand_offs() {
    let caller = Caller::start().await;
    let signer = "/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/hand-off@example-project.iam.gserviceaccount.com:signJwt";
    let request = caller.client.post(caller.url(signer));
    let request = request.header("authorization", authorization(&caller).await);
    let (status, body) = answer(request.json(&json!({"payload": "{}"}))).await;
    assert_eq!(status, 403, "{body}");
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_application_has_no_role_of_portico_s() {
    let caller = Caller::start().await;
    for path in [
        "/cloudcommerceprocurement.googleapis.com/v1/providers/example-partner/accounts",
        "/iam.googleapis.com/v1/projects/example-project/serviceAccounts",
    ] {
        let request = caller.client.get(caller.url(path));
        let request = request.header("authorization", authorization(&caller).await);
        let (status, body) = answer(request).await;
        assert_eq!(status, 403, "{path}: {body}");
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_program_that_does_not_say_that_it_means_metadata_is_refused() {
    let caller = Caller::start().await;
    for path in ["project/project-id", "instance/disks/"] {
        let path = format!("/computeMetadata/v1/{path}");
        let response = caller.plain(&path).await;
        assert_eq!(response.status(), 403, "{path}");
    }
    assert_eq!(caller.sim.violations().len(), 2);
}

#[tokio::test]
async fn what_it_does_not_have_is_missing_but_no_violation() {
    let caller = Caller::start().await;
    for path in [
        "instance/attributes/cluster-name",
        "project/project-id/",
        "instance/service-accounts/signup@example-project.iam.gserviceaccount.com/email",
        "instance/service-accounts/default/token/",
    ] {
        let response = asked(&caller, &format!("/computeMetadata/v1/{path}")).await;
        assert_eq!(response.status(), 404, "{path}");
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_identity_token_is_signed_with_google_s_key() {
    let caller = Caller::start().await;
    let token = metadata(&caller, &format!("{ACCOUNT}/identity?audience=a")).await;
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let known = tokens::google_identity().iter().any(|key| key.kid == kid);
    assert!(known, "{kid}");
}

#[tokio::test]
async fn an_application_that_lives_by_this_machine_s_clock_gets_tokens_of_its_time() {
    let caller = Caller::set(|it| it.application_clock = ApplicationClock::Machine).await;
    let day = Duration::from_hours(24);
    caller.sim.pass_time(day);
    let path = format!("/computeMetadata/v1/{ACCOUNT}/identity?audience=a");
    let tomorrow = Timestamp::now().as_second() + 86_400;
    let mut issued = Vec::new();
    for path in [path.clone(), format!("{PORTICO}{path}")] {
        let claims = payload(&asked(&caller, &path).await.text().await.unwrap());
        issued.push(claims["iat"].as_i64().unwrap());
    }
    assert!(issued[0] < tomorrow, "{issued:?}");
    assert!(issued[1] >= tomorrow, "{issued:?}");
}
