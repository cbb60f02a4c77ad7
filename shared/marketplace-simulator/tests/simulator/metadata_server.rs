//! The metadata server, and paths that nothing serves.

use marketplace_simulator::Matcher;
use reqwest::Response;
use serde_json::{Value, json};

use crate::caller::{Caller, check_refused};
use crate::relying_party::payload;

const METADATA: &str = "/metadata.google.internal/computeMetadata/v1";

/// The answer to a program that can set the header.
async fn metadata(caller: &Caller, path: &str) -> Response {
    let request = caller.request("GET", &format!("{METADATA}/{path}"));
    let request = request.header("metadata-flavor", "Google");
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_metadata_server_says_who_and_where_the_program_is() {
    let caller = Caller::start().await;
    for (path, text) in [
        ("project/project-id", "example-project"),
        ("project/numeric-project-id", "123456789012"),
        (
            "instance/region",
            "projects/123456789012/regions/europe-west1",
        ),
        ("universe/universe-domain", "googleapis.com"),
        (
            "instance/service-accounts/default/email",
            "signup@example-project.iam.gserviceaccount.com",
        ),
    ] {
        let response = metadata(&caller, path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["metadata-flavor"], "Google");
        assert_eq!(response.text().await.unwrap(), text);
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_access_token_opens_the_apis_until_it_is_revoked() {
    let caller = Caller::start().await;
    let path = "instance/service-accounts/default/token?scopes=a,b";
    let token: Value = metadata(&caller, path).await.json().await.unwrap();
    assert_eq!(token["token_type"], "Bearer");
    assert!(token["expires_in"].as_i64().unwrap() > 3_000);
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    assert_eq!(caller.sim.authorization(), bearer.as_str());
    let response = caller.get("/accounts").send().await.unwrap();
    assert_eq!(response.status(), 200);

    let list = caller.get("/accounts");
    caller.sim.revoke_access_tokens();
    check_refused(list, 401, "UNAUTHENTICATED").await;
}

#[tokio::test]
async fn an_identity_token_is_for_its_audience() {
    let caller = Caller::start().await;
    let path = "instance/service-accounts/default/identity?audience=https%3A%2F%2Fexample.com";
    let token = metadata(&caller, path).await.text().await.unwrap();
    let claims = payload(&token);
    assert_eq!(claims["aud"], "https://example.com");
    assert_eq!(claims["iss"], "https://accounts.google.com");
}

#[tokio::test]
async fn metadata_is_refused_without_the_header() {
    let caller = Caller::start().await;
    let path = format!("{METADATA}/project/project-id");
    let without = caller.request("GET", &path);
    let other = caller
        .request("GET", &path)
        .header("metadata-flavor", "google");
    let forwarded = caller
        .request("GET", &path)
        .header("metadata-flavor", "Google")
        .header("x-forwarded-for", "192.0.2.1");
    for request in [without, other, forwarded] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403);
        assert_eq!(response.headers()["metadata-flavor"], "Google");
        let text = response.text().await.unwrap();
        assert!(text.contains("Missing Metadata-Flavor:Google header."));
    }
    assert_eq!(caller.sim.violations().len(), 3);
}

#[tokio::test]
async fn what_the_metadata_server_does_not_have_is_recorded() {
    let caller = Caller::start().await;
    for path in [
        "instance/attributes/",
        "project/project-id/",
        "instance/service-accounts/a@b/",
    ] {
        assert_eq!(metadata(&caller, path).await.status(), 404, "{path}");
    }
    assert_eq!(caller.sim.violations().len(), 3);
}

#[tokio::test]
async fn an_identity_token_without_an_audience_is_refused() {
    let caller = Caller::start().await;
    for query in ["", "?audience=", "?format=full"] {
        let path = format!("instance/service-accounts/default/identity{query}");
        let response = metadata(&caller, &path).await;
        assert_eq!(response.status(), 400, "{query}");
        let text = response.text().await.unwrap();
        assert_eq!(text, "non-empty audience parameter required");
    }
    assert_eq!(caller.sim.violations().len(), 3);
}

#[tokio::test]
async fn a_path_that_google_does_not_have_is_recorded() {
    let caller = Caller::start().await;
    for path in [
        "/www.googleapis.com/robot/v1/metadata/x509/somebody@system.gserviceaccount.com",
        "/storage.googleapis.com/b",
        "/cloudcommerceprocurement.googleapis.com/v1/providers",
        "/signup",
    ] {
        let request = caller.request("GET", path);
        check_refused(
            request.header("metadata-flavor", "Google"),
            404,
            "NOT_FOUND",
        )
        .await;
    }
    let violations = caller.sim.violations();
    assert_eq!(violations.len(), 4, "{violations:?}");
    assert_eq!(
        violations[2],
        "GET cloudcommerceprocurement.googleapis.com/v1/providers: Method not found."
    );
    // What is nobody's is for the pages, not for the log of calls.
    assert_eq!(caller.sim.calls().count(&Matcher::any()), 3);
}

#[tokio::test]
async fn a_body_beyond_all_measure_is_refused_in_google_s_words() {
    let caller = Caller::start().await;
    let body = json!({"reason": "x".repeat(2 * 1024 * 1024)});
    let response = caller.post("/accounts/a:approve", &body).send().await;
    // The answer may come before all of the body has been sent.
    if let Ok(response) = response {
        assert_eq!(response.status(), 413);
    }
}

#[tokio::test]
async fn a_simulator_that_was_shut_down_has_left_its_port() {
    let caller = Caller::start().await;
    let address = caller.sim.origin().replace("http://", "");
    caller.sim.shutdown().await;
    tokio::net::TcpListener::bind(address).await.unwrap();
}
