//! What does not fit Google's discovery documents is refused and recorded.

use serde_json::json;

use crate::caller::{Caller, PROVIDER, refusal};

/// Sends a request that must be refused as an invalid argument, and returns what was recorded.
async fn violation(caller: &Caller, request: reqwest::RequestBuilder) -> String {
    let before = caller.sim.violations().len();
    let refused = refusal(request).await;
    assert_eq!(refused, (400, "INVALID_ARGUMENT".to_owned()));
    let violations = caller.sim.violations();
    assert_eq!(violations.len(), before + 1);
    violations[before].clone()
}

#[tokio::test]
async fn a_body_with_other_names_or_types_is_refused() {
    let caller = Caller::start().await;
    let account = caller.sim.create_account();
    let approve = format!("/accounts/{account}:approve");
    for (body, message) in [
        (
            json!({"approval": "signup"}),
            "Invalid JSON payload received. Unknown name \"approval\": Cannot find field.",
        ),
        (
            json!({"approval_name": "signup"}),
            "Invalid JSON payload received. Unknown name \"approval_name\": Cannot find field.",
        ),
        (
            json!({"approvalName": 3}),
            "Invalid value at 'approvalName' (TYPE_STRING)",
        ),
        (
            json!({"properties": ["a"]}),
            "Invalid value at 'properties' (TYPE_OBJECT)",
        ),
        (
            json!({"properties": {"a": {}}}),
            "Invalid value at 'properties.a' (TYPE_STRING)",
        ),
        (json!([]), "Invalid value at '' (TYPE_OBJECT)"),
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
    let broken = caller
        .request("POST", &path)
        .header("content-type", "application/json")
        .body("{");
    let recorded = violation(&caller, broken).await;
    assert!(
        recorded.contains("Invalid JSON payload received."),
        "{recorded}"
    );
    let form = caller.request("POST", &path).body("{}");
    let recorded = violation(&caller, form).await;
    assert!(recorded.ends_with("Content-Type must be application/json."));
    let get = caller
        .request("GET", &format!("{PROVIDER}/accounts"))
        .body("{}");
    let recorded = violation(&caller, get).await;
    assert!(recorded.ends_with("This method takes no body."));
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
        let refused = refusal(caller.request(method, &format!("{PROVIDER}{path}"))).await;
        assert_eq!(refused, (404, "NOT_FOUND".to_owned()), "{method} {path}");
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
    assert_eq!(refusal(request).await, (501, "UNIMPLEMENTED".to_owned()));
}
