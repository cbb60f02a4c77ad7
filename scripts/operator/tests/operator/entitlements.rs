//! Decisions about orders, and what their customers read.

use marketplace::{EntitlementState, ProductId};
use marketplace_simulator::{Activation, Buyer, Fault, Matcher, Product, Settings};
use store::Approval;

use crate::program::Office;

#[tokio::test]
async fn an_order_is_approved_after_its_account() {
    let office = Office::open().await;
    let order = office.simulator.buy();
    let id = order.entitlement.as_str();
    let approve = ["approve", "entitlement", id, "--yes"];
    let complained = office.refused(&approve).await;
    let hint = format!("operator approve account {}", order.account);
    assert!(complained.contains(&hint), "{complained}");
    assert_eq!(
        office
            .simulator
            .entitlement(&order.entitlement)
            .unwrap()
            .times_approved,
        0
    );

    office.put(&order.account, Approval::Approved, None).await;
    office.simulator.approve_account(&order.account).unwrap();
    let said = office.done(&approve).await;
    assert!(said.contains("This approves the order"), "{said}");
    assert!(said.contains("now: ENTITLEMENT_ACTIVE"), "{said}");
    let again = office.done(&approve).await;
    assert!(again.contains("needs no approval"), "{again}");
    assert_eq!(
        office
            .simulator
            .entitlement(&order.entitlement)
            .unwrap()
            .times_approved,
        1
    );
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_approval_may_take_effect_later() {
    let settings = Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    };
    let office = Office::with(settings).await;
    let order = office.simulator.buy();
    office.simulator.approve_account(&order.account).unwrap();
    let approve = [
        "approve",
        "entitlement",
        order.entitlement.as_str(),
        "--yes",
    ];
    let said = office.done(&approve).await;
    assert!(
        said.contains("now: ENTITLEMENT_ACTIVATION_REQUESTED"),
        "{said}"
    );
    assert!(
        office
            .simulator
            .entitlement(&order.entitlement)
            .unwrap()
            .is_approved
    );
}

#[tokio::test]
async fn a_rejected_order_is_over() {
    let office = Office::open().await;
    let order = office.simulator.buy();
    let id = order.entitlement.as_str();
    let reject = ["reject", "entitlement", id, "--reason", "sold out", "--yes"];
    let said = office.done(&reject).await;
    assert!(said.contains("for the reason: sold out"), "{said}");
    assert!(said.contains("now: ENTITLEMENT_CANCELLED"), "{said}");
    let complained = office.refused(&reject).await;
    assert!(
        complained.contains("does not wait for approval"),
        "{complained}"
    );
    let complained = office
        .refused(&["approve", "entitlement", id, "--yes"])
        .await;
    assert!(complained.contains("ENTITLEMENT_CANCELLED"), "{complained}");
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn other_products_are_left_alone() {
    let foreign = ProductId::parse("foreign").unwrap();
    let foreign = Product {
        id: foreign,
        ..Product::default()
    };
    let settings = Settings {
        products: vec![Product::default(), foreign.clone()],
        ..Settings::default()
    };
    let office = Office::with(settings).await;
    let plan = &foreign.plans.first().unwrap().id;
    let order = office
        .simulator
        .purchase(Buyer::New, &foreign.id, plan)
        .unwrap();
    office.simulator.approve_account(&order.account).unwrap();
    let id = order.entitlement.as_str();
    for arguments in [
        &["approve", "entitlement", id][..],
        &["reject", "entitlement", id, "--reason", "no"],
        &["plan-change", "approve", id],
        &["message", id, "soon"],
    ] {
        let complained = office.refused(&[arguments, &["--yes"]].concat()).await;
        assert!(complained.contains("not among PRODUCTS"), "{complained}");
    }
    assert_eq!(office.done(&["waiting"]).await, "Nothing waits.\n");
}

#[tokio::test]
async fn a_waiting_customer_reads_the_message() {
    let office = Office::open().await;
    let order = office.simulator.buy();
    let id = order.entitlement.as_str();
    office
        .done(&["message", id, "We look at it on Monday.", "--yes"])
        .await;
    let said = office.done(&["message", id, "Tuesday.", "--yes"]).await;
    assert!(
        said.contains("in place of: We look at it on Monday."),
        "{said}"
    );
    assert!(said.contains("It shows: Tuesday."), "{said}");
    let entitlement = office.simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(entitlement.message_to_user.as_deref(), Some("Tuesday."));

    office.simulator.cancel(&order.entitlement).unwrap();
    let complained = office.refused(&["message", id, "Never.", "--yes"]).await;
    assert!(
        complained.contains("only while something waits"),
        "{complained}"
    );
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_failure_of_google_is_told_with_what_to_do() {
    let office = Office::open().await;
    let order = office.simulator.buy();
    office.simulator.approve_account(&order.account).unwrap();
    office
        .simulator
        .faults()
        .always(Matcher::procurement().path(":approve"), Fault::status(500));
    let approve = [
        "approve",
        "entitlement",
        order.entitlement.as_str(),
        "--yes",
    ];
    let complained = office.refused(&approve).await;
    assert!(complained.contains("failed to"), "{complained}");
    assert!(complained.contains("repeat the command"), "{complained}");
    let entitlement = office.simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(entitlement.state, EntitlementState::ActivationRequested);
}
