//! The Procurement API: the state machine over the wire, refusals, pages and filters.

use marketplace::{ApprovalState, EntitlementState, PlanId};
use marketplace_simulator::Activation;
use serde_json::{Value, json};

use crate::caller::{Caller, PROVIDER, check_refused, good, refusal};

fn names(body: &Value, list: &str) -> Vec<String> {
    let items = body[list].as_array().cloned().unwrap_or_default();
    let name = |item: &Value| {
        let (_, id) = item["name"].as_str().unwrap().rsplit_once('/').unwrap();
        id.to_owned()
    };
    items.iter().map(name).collect()
}

#[tokio::test]
async fn a_purchase_is_approved_account_first() {
    let caller = Caller::start().await;
    let order = caller.sim.buy();
    let account = format!("/accounts/{}", order.account);
    let entitlement = format!("/entitlements/{}", order.entitlement);
    let approve_entitlement = format!("{entitlement}:approve");

    let before = good(caller.get(&account)).await;
    assert_eq!(before["state"], "ACCOUNT_ACTIVE");
    assert_eq!(before["approvals"][0]["state"], "PENDING");
    check_refused(
        caller.post(&approve_entitlement, &json!({})),
        400,
        "FAILED_PRECONDITION",
    )
    .await;

    let approve_account = format!("{account}:approve");
    let body = json!({"approvalName": "signup", "reason": "signed up", "properties": {"a": "b"}});
    assert_eq!(good(caller.post(&approve_account, &body)).await, json!({}));
    let after = good(caller.get(&account)).await;
    assert_eq!(after["approvals"][0]["state"], "APPROVED");
    assert_eq!(after["approvals"][0]["reason"], "signed up");
    assert_ne!(after["updateTime"], before["updateTime"]);
    check_refused(
        caller.post(&approve_account, &body),
        400,
        "FAILED_PRECONDITION",
    )
    .await;

    // An empty body is an empty message.
    let path = format!("{PROVIDER}{approve_entitlement}");
    good(caller.request("POST", &path)).await;
    let active = good(caller.get(&entitlement)).await;
    assert_eq!(active["state"], "ENTITLEMENT_ACTIVE");
    assert_eq!(active["account"], after["name"]);

    let sim = &caller.sim;
    assert_eq!(sim.account(&order.account).unwrap().times_approved, 1);
    let entitlement = sim.entitlement(&order.entitlement).unwrap();
    assert_eq!(entitlement.times_approved, 1);
    assert_eq!(sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_approved_account_is_announced_once_more_by_an_operation_of_its_own() {
    let caller = Caller::start().await;
    let account = caller.sim.create_account();
    let approve = format!("/accounts/{account}:approve");
    good(caller.post(&approve, &json!({}))).await;
    check_refused(
        caller.post(&approve, &json!({})),
        400,
        "FAILED_PRECONDITION",
    )
    .await;
    let sent = caller.sim.events().all();
    assert_eq!(sent.len(), 2);
    for (message, operation) in sent.iter().zip(["CREATE_ACCOUNT-", "APPROVE_ACCOUNT-"]) {
        let body = message.json();
        assert_eq!(body["eventType"], "ACCOUNT_ACTIVE");
        assert_eq!(body["account"]["id"], account.as_str());
        let id = body["eventId"].as_str().unwrap();
        assert!(id.starts_with(operation), "{id}");
    }
}

#[tokio::test]
async fn what_does_not_exist_or_is_somebody_else_s_is_refused() {
    let caller = Caller::start().await;
    for path in ["/accounts/nobody", "/entitlements/nothing"] {
        check_refused(caller.get(path), 404, "NOT_FOUND").await;
        check_refused(
            caller.post(&format!("{path}:approve"), &json!({})),
            404,
            "NOT_FOUND",
        )
        .await;
    }
    let other = "/cloudcommerceprocurement.googleapis.com/v1/providers/other/accounts/nobody";
    check_refused(caller.request("GET", other), 403, "PERMISSION_DENIED").await;
    let unsupported = caller.post("/entitlements/nothing:suspend", &json!({}));
    check_refused(unsupported, 501, "UNIMPLEMENTED").await;
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_account_that_was_rejected_says_so() {
    let caller = Caller::start().await;
    let account = caller.sim.create_account();
    let body = json!({"approvalName": "signup", "reason": "no"});
    let reject = format!("/accounts/{account}:reject");
    good(caller.post(&reject, &body)).await;
    let state = caller.sim.account(&account).unwrap();
    assert_eq!(state.signup(), &ApprovalState::Rejected);
    assert_eq!(state.times_rejected, 1);
    let reset = caller.post(&format!("/accounts/{account}:reset"), &json!({}));
    assert_eq!(refusal(reset).await.0, 403);
    caller.sim.make_own_test_account(&account).unwrap();
    let reset = caller.post(&format!("/accounts/{account}:reset"), &json!({}));
    good(reset).await;
    let state = caller.sim.account(&account).unwrap();
    assert_eq!(state.signup(), &ApprovalState::Pending);
}

#[tokio::test]
async fn an_approved_entitlement_waits_until_time_has_passed() {
    let caller = Caller::set(|it| it.activation = Activation::WhenAdvanced).await;
    let order = caller.sim.buy();
    caller.sim.approve_account(&order.account).unwrap();
    let path = format!("/entitlements/{}", order.entitlement);
    good(caller.post(&format!("{path}:approve"), &json!({}))).await;
    let waiting = good(caller.get(&path)).await;
    assert_eq!(waiting["state"], "ENTITLEMENT_ACTIVATION_REQUESTED");
    let active = caller.sim.entitlement_when(&order.entitlement, |it| {
        it.state == EntitlementState::Active
    });
    caller.sim.advance(&order.entitlement).unwrap();
    assert!(active.await.is_approved);
}

#[tokio::test]
async fn a_plan_change_is_decided_by_its_plan() {
    let caller = Caller::start().await;
    let order = caller.buy_approved();
    let plan = PlanId::parse("standard-plan").unwrap();
    let id = &order.entitlement;
    caller.sim.request_plan_change(id, &plan).unwrap();
    let path = format!("/entitlements/{}", order.entitlement);
    let waiting = good(caller.get(&path)).await;
    assert_eq!(waiting["newPendingPlan"], "standard-plan");
    let approve = format!("{path}:approvePlanChange");
    check_refused(caller.post(&approve, &json!({})), 400, "INVALID_ARGUMENT").await;
    let named = json!({"pendingPlanName": "standard-plan"});
    good(caller.post(&approve, &named)).await;
    assert_eq!(caller.sim.entitlement(id).unwrap().plan, plan);
}

#[tokio::test]
async fn only_the_message_to_the_user_can_be_patched() {
    let caller = Caller::start().await;
    let order = caller.sim.buy();
    let path = format!("{PROVIDER}/entitlements/{}", order.entitlement);
    let body = json!({"messageToUser": "soon"});
    for mask in ["", "?updateMask=plan"] {
        let change = caller.request("PATCH", &format!("{path}{mask}"));
        assert_eq!(refusal(change.json(&body)).await.0, 400, "{mask}");
    }
    let change = caller.request("PATCH", &format!("{path}?updateMask=messageToUser"));
    let patched = good(change.json(&body)).await;
    assert_eq!(patched["messageToUser"], "soon");
}

#[tokio::test]
async fn an_empty_list_is_an_empty_object() {
    let caller = Caller::start().await;
    assert_eq!(good(caller.get("/accounts")).await, json!({}));
    assert_eq!(good(caller.get("/entitlements")).await, json!({}));
}

#[tokio::test]
async fn a_list_comes_in_pages_that_stay_in_step_while_it_grows() {
    let caller = Caller::start().await;
    let create = || caller.sim.create_account().to_string();
    let all: Vec<String> = (0..27).map(|_| create()).collect();
    let first = good(caller.get("/accounts")).await;
    assert_eq!(names(&first, "accounts"), all[..25]);
    let token = first["nextPageToken"].as_str().unwrap();
    let late = create();
    let query = [("pageToken", token), ("pageSize", "500")];
    let rest = good(caller.get("/accounts").query(&query)).await;
    let expected = [&all[25..], &[late]].concat();
    assert_eq!(names(&rest, "accounts"), expected);
    assert_eq!(rest.get("nextPageToken"), None);
}

#[tokio::test]
async fn page_sizes_and_tokens_that_make_no_sense_are_refused() {
    let caller = Caller::start().await;
    for _ in 0..2 {
        caller.sim.buy();
    }
    let page =
        good(caller.get("/entitlements?pageSize=1&filter=state%3Dactivation_requested")).await;
    assert_eq!(names(&page, "entitlements").len(), 1);
    let of_another_filter = page["nextPageToken"].as_str().unwrap();
    for query in [
        ("pageSize", "-1"),
        ("pageToken", "x"),
        ("pageToken", of_another_filter),
        ("filter", "colour=red"),
    ] {
        check_refused(
            caller.get("/entitlements").query(&[query]),
            400,
            "INVALID_ARGUMENT",
        )
        .await;
    }
}

#[tokio::test]
async fn entitlements_are_filtered_as_documented() {
    let caller = Caller::start().await;
    let mine = caller.buy_approved();
    let other = caller.sim.buy();
    let second = caller.sim.buy_again(&mine.account);
    let [mine_id, second_id, other_id] =
        [&mine, &second, &other].map(|order| order.entitlement.to_string());
    let account = &mine.account;
    let by_name = format!("account=\"providers/example-partner/accounts/{account}\"");
    let requested = format!("state=ENTITLEMENT_ACTIVATION_REQUESTED AND (account={account})");
    let product = "product_external_name=\"product.endpoints.example-partner.cloud.goog\"";
    for (filter, expected) in [
        (&*format!("account={account}"), vec![&mine_id, &second_id]),
        (&*by_name, vec![&mine_id, &second_id]),
        (&*requested, vec![&second_id]),
        (&*format!("account={account} state=active"), vec![&mine_id]),
        ("NOT state=Active", vec![&other_id, &second_id]),
        ("plan!=starter-plan", vec![]),
        (product, vec![&mine_id, &other_id, &second_id]),
        ("consumers.project:\"projects/1\"", vec![]),
    ] {
        let list = caller.get("/entitlements").query(&[("filter", filter)]);
        let found = names(&good(list).await, "entitlements");
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}
