//! The Procurement API: the state machine over the wire, refusals, pages and filters.

use marketplace::{ApprovalState, EntitlementState, PlanId};
use marketplace_simulator::{Activation, Settings};
use serde_json::{Value, json};

use crate::caller::{Caller, answer, good, refusal};

fn names(body: &Value, list: &str) -> Vec<String> {
    let items = body[list].as_array().cloned().unwrap_or_default();
    let name = |item: &Value| {
        item["name"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .map(str::to_owned)
    };
    items.iter().filter_map(name).collect()
}

#[tokio::test]
async fn a_purchase_is_approved_account_first() {
    let caller = Caller::start().await;
    let order = caller.sim.buy();
    let account = format!("/accounts/{}", order.account);
    let entitlement = format!("/entitlements/{}", order.entitlement);
    let approve_entitlement = format!("{entitlement}:approve");

    let before = good(answer(caller.get(&account)).await);
    assert_eq!(before["state"], "ACCOUNT_ACTIVE");
    assert_eq!(before["approvals"][0]["state"], "PENDING");
    let early = refusal(caller.post(&approve_entitlement, &json!({}))).await;
    assert_eq!(early, (400, "FAILED_PRECONDITION".to_owned()));

    let approve_account = format!("{account}:approve");
    let body = json!({"approvalName": "signup", "reason": "signed up", "properties": {"a": "b"}});
    assert_eq!(
        good(answer(caller.post(&approve_account, &body)).await),
        json!({})
    );
    let after = good(answer(caller.get(&account)).await);
    assert_eq!(after["approvals"][0]["state"], "APPROVED");
    assert_eq!(after["approvals"][0]["reason"], "signed up");
    assert_ne!(after["updateTime"], before["updateTime"]);
    let again = refusal(caller.post(&approve_account, &body)).await;
    assert_eq!(again, (400, "FAILED_PRECONDITION".to_owned()));

    // An empty body is an empty message.
    let path = format!("{}{approve_entitlement}", crate::caller::PROVIDER);
    good(answer(caller.request("POST", &path)).await);
    let active = good(answer(caller.get(&entitlement)).await);
    assert_eq!(active["state"], "ENTITLEMENT_ACTIVE");
    assert_eq!(active["account"], after["name"]);

    let sim = &caller.sim;
    assert_eq!(sim.account(&order.account).unwrap().times_approved, 1);
    assert_eq!(
        sim.entitlement(&order.entitlement).unwrap().times_approved,
        1
    );
    assert_eq!(sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_does_not_exist_or_is_somebody_else_s_is_refused() {
    let caller = Caller::start().await;
    for path in ["/accounts/nobody", "/entitlements/nothing"] {
        let missing = refusal(caller.get(path)).await;
        assert_eq!(missing, (404, "NOT_FOUND".to_owned()));
        let missing = refusal(caller.post(&format!("{path}:approve"), &json!({}))).await;
        assert_eq!(missing, (404, "NOT_FOUND".to_owned()));
    }
    let other = "/cloudcommerceprocurement.googleapis.com/v1/providers/other/accounts/nobody";
    let foreign = refusal(caller.request("GET", other)).await;
    assert_eq!(foreign, (403, "PERMISSION_DENIED".to_owned()));
    let unsupported = caller.post("/entitlements/nothing:suspend", &json!({}));
    assert_eq!(
        refusal(unsupported).await,
        (501, "UNIMPLEMENTED".to_owned())
    );
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_account_that_was_rejected_says_so() {
    let caller = Caller::start().await;
    let account = caller.sim.create_account();
    let body = json!({"approvalName": "signup", "reason": "no"});
    let reject = format!("/accounts/{account}:reject");
    good(answer(caller.post(&reject, &body)).await);
    let state = caller.sim.account(&account).unwrap();
    assert_eq!(state.signup(), &ApprovalState::Rejected);
    assert_eq!(state.times_rejected, 1);
    let reset = caller.post(&format!("/accounts/{account}:reset"), &json!({}));
    assert_eq!(refusal(reset).await.0, 403);
    caller.sim.make_own_test_account(&account).unwrap();
    let reset = caller.post(&format!("/accounts/{account}:reset"), &json!({}));
    good(answer(reset).await);
    let state = caller.sim.account(&account).unwrap();
    assert_eq!(state.signup(), &ApprovalState::Pending);
}

#[tokio::test]
async fn an_approved_entitlement_waits_until_time_has_passed() {
    let caller = Caller::with(Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    })
    .await;
    let order = caller.sim.buy();
    caller.sim.approve_account(&order.account).unwrap();
    let path = format!("/entitlements/{}", order.entitlement);
    good(answer(caller.post(&format!("{path}:approve"), &json!({}))).await);
    let waiting = good(answer(caller.get(&path)).await);
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
    let order = caller.sim.buy();
    caller.sim.approve_account(&order.account).unwrap();
    caller.sim.approve_entitlement(&order.entitlement).unwrap();
    let plan = PlanId::parse("standard-plan").unwrap();
    caller
        .sim
        .request_plan_change(&order.entitlement, &plan)
        .unwrap();
    let path = format!("/entitlements/{}", order.entitlement);
    let waiting = good(answer(caller.get(&path)).await);
    assert_eq!(waiting["newPendingPlan"], "standard-plan");
    let approve = format!("{path}:approvePlanChange");
    let nameless = refusal(caller.post(&approve, &json!({}))).await;
    assert_eq!(nameless, (400, "INVALID_ARGUMENT".to_owned()));
    let named = json!({"pendingPlanName": "standard-plan"});
    good(answer(caller.post(&approve, &named)).await);
    assert_eq!(
        caller.sim.entitlement(&order.entitlement).unwrap().plan,
        plan
    );
}

#[tokio::test]
async fn only_the_message_to_the_user_can_be_patched() {
    let caller = Caller::start().await;
    let order = caller.sim.buy();
    let path = format!(
        "{}/entitlements/{}",
        crate::caller::PROVIDER,
        order.entitlement
    );
    let body = json!({"messageToUser": "soon"});
    for mask in ["", "?updateMask=plan"] {
        let change = caller.request("PATCH", &format!("{path}{mask}"));
        assert_eq!(refusal(change.json(&body)).await.0, 400, "{mask}");
    }
    let change = caller.request("PATCH", &format!("{path}?updateMask=messageToUser"));
    let patched = good(answer(change.json(&body)).await);
    assert_eq!(patched["messageToUser"], "soon");
}

#[tokio::test]
async fn an_empty_list_is_an_empty_object() {
    let caller = Caller::start().await;
    assert_eq!(good(answer(caller.get("/accounts")).await), json!({}));
    assert_eq!(good(answer(caller.get("/entitlements")).await), json!({}));
}

#[tokio::test]
async fn a_list_comes_in_pages_that_stay_in_step_while_it_grows() {
    let caller = Caller::start().await;
    let all: Vec<String> = (0..27)
        .map(|_| caller.sim.create_account().to_string())
        .collect();
    let first = good(answer(caller.get("/accounts")).await);
    assert_eq!(names(&first, "accounts"), all[..25]);
    let token = first["nextPageToken"].as_str().unwrap();
    let late = caller.sim.create_account().to_string();
    let rest = caller
        .get("/accounts")
        .query(&[("pageToken", token), ("pageSize", "500")]);
    let rest = good(answer(rest).await);
    assert_eq!(
        names(&rest, "accounts"),
        [all[25].clone(), all[26].clone(), late]
    );
    assert_eq!(rest.get("nextPageToken"), None);
}

#[tokio::test]
async fn page_sizes_and_tokens_that_make_no_sense_are_refused() {
    let caller = Caller::start().await;
    for _ in 0..2 {
        caller.sim.buy();
    }
    let page = good(
        answer(caller.get("/entitlements?pageSize=1&filter=state%3Dactivation_requested")).await,
    );
    assert_eq!(names(&page, "entitlements").len(), 1);
    let of_another_filter = page["nextPageToken"].as_str().unwrap();
    for query in [
        ("pageSize", "-1"),
        ("pageToken", "x"),
        ("pageToken", of_another_filter),
        ("filter", "colour=red"),
    ] {
        let refused = refusal(caller.get("/entitlements").query(&[query])).await;
        assert_eq!(refused, (400, "INVALID_ARGUMENT".to_owned()), "{query:?}");
    }
}

#[tokio::test]
async fn entitlements_are_filtered_as_documented() {
    let caller = Caller::start().await;
    let mine = caller.sim.buy();
    let other = caller.sim.buy();
    caller.sim.approve_account(&mine.account).unwrap();
    caller.sim.approve_entitlement(&mine.entitlement).unwrap();
    let second = caller.sim.buy_again(&mine.account);
    let [mine_id, second_id, other_id] =
        [&mine, &second, &other].map(|order| order.entitlement.to_string());
    let account = &mine.account;
    for (filter, expected) in [
        (format!("account={account}"), vec![&mine_id, &second_id]),
        (
            format!("account=\"providers/example-partner/accounts/{account}\""),
            vec![&mine_id, &second_id],
        ),
        (
            format!("state=ENTITLEMENT_ACTIVATION_REQUESTED AND (account={account})"),
            vec![&second_id],
        ),
        (format!("account={account} state=active"), vec![&mine_id]),
        ("NOT state=Active".to_owned(), vec![&other_id, &second_id]),
        ("plan!=starter-plan".to_owned(), vec![]),
        (
            "product_external_name=\"product.endpoints.example-partner.cloud.goog\"".to_owned(),
            vec![&mine_id, &other_id, &second_id],
        ),
        ("consumers.project:\"projects/1\"".to_owned(), vec![]),
    ] {
        let list = caller.get("/entitlements").query(&[("filter", &filter)]);
        let found = names(&good(answer(list).await), "entitlements");
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}
