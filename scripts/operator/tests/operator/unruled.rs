//! What waits and fits no rule.

use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId};
use marketplace_simulator::hosts::PROCUREMENT;
use serde_json::{Value, json};
use store::{Entitlement, Unruled};

use crate::deployment::{Deployment, assert_has};
use crate::ledger_rows::{ago, hours};

const CHANGE: &str = "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL";

/// An entitlement as Google has it, with these fields in place of others.
fn entitlement(deployment: &Deployment, id: &str, fields: &Value) -> Value {
    let mut entitlement = json!({
        "name": format!("providers/example-partner/entitlements/{id}"),
        "account": "providers/example-partner/accounts/A-1",
        "provider": "example-partner",
        "state": "ENTITLEMENT_ACTIVE",
        "productExternalName": deployment.environment["PRODUCTS"],
        "updateTime": "2026-01-01T00:00:00Z",
    });
    for (name, value) in fields.as_object().expect("an object") {
        entitlement[name] = value.clone();
    }
    let address = format!("{PROCUREMENT}/v1/providers/example-partner/entitlements/{id}");
    let simulator = &deployment.simulator;
    simulator.put_cloud_resource(&address, entitlement.clone());
    entitlement
}

/// Has Google's list consist of these.
fn list(deployment: &Deployment, entitlements: &[Value]) {
    let address = format!("{PROCUREMENT}/v1/providers/example-partner/entitlements");
    let list = json!({ "entitlements": entitlements });
    deployment.simulator.put_cloud_resource(&address, list);
}

#[tokio::test]
async fn a_change_that_names_no_plan_is_listed_and_decided_elsewhere() {
    let deployment = Deployment::open().await;
    let change = entitlement(&deployment, "E-1", &json!({ "state": CHANGE }));
    list(&deployment, &[change]);
    let says = [
        "No rule fits: 1\n",
        "change-without-plan",
        "in Producer Portal",
    ];
    deployment.done_with(&["waiting"], &says).await;
    let said = deployment.done(&["waiting", "--json"]).await;
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["plan_changes"], json!([]));
    assert_eq!(found["unruled"][0]["decided"], "producer-portal");

    let approve = ["plan-change", "approve", "E-1", "--yes"];
    let problem = "names a new offer and no new plan";
    let complained = deployment.refused_with(&approve, problem).await;
    assert!(
        !complained.contains("no change of plan waits"),
        "{complained}"
    );
    assert!(!complained.contains(CHANGE), "{complained}");
}

#[tokio::test]
async fn an_order_whose_product_only_its_offer_names_is_of_that_product() {
    let deployment = Deployment::open().await;
    let product = &deployment.environment["PRODUCTS"];
    let offer = format!("projects/1/services/{product}/privateOffers/o1");
    let fields = json!({
        "state": "ENTITLEMENT_ACTIVATION_REQUESTED",
        "productExternalName": null,
        "product": offer,
        "offer": offer,
    });
    let order = entitlement(&deployment, "E-1", &fields);
    list(&deployment, &[order]);
    let says = [
        "Orders that wait: 1\n",
        "product-only-in-offer",
        "operator approve entitlement E-1",
    ];
    deployment.done_with(&["waiting"], &says).await;
    let reject = ["reject", "entitlement", "E-1", "--reason", "no"];
    let complained = deployment.run(&reject).await.failed(64);
    assert_has(&complained, &["This rejects the order E-1 of"]);
}

#[tokio::test]
async fn an_unknown_state_and_an_entitlement_without_an_account_are_named() {
    let deployment = Deployment::open().await;
    let paused = json!({ "state": "ENTITLEMENT_PAUSED" });
    let paused = entitlement(&deployment, "E-1", &paused);
    let lost = entitlement(&deployment, "E-2", &json!({ "account": null }));
    list(&deployment, &[paused, lost]);
    let ended = deployment.run(&["waiting"]).await;
    assert_eq!(ended.code, Some(0));
    assert_has(&ended.said, &["E-1", "ENTITLEMENT_PAUSED", "unknown-state"]);
    let says = [
        "left out 1 of Google's",
        "names no proper account",
        "Producer Portal",
    ];
    assert_has(&ended.complained, &says);
}

#[tokio::test]
async fn a_stored_order_that_google_does_not_list_is_not_forgotten() {
    let deployment = Deployment::open().await;
    let id = EntitlementId::parse("E-9").unwrap();
    let account = ProcurementAccountId::parse("A-1").unwrap();
    let product = ProductId::parse("example-product").unwrap();
    let state = EntitlementState::PendingPlanChangeApproval;
    let order = Entitlement::new(&id, &account, &product, &state, ago(hours(1)));
    let waits = Entitlement {
        unruled: Some(Unruled::ChangeWithoutPlan),
        ..order
    };
    deployment.put_record(&waits).await;
    let says = ["No rule fits: 1\n", "E-9"];
    deployment.done_with(&["waiting"], &says).await;
    let ended = Entitlement {
        deleted: Some(ago(hours(1))),
        ..waits
    };
    deployment.put_record(&ended).await;
    deployment
        .done_with(&["waiting"], &["Nothing waits."])
        .await;
}
