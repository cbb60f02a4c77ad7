//! What does not fit Google's discovery documents is refused and recorded.

use serde_json::json;

use crate::caller::{Caller, PROVIDER, check_refused, refusal};

/// Sends a request that must be refused as an invalid argument, and returns what was recorded.
async fn violation(caller: &Caller, request: reqwest::RequestBuilder) -> String {
    let before = caller.sim.violations().len();
    check_refused(request, 400, "INVALID_ARGUMENT").await;
    let violations = caller.sim.violations();
    assert_eq!(violations.len(), before + 1);
    violations[before].clone()
}

#[tokio::test]
async fn a_body_with_other_names_or_types_is_refused() {
    let caller = Caller::start().await;
    let account = caller.sim.create_account();
    let approve = format!("/accounts/{account}:approve");
    let unknown = |name: &str| {
        format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.")
    };
    let invalid = |value: &str| format!("Invalid value at {value}");
    for (body, message) in [
        (json!({"approval": "signup"}), unknown("approval")),
        (json!({"approval_name": "signup"}), unknown("approval_name")),
        (
            json!({"approvalName": 3}),
            invalid("'approvalName' (TYPE_STRING)"),
        ),
        (
            json!({"properties": ["a"]}),
            invalid("'properties' (TYPE_OBJECT)"),
        ),
        (
            json!({"properties": {"a": {}}}),
            invalid("'properties.a' (TYPE_STRING)"),
        ),
        (json!([]), invalid("'' (TYPE_OBJECT)")),
    ] {
        let recorded = violation(&caller, caller.post(&approve, &body)).await;
        assert!(recorded.ends_with(&format!(": {message}")), "{recorded}");
    }
    let unharmed = caller.sim.account(&account).unwrap();
    assert_eq!(unharmed.times_approved, 0);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let caller = Caller::start().await;
    let path = format!("{PROVIDER}/accounts/a:approve");
    let form = caller.request("POST", &path);
    let json = caller.request("POST", &path);
    let json = json.header("content-type", "application/json");
    let get = caller.get("/accounts");
    let recorded = violation(&caller, json.body("{")).await;
    assert!(
        recorded.contains("Invalid JSON payload received."),
        "{recorded}"
    );
    for (request, text) in [
        (form, "Content-Type must be application/json."),
        (get, "This method takes no body."),
    ] {
        let recorded = violation(&caller, request.body("{}")).await;
        assert!(recorded.ends_with(text), "{recorded}");
    }
}

#[tokio::test]
async fn a_query_with_other_names_or_types_is_refused() {
    let caller = Caller::start().await;
    for query in [
        "page_size=3",
        "pageSize=many",
        "pageSize=1&pageSize=2",
        "filter=state%3Dactive",
        "name=providers",
        "alt=xml",
        "prettyPrint=maybe",
    ] {
        violation(&caller, caller.get(&format!("/accounts?{query}"))).await;
    }
    for query in [
        "alt=json",
        "prettyPrint=false",
        "$alt=json%3Benum-encoding%3Dint",
        "pageSize=",
    ] {
        let response = caller.get(&format!("/accounts?{query}")).send().await;
        assert_eq!(response.unwrap().status(), 200, "{query}");
    }
    let view = caller.get("/accounts/a?view=EVERYTHING");
    violation(&caller, view).await;
    let view = caller.get("/accounts/a?view=ACCOUNT_VIEW_FULL");
    assert_eq!(refusal(view).await.0, 404);
}

#[tokio::test]
async fn a_method_or_path_that_is_not_documented_is_refused() {
    let caller = Caller::start().await;
    for (method, path) in [
        ("POST", "/accounts"),
        ("DELETE", "/accounts/a"),
        ("GET", "/accounts/a:approve"),
        ("POST", "/accounts/a:suspend"),
        ("POST", "/accounts/a/approve"),
        ("GET", "/accounts/"),
        ("GET", "/accounts/a/b"),
    ] {
        check_refused(
            caller.request(method, &format!("{PROVIDER}{path}")),
            404,
            "NOT_FOUND",
        )
        .await;
    }
    assert_eq!(caller.sim.violations().len(), 7);
}

#[tokio::test]
async fn formats_are_checked_too() {
    let caller = Caller::start().await;
    let account = "/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@example.com";
    for (method, body) in [
        ("signBlob", json!({"payload": "%"})),
        ("signBlob", json!({"payload": "YWJj", "delegates": [1]})),
        (
            "generateIdToken",
            json!({"audience": "a", "includeEmail": "true"}),
        ),
        ("generateIdToken", json!({"includeEmail": true})),
    ] {
        let request = caller.post_to(&format!("{account}:{method}"), &body);
        violation(&caller, request).await;
    }
    // What is null is not set.
    let body = json!({"audience": "a", "includeEmail": null});
    let request = caller.post_to(&format!("{account}:generateIdToken"), &body);
    check_refused(request, 403, "PERMISSION_DENIED").await;
}
