//! The metadata server, and whatever is nobody's.

use marketplace_simulator::Matcher;
use serde_json::{Value, json};

use crate::caller::{Caller, refusal};

const METADATA: &str = "/metadata.google.internal/computeMetadata/v1";

#[tokio::test]
async fn the_metadata_server_tells_who_and_where_the_program_is() {
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
        let request = caller.request("GET", &format!("{METADATA}/{path}"));
        let response = request.header("metadata-flavor", "Google").send().await;
        let response = response.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["metadata-flavor"], "Google");
        assert_eq!(response.text().await.unwrap(), text);
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_access_token_opens_the_apis_until_it_is_revoked() {
    let caller = Caller::start().await;
    let path = format!("{METADATA}/instance/service-accounts/default/token?scopes=a,b");
    let request = caller.request("GET", &path);
    let response = request.header("metadata-flavor", "Google").send().await;
    let token: Value = response.unwrap().json().await.unwrap();
    assert_eq!(token["token_type"], "Bearer");
    assert!(token["expires_in"].as_i64().unwrap() > 3_000);
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    assert_eq!(caller.sim.authorization(), bearer.as_str());
    let response = caller.get("/accounts").send().await.unwrap();
    assert_eq!(response.status(), 200);

    let list = caller.get("/accounts");
    caller.sim.revoke_access_tokens();
    assert_eq!(refusal(list).await, (401, "UNAUTHENTICATED".to_owned()));
}

#[tokio::test]
async fn an_identity_token_is_for_its_audience() {
    let caller = Caller::start().await;
    let path = format!(
        "{METADATA}/instance/service-accounts/default/identity?audience=https%3A%2F%2Fexample.com"
    );
    let request = caller.request("GET", &path);
    let response = request.header("metadata-flavor", "Google").send().await;
    let token = response.unwrap().text().await.unwrap();
    let payload = token.split('.').nth(1).unwrap();
    let payload =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload);
    let claims: Value = serde_json::from_slice(&payload.unwrap()).unwrap();
    assert_eq!(claims["aud"], "https://example.com");
    assert_eq!(claims["iss"], "https://accounts.google.com");
}

#[tokio::test]
async fn metadata_is_not_for_whoever_cannot_set_a_header() {
    let caller = Caller::start().await;
    let path = format!("{METADATA}/project/project-id");
    let without = caller.request("GET", &path);
    assert_eq!(
        refusal(without).await,
        (403, "PERMISSION_DENIED".to_owned())
    );
    let forwarded = caller
        .request("GET", &path)
        .header("metadata-flavor", "Google")
        .header("x-forwarded-for", "192.0.2.1");
    assert_eq!(refusal(forwarded).await.0, 403);
    assert_eq!(caller.sim.violations().len(), 2);
}

#[tokio::test]
async fn an_api_wants_an_access_token() {
    let caller = Caller::start().await;
    let path = "/cloudcommerceprocurement.googleapis.com/v1/providers/example-partner/accounts";
    let response = caller.plain(path).await;
    assert_eq!(response.status(), 401);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["status"], "UNAUTHENTICATED");
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_path_that_google_does_not_have_is_recorded() {
    let caller = Caller::start().await;
    for path in [
        "/www.googleapis.com/robot/v1/metadata/x509/somebody@system.gserviceaccount.com",
        "/metadata.google.internal/computeMetadata/v1/instance/attributes/",
        "/storage.googleapis.com/b",
        "/cloudcommerceprocurement.googleapis.com/v1/providers",
        "/signup",
    ] {
        let request = caller.request("GET", path);
        let refused = refusal(request.header("metadata-flavor", "Google")).await;
        assert_eq!(refused, (404, "NOT_FOUND".to_owned()), "{path}");
    }
    let violations = caller.sim.violations();
    assert_eq!(violations.len(), 5, "{violations:?}");
    assert_eq!(
        violations[3],
        "GET cloudcommerceprocurement.googleapis.com/v1/providers: Method not found."
    );
    // What is nobody's is for the pages, not for the log of calls.
    assert_eq!(caller.sim.calls().count(&Matcher::any()), 4);
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
