//! IAM's service accounts.

use std::time::Duration;

use marketplace_simulator::{Fault, Matcher, Propagation};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::caller::{Caller, answer, check_refused, good, refusal};

const ACCOUNTS: &str = "/iam.googleapis.com/v1/projects/example-project/serviceAccounts";

fn create(caller: &Caller, body: &Value) -> RequestBuilder {
    caller.post_to(ACCOUNTS, body)
}

/// The path of the account that was answered.
fn path_of(account: &Value) -> String {
    format!("{ACCOUNTS}/{}", account["email"].as_str().unwrap())
}

/// The answers to a look and to a change of this account.
async fn called(caller: &Caller, id: &str) -> [u16; 2] {
    let path = format!("{ACCOUNTS}/{id}");
    let disable = caller.post_to(&format!("{path}:disable"), &json!({}));
    let get = answer(caller.request("GET", &path)).await.0;
    [get, answer(disable).await.0]
}

async fn listed(caller: &Caller, query: &str) -> Value {
    good(caller.request("GET", &format!("{ACCOUNTS}{query}"))).await
}

/// Expects Google's error, with these members.
async fn check_error(request: RequestBuilder, status: u16, error: &Value) {
    let (answered, body) = answer(request).await;
    assert_eq!((answered, &body["error"]), (status, error));
}

async fn check_invalid(request: RequestBuilder, message: &str) {
    let error = json!({"code": 400, "status": "INVALID_ARGUMENT", "message": message});
    check_error(request, 400, &error).await;
}

#[tokio::test]
async fn a_service_account_is_disabled_and_enabled_again() {
    let caller = Caller::start().await;
    let made = caller.sim.create_service_account("customer-1").unwrap();
    let path = format!("{ACCOUNTS}/{}", made.email);
    for (method, disabled) in [
        ("disable", json!(true)),
        ("disable", json!(true)),
        ("enable", Value::Null),
        ("enable", Value::Null),
    ] {
        let change = caller.post_to(&format!("{path}:{method}"), &json!({}));
        assert_eq!(good(change).await, json!({}));
        let by_id = format!("{ACCOUNTS}/{}", made.unique_id);
        let now = good(caller.request("GET", &by_id)).await;
        assert_eq!(now.get("disabled").cloned().unwrap_or_default(), disabled);
        assert_eq!(now["email"], made.email);
        assert_eq!(now["oauth2ClientId"], made.unique_id);
    }
    let after = caller.sim.service_account(&made.email).unwrap();
    assert_eq!((after.is_disabled, after.times_disabled), (false, 1));
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_service_account_is_not_found_or_denied_in_the_wildcard() {
    let caller = Caller::start().await;
    for (project, status) in [("example-project", 404), ("other", 404), ("-", 403)] {
        let path = format!("/iam.googleapis.com/v1/projects/{project}/serviceAccounts/nobody");
        assert_eq!(refusal(caller.request("GET", &path)).await.0, status);
        let disable = caller.post_to(&format!("{path}:disable"), &json!({}));
        assert_eq!(refusal(disable).await.0, status);
    }
}

#[tokio::test]
async fn a_service_account_is_created_as_asked() {
    let caller = Caller::start().await;
    let wanted = json!({
        "accountId": "customer-1",
        "serviceAccount": {"displayName": "A customer", "description": "Whose it is"},
    });
    let made = good(create(&caller, &wanted)).await;
    let email = "customer-1@example-project.iam.gserviceaccount.com";
    let unique_id = made["uniqueId"].as_str().unwrap();
    assert_eq!(unique_id.len(), 21);
    let expected = json!({
        "name": format!("projects/example-project/serviceAccounts/{email}"),
        "projectId": "example-project",
        "uniqueId": unique_id,
        "email": email,
        "oauth2ClientId": unique_id,
        "displayName": "A customer",
        "description": "Whose it is",
    });
    assert_eq!(made, expected);
    assert_eq!(called(&caller, email).await, [200, 200]);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_has_6_to_30_characters() {
    let caller = Caller::start().await;
    for length in [0, 1, 5, 31] {
        let id = "a".repeat(length);
        let message = format!("The account ID \"{id}\" does not have a length between 6 and 30.");
        let body = json!({ "accountId": id });
        check_invalid(create(&caller, &body), &message).await;
    }
    for length in [6, 30] {
        let body = json!({"accountId": "a".repeat(length)});
        good(create(&caller, &body)).await;
    }
}

#[tokio::test]
async fn an_id_has_lower_case_letters_digits_and_hyphens() {
    let caller = Caller::start().await;
    for id in [
        "1customer",
        "-customer",
        "customer-",
        "Customer",
        "custo_mer",
        "custo.mer",
        "kündin",
    ] {
        let message = format!("The account ID \"{id}\" does not match [a-z]([-a-z0-9]*[a-z0-9]).");
        let body = json!({ "accountId": id });
        check_invalid(create(&caller, &body), &message).await;
    }
    assert_eq!(caller.sim.service_accounts(), []);
}

#[tokio::test]
async fn texts_have_so_many_bytes_at_most() {
    let caller = Caller::start().await;
    for (field, most, name) in [
        ("displayName", 100, "display name"),
        ("description", 256, "description"),
    ] {
        let wanted = |text: String| {
            let id = format!("customer-{}", text.len());
            json!({"accountId": id, "serviceAccount": {field: text}})
        };
        let message = format!("The {name} is longer than {most} bytes.");
        // Two bytes each.
        let long = "ü".repeat(most / 2) + "a";
        check_invalid(create(&caller, &wanted(long)), &message).await;
        good(create(&caller, &wanted("a".repeat(most)))).await;
    }
}

#[tokio::test]
async fn an_id_is_taken_once_in_each_project() {
    let caller = Caller::start().await;
    let body = json!({"accountId": "customer-1"});
    let first = good(create(&caller, &body)).await;
    let error = json!({
        "code": 409,
        "status": "ALREADY_EXISTS",
        "message": "Service account customer-1 already exists within project example-project.",
    });
    check_error(create(&caller, &body), 409, &error).await;
    let elsewhere = ACCOUNTS.replace("example-project", "other-project");
    let other = good(caller.post_to(&elsewhere, &body)).await;
    assert_ne!(other["email"], first["email"]);
}

#[tokio::test]
async fn a_project_has_so_many_service_accounts_at_most() {
    let caller = Caller::set(|it| it.service_account_quota = 2).await;
    let wanted = |number: u8| json!({"accountId": format!("customer-{number}")});
    let first = good(create(&caller, &wanted(1))).await;
    good(create(&caller, &wanted(2))).await;
    let error = json!({
        "code": 429,
        "status": "RESOURCE_EXHAUSTED",
        "message": "Maximum number of service accounts on project reached.",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "86401s"}],
    });
    check_error(create(&caller, &wanted(3)), 429, &error).await;
    // One that is there already is reported as such, full or not.
    assert_eq!(refusal(create(&caller, &wanted(2))).await.0, 409);
    let elsewhere = ACCOUNTS.replace("example-project", "other-project");
    good(caller.post_to(&elsewhere, &wanted(3))).await;
    good(caller.request("DELETE", &path_of(&first))).await;
    good(create(&caller, &wanted(3))).await;
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_the_next_at_its_address_is_another() {
    let caller = Caller::start().await;
    let body = json!({"accountId": "customer-1"});
    let first = good(create(&caller, &body)).await;
    let id = |account: &Value| account["uniqueId"].as_str().unwrap().to_owned();
    let email = first["email"].as_str().unwrap();
    let path = path_of(&first);
    assert_eq!(good(caller.request("DELETE", &path)).await, json!({}));
    assert_eq!(called(&caller, email).await, [404, 404]);
    assert_eq!(answer(caller.request("DELETE", &path)).await.0, 404);
    let second = good(create(&caller, &body)).await;
    assert_eq!(second["email"], email);
    assert_ne!(id(&second), id(&first));
    assert_eq!(called(&caller, &id(&first)).await, [404, 404]);
    assert_eq!(called(&caller, &id(&second)).await, [200, 200]);
}

#[tokio::test]
async fn service_accounts_are_listed_by_pages() {
    let caller = Caller::start().await;
    for number in 1..=3 {
        let body = json!({"accountId": format!("customer-{number}")});
        good(create(&caller, &body)).await;
    }
    let first = listed(&caller, "?pageSize=2").await;
    assert_eq!(first["accounts"].as_array().unwrap().len(), 2);
    let next = first["nextPageToken"].as_str().unwrap();
    let rest = listed(&caller, &format!("?pageSize=2&pageToken={next}")).await;
    assert_eq!(rest["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(rest["nextPageToken"], Value::Null);
    let all = listed(&caller, "").await;
    assert_eq!(all["accounts"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_new_account_is_not_found_for_so_many_calls() {
    let caller =
        Caller::set(|it| it.service_account_propagation = Propagation::AfterCalls(3)).await;
    let body = json!({"accountId": "customer-1"});
    let made = good(create(&caller, &body)).await;
    let email = made["email"].as_str().unwrap();
    // It is there when it is created, and not yet when it is listed.
    assert_eq!(refusal(create(&caller, &body)).await.0, 409);
    assert_eq!(listed(&caller, "").await, json!({}));
    assert_eq!(called(&caller, email).await, [404, 404]);
    assert_eq!(called(&caller, email).await, [404, 200]);
    let all = listed(&caller, "").await;
    assert_eq!(all["accounts"].as_array().unwrap().len(), 1);
    // One that a test makes has been there for long.
    let old = caller.sim.create_service_account("customer-2").unwrap();
    assert_eq!(called(&caller, &old.email).await, [200, 200]);
}

#[tokio::test]
async fn a_new_account_is_not_found_until_its_time_has_come() {
    let caller = Caller::set(|it| {
        it.service_account_propagation = Propagation::After(Duration::from_hours(1));
    })
    .await;
    let made = good(create(&caller, &json!({"accountId": "customer-1"}))).await;
    let id = made["uniqueId"].as_str().unwrap();
    for _ in 0..5 {
        assert_eq!(called(&caller, id).await, [404, 404]);
    }
    let wildcard = format!("/iam.googleapis.com/v1/projects/-/serviceAccounts/{id}");
    check_refused(caller.request("GET", &wildcard), 403, "PERMISSION_DENIED").await;
    assert_eq!(caller.sim.service_accounts().len(), 1);
    caller.sim.propagate_service_accounts();
    assert_eq!(called(&caller, id).await, [200, 200]);
}

#[tokio::test]
async fn a_denied_call_names_the_permission_that_is_missing() {
    let caller = Caller::start().await;
    let made = caller.sim.create_service_account("customer-1").unwrap();
    let faults = caller.sim.faults();
    faults.always(Matcher::iam(), Fault::status(403));
    let path = format!("{ACCOUNTS}/{}", made.email);
    let change = |verb: &str| caller.post_to(&format!("{path}:{verb}"), &json!({}));
    let other = json!({"accountId": "customer-2"});
    for (request, verb) in [
        (create(&caller, &other), "create"),
        (caller.request("GET", ACCOUNTS), "list"),
        (caller.request("GET", &path), "get"),
        (change("disable"), "disable"),
        (change("enable"), "enable"),
        (caller.request("DELETE", &path), "delete"),
    ] {
        let permission = format!("iam.serviceAccounts.{verb}");
        let error = json!({
            "code": 403,
            "status": "PERMISSION_DENIED",
            "message": format!("Permission '{permission}' denied on resource (or it may not exist)."),
            "details": [{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "IAM_PERMISSION_DENIED",
                "domain": "iam.googleapis.com",
                "metadata": {"permission": permission},
            }],
        });
        check_error(request, 403, &error).await;
    }
    faults.clear();
    assert_eq!(caller.sim.service_accounts(), [made]);
}
