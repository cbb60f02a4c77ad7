//! IAM's service accounts.

use marketplace_simulator::Settings;
use serde_json::{Value, json};

use crate::caller::{Caller, answer, good, refusal};

const ACCOUNTS: &str = "/iam.googleapis.com/v1/projects/example-project/serviceAccounts";

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
        assert_eq!(good(answer(change).await), json!({}));
        let by_id = format!("{ACCOUNTS}/{}", made.unique_id);
        let now = good(answer(caller.request("GET", &by_id)).await);
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
async fn service_accounts_are_created_once_within_the_quota_listed_and_deleted() {
    let caller = Caller::with(Settings {
        service_account_quota: 2,
        ..Settings::default()
    })
    .await;
    let wanted = |id: &str| json!({"accountId": id, "serviceAccount": {"displayName": "A"}});
    let made = good(answer(caller.post_to(ACCOUNTS, &wanted("customer-1"))).await);
    assert_eq!(
        made["email"],
        "customer-1@example-project.iam.gserviceaccount.com"
    );
    assert_eq!(made["displayName"], "A");
    for (id, status) in [
        ("customer-1", 409),
        ("short", 400),
        ("1-customer", 400),
        ("customer-", 400),
    ] {
        assert_eq!(
            refusal(caller.post_to(ACCOUNTS, &wanted(id))).await.0,
            status,
            "{id}"
        );
    }
    good(answer(caller.post_to(ACCOUNTS, &wanted("customer-2"))).await);
    let refused = refusal(caller.post_to(ACCOUNTS, &wanted("customer-3"))).await;
    assert_eq!(refused, (429, "RESOURCE_EXHAUSTED".to_owned()));
    let page = good(answer(caller.request("GET", &format!("{ACCOUNTS}?pageSize=1"))).await);
    assert_eq!(page["accounts"].as_array().unwrap().len(), 1);
    let path = format!("{ACCOUNTS}/{}", made["email"].as_str().unwrap());
    good(answer(caller.request("DELETE", &path)).await);
    assert_eq!(caller.sim.service_accounts().len(), 1);
}
