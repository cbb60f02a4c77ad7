//! The lists of what waits.

use marketplace::PlanId;
use marketplace_simulator::{Fault, Matcher};
use serde_json::{Value, json};
use store::Approval;

use crate::deployment::Deployment;

/// What waits, as JSON.
async fn waiting(deployment: &Deployment) -> Value {
    let said = deployment.done(&["waiting", "--json"]).await;
    serde_json::from_str(&said).unwrap()
}

#[tokio::test]
async fn sign_ups_orders_and_plan_changes_are_listed() {
    let deployment = Deployment::open().await;
    let sim = &deployment.simulator;
    // Signed up and pending; bought only; signed up and done, with a plan change.
    let signed_up = sim.buy();
    let company = Some("Example Ltd");
    deployment.sign_up(&signed_up.account, company).await;
    let bought = sim.buy();
    deployment.put(&bought.account, Approval::None, None).await;
    let live = sim.buy();
    let account = &live.account;
    deployment.put(account, Approval::Approved, None).await;
    sim.approve_account(&live.account).unwrap();
    sim.approve_entitlement(&live.entitlement).unwrap();
    let plan = PlanId::parse("standard-plan").unwrap();
    sim.request_plan_change(&live.entitlement, &plan).unwrap();

    let lists = ["Sign-ups that wait: 1\n", "Orders that wait: 2\n"];
    deployment.done_with(&["waiting"], &lists).await;
    let list = ["Plan changes that wait: 1\n"];
    deployment.done_with(&["waiting"], &list).await;

    let found = waiting(&deployment).await;
    let accounts = json!([{
        "id": signed_up.account,
        "unverified_company": "Example Ltd",
        "signed_up": "1970-01-01T00:00:00Z",
    }]);
    assert_eq!(found["accounts"], accounts);
    let order = |id| {
        let entitlement = sim.entitlement(id).unwrap();
        json!({
            "id": entitlement.id,
            "account": entitlement.account,
            "account_approval": sim.account(&entitlement.account).unwrap().signup(),
            "product": entitlement.product,
            "plan": "starter-plan",
            "pending_plan": entitlement.new_pending_plan,
            "since": entitlement.update_time,
            "message_to_user": null,
        })
    };
    let orders = json!([order(&signed_up.entitlement), order(&bought.entitlement)]);
    assert_eq!(found["entitlements"], orders);
    assert_eq!(found["plan_changes"], json!([order(&live.entitlement)]));
    assert_eq!(sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_sign_up_of_which_google_says_nothing_is_listed() {
    let deployment = Deployment::open().await;
    let sim = &deployment.simulator;
    let (unclear, registered) = (sim.buy(), sim.buy());
    deployment.sign_up(&unclear.account, None).await;
    sim.forget_approvals(&unclear.account).unwrap();
    // Nobody has signed up for this one.
    let account = &registered.account;
    deployment.put(account, Approval::None, None).await;
    sim.forget_approvals(account).unwrap();
    let found = waiting(&deployment).await;
    assert_eq!(found["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(found["accounts"][0]["id"], unclear.account.as_str());
}

#[tokio::test]
async fn what_was_stored_as_it_was_pasted_cannot_turn_the_list_around() {
    let (deployment, account) = Deployment::with_sign_up(Some(
        "\u{202d}Exam\u{200b}ple\u{a0}می\u{200c}خواهم\u{3164} Ltd\u{2028}\u{1b}[2J\u{202e}",
    ))
    .await;
    let company = "Example می\u{200c}خواهم Ltd \u{fffd}[2J";
    let listed = deployment.done(&["waiting"]).await;
    let row = listed.lines().find(|line| line.contains(account.as_str()));
    assert!(row.unwrap().ends_with(company), "{listed}");
    let found = waiting(&deployment).await;
    let company = "Example می\u{200c}خواهم Ltd \u{1b}[2J";
    assert_eq!(found["accounts"][0]["unverified_company"], company);
    let approve = ["approve", "account", account.as_str(), "--yes"];
    let said = deployment.done(&approve).await;
    assert!(
        said.contains("(unverified company: Example می\u{200c}خواهم Ltd \u{fffd}[2J)"),
        "{said}"
    );
}

#[tokio::test]
async fn every_page_of_google_s_lists_is_read() {
    let deployment = Deployment::open().await;
    let orders: Vec<_> = (0..450).map(|_| deployment.simulator.buy()).collect();
    let last = orders.last().unwrap();
    deployment.sign_up(&last.account, None).await;
    let found = waiting(&deployment).await;
    assert_eq!(found["entitlements"].as_array().unwrap().len(), 450);
    assert_eq!(found["accounts"][0]["id"], last.account.as_str());
}

#[tokio::test]
async fn a_refusal_of_google_says_what_to_do() {
    let deployment = Deployment::open().await;
    let faults = deployment.simulator.faults();
    faults.always(Matcher::procurement(), Fault::status(403));
    let advice = "link the service account";
    deployment.refused_with(&["waiting"], advice).await;
}
