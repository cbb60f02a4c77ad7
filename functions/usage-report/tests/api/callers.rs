//! Who may call, and what is no request.

use function_tests::forged_identities::{identity_claims, signed};
use function_tests::log::Log;
use function_tests::refused_heads;
use marketplace_simulator::{Fault, Matcher};
use store::Store;

use crate::environment::{AUDIENCE, CALLER, SCHEDULER};
use crate::function::{TestFunction, UsageSetup};

/// The application's and the scheduler's accounts, each with its unique id.
const PINNED_CALLER: &str =
    "application@example-project.iam.gserviceaccount.com=112233445566778899222";
const PINNED_SCHEDULER: &str =
    "scheduler@example-project.iam.gserviceaccount.com=112233445566778899333";

async fn post(origin: &str, path: &str, token: Option<&str>, body: Vec<u8>) -> (u16, String) {
    let client = reqwest::Client::builder().build().unwrap();
    let request = client.post(format!("{origin}{path}")).body(body);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: serde_json::Value = answer.json().await.unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn every_route_answers_to_its_own_caller_alone() {
    let function = TestFunction::start(Store::memory()).await;
    let origin = function.serve().await;
    let simulator = &function.simulator;
    let caller = simulator.identity_token(CALLER, AUDIENCE);
    let scheduler = simulator.identity_token(SCHEDULER, AUDIENCE);
    let other = simulator.identity_token("other@example.com", AUDIENCE);
    let elsewhere = simulator.identity_token(CALLER, "https://other.example.com");
    for (path, token, expected) in [
        ("/usage", Some(&caller), 200),
        ("/usage", Some(&scheduler), 401),
        ("/usage", Some(&other), 401),
        ("/usage", Some(&elsewhere), 401),
        ("/usage", None, 401),
        ("/report", Some(&scheduler), 200),
        ("/report", Some(&caller), 401),
        ("/report", None, 401),
        ("/", Some(&caller), 404),
        ("/usage/", Some(&caller), 404),
    ] {
        let token = token.map(String::as_str);
        let body = br#"{"records": []}"#.to_vec();
        let (status, _) = post(&origin, path, token, body).await;
        assert_eq!(status, expected, "{path}");
    }
    let client = reqwest::Client::builder().build().unwrap();
    let got = client.get(format!("{origin}/usage")).send().await.unwrap();
    assert_eq!(got.status().as_u16(), 405);
    assert_eq!(got.headers()["allow"], "POST");
}

#[tokio::test]
async fn without_keys_no_caller_is_refused_for_good() {
    let function = TestFunction::start(Store::memory()).await;
    let origin = function.serve().await;
    let token = function.simulator.identity_token(CALLER, AUDIENCE);
    let keys = Matcher::any().path("/oauth2/v1/certs");
    function.simulator.faults().always(keys, Fault::status(500));
    let answer = post(&origin, "/usage", Some(&token), Vec::new()).await;
    assert_eq!(answer, (503, "keys-unavailable".to_owned()));
}

#[tokio::test]
async fn what_is_no_list_of_records_is_refused_whole() {
    let function = TestFunction::start(Store::memory()).await;
    let origin = function.serve().await;
    let token = function.simulator.identity_token(CALLER, AUDIENCE);
    let many = format!(r#"{{"records": [{}1]}}"#, "1,".repeat(10_000));
    let nan = r#"{"records": [{"quantity": NaN}]}"#.to_owned();
    let large = " ".repeat(4 * 1024 * 1024 + 1);
    for (body, expected) in [
        (String::new(), (400, "body-malformed")),
        ("[]".to_owned(), (400, "body-malformed")),
        (nan, (400, "body-malformed")),
        (many, (413, "too-many-records")),
        (large, (413, "body-too-large")),
    ] {
        let answer = post(&origin, "/usage", Some(&token), body.into_bytes()).await;
        assert_eq!(answer, (expected.0, expected.1.to_owned()));
    }
}

#[tokio::test]
async fn nobody_without_a_token_is_asked_for_a_body() {
    let function = TestFunction::start(Store::memory()).await;
    let origin = function.serve().await;
    for route in ["/usage", "/report"] {
        refused_heads::are_answered_without_their_bodies(&origin, route).await;
    }
}

#[tokio::test]
async fn a_caller_made_again_at_an_accepted_address_is_refused() {
    let setup = UsageSetup::over(Store::memory());
    let setup = setup.with("CALLERS", PINNED_CALLER);
    let setup = setup.with("SCHEDULER_IDENTITY", PINNED_SCHEDULER);
    let function = setup.start().await;
    let origin = function.serve().await;
    for (path, email, id, expected) in [
        ("/usage", CALLER, "112233445566778899223", 401),
        ("/usage", CALLER, "112233445566778899222", 200),
        ("/report", SCHEDULER, "112233445566778899222", 401),
        ("/report", SCHEDULER, "112233445566778899333", 200),
    ] {
        let token = signed(&identity_claims(email, AUDIENCE).set("sub", id));
        let body = br#"{"records": []}"#.to_vec();
        let (status, _) = post(&origin, path, Some(&token), body).await;
        assert_eq!(status, expected, "{path} {id}");
    }
}

#[tokio::test]
async fn only_the_log_tells_a_token_without_an_email_from_a_stranger_s() {
    let (log, _capturing) = Log::capture("usage-report");
    let function = TestFunction::start(Store::memory()).await;
    let origin = function.serve().await;
    let stranger = "stranger@example-project.iam.gserviceaccount.com";
    for (claims, why) in [
        (
            identity_claims(CALLER, AUDIENCE).without("email"),
            "has no e-mail: ask for it with format=full (metadata server) or --include-email (gcloud)",
        ),
        (
            identity_claims(stranger, AUDIENCE),
            "it breaks the rule email\"",
        ),
    ] {
        let token = signed(&claims);
        let answer = post(&origin, "/usage", Some(&token), Vec::new()).await;
        assert_eq!(answer, (401, "not-authenticated".to_owned()));
        let error = log.last_request()["error"].to_string();
        assert!(error.contains(why), "{error}");
    }
}
