//! Decisions about orders, and what their customers read.

use marketplace::{EntitlementState, ProductId};
use marketplace_simulator::{Activation, Buyer, Fault, Matcher, Order, Product, Settings};
use store::Approval;

use crate::deployment::Deployment;

/// An order of an account that is approved at Google.
fn order_of_approved(deployment: &Deployment) -> Order {
    let order = deployment.simulator.buy();
    let approved = deployment.simulator.approve_account(&order.account);
    approved.expect("possible");
    order
}

fn approve(order: &Order) -> [&str; 4] {
    [
        "approve",
        "entitlement",
        order.entitlement.as_str(),
        "--yes",
    ]
}

#[tokio::test]
async fn an_order_is_approved_after_its_account() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let times_approved = || {
        let entitlement = deployment.simulator.entitlement(&order.entitlement);
        entitlement.unwrap().times_approved
    };
    let approve = approve(&order);
    let hint = format!("operator approve account {}", order.account);
    deployment.refused_with(&approve, &hint).await;
    assert_eq!(times_approved(), 0);

    let account = &order.account;
    deployment.put(account, Approval::Approved, None).await;
    deployment.simulator.approve_account(account).unwrap();
    let says = ["This approves the order", "now: ENTITLEMENT_ACTIVE"];
    deployment.done_with(&approve, &says).await;
    deployment.done_with(&approve, &["needs no approval"]).await;
    assert_eq!(times_approved(), 1);
    deployment.expect_no_violations();
}

#[tokio::test]
async fn an_approval_may_take_effect_later() {
    let settings = Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    };
    let deployment = Deployment::with(settings).await;
    let order = order_of_approved(&deployment);
    let approve = approve(&order);
    let says = ["now: ENTITLEMENT_ACTIVATION_REQUESTED"];
    deployment.done_with(&approve, &says).await;
    let entitlement = deployment.simulator.entitlement(&order.entitlement);
    assert!(entitlement.unwrap().is_approved);
}

#[tokio::test]
async fn a_rejected_order_is_over() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let id = order.entitlement.as_str();
    let reject = ["reject", "entitlement", id, "--reason", "sold out", "--yes"];
    let says = ["for the reason: sold out", "now: ENTITLEMENT_CANCELLED"];
    deployment.done_with(&reject, &says).await;
    let problem = "does not wait for approval";
    deployment.refused_with(&reject, problem).await;
    let problem = "ENTITLEMENT_CANCELLED";
    deployment.refused_with(&approve(&order), problem).await;
    deployment.expect_no_violations();
}

#[tokio::test]
async fn other_products_are_left_alone() {
    let foreign = Product {
        id: ProductId::parse("foreign").unwrap(),
        ..Product::default()
    };
    let settings = Settings {
        products: vec![Product::default(), foreign.clone()],
        ..Settings::default()
    };
    let deployment = Deployment::with(settings).await;
    let simulator = &deployment.simulator;
    let plan = &foreign.plans.first().unwrap().id;
    let order = simulator.purchase(Buyer::New, &foreign.id, plan).unwrap();
    simulator.approve_account(&order.account).unwrap();
    let id = order.entitlement.as_str();
    for arguments in [
        &["approve", "entitlement", id][..],
        &["reject", "entitlement", id, "--reason", "no"],
        &["plan-change", "approve", id],
        &["message", id, "soon"],
    ] {
        let arguments = [arguments, &["--yes"]].concat();
        let problem = "not among PRODUCTS";
        deployment.refused_with(&arguments, problem).await;
    }
    let said = "Nothing that is of PRODUCTS waits.\n\n\
                Orders of products that are not among PRODUCTS, which are left out here:\n  foreign: 1\n";
    assert_eq!(deployment.done(&["waiting"]).await, said);
}

#[tokio::test]
async fn a_waiting_customer_reads_the_message() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let id = order.entitlement.as_str();
    let message = |text| ["message", id, text, "--yes"];
    deployment.done(&message("We look at it on Monday.")).await;
    let says = [
        "in place of: We look at it on Monday.",
        "It shows: Tuesday.",
    ];
    deployment.done_with(&message("Tuesday."), &says).await;
    let entitlement = deployment.simulator.entitlement(&order.entitlement);
    let shown = entitlement.unwrap().message_to_user;
    assert_eq!(shown.as_deref(), Some("Tuesday."));

    deployment.simulator.cancel(&order.entitlement).unwrap();
    let problem = "only while something waits";
    deployment.refused_with(&message("Never."), problem).await;
    deployment.expect_no_violations();
}

#[tokio::test]
async fn a_failure_of_google_is_shown_with_what_to_do() {
    let deployment = Deployment::open().await;
    let order = order_of_approved(&deployment);
    let call = Matcher::procurement().path(":approve");
    let faults = deployment.simulator.faults();
    faults.always(call, Fault::status(500));
    let approve = approve(&order);
    let complained = deployment.refused_with(&approve, "failed:").await;
    assert!(complained.contains("repeat the command"), "{complained}");
    let entitlement = deployment.simulator.entitlement(&order.entitlement);
    let state = entitlement.unwrap().state;
    assert_eq!(state, EntitlementState::ActivationRequested);
}
