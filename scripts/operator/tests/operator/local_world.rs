//! Beside a simulated Marketplace and an emulator, as `scripts/dev.sh` starts them.

use std::net::TcpListener;
use std::time::Duration;

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId};
use serde_json::Value;
use store::{Approval, Entitlement};

use crate::deployment::{Deployment, assert_has, run};
use crate::ledger_rows::{ago, hours};

/// An address where nobody listens any more.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

#[tokio::test]
async fn what_does_not_run_is_named_with_its_variable() {
    let deployment = Deployment::open().await;
    let emulator = deployment.environment_with("FIRESTORE_EMULATOR_HOST", &nowhere());
    let origin = format!("http://{}", nowhere());
    let google = deployment.environment_with("GOOGLE_ORIGIN", &origin);
    for (environment, variable, other) in [
        (&emulator, "FIRESTORE_EMULATOR_HOST", "GOOGLE_CLOUD_PROJECT"),
        (&google, "GOOGLE_ORIGIN", "FIRESTORE_EMULATOR_HOST"),
    ] {
        for command in [
            &["waiting"][..],
            &["usage"],
            &["erase", "list"],
            &["doctor"],
        ] {
            let complained = run(environment, command).await.failed(1);
            assert_eq!(complained.lines().count(), 1, "{complained}");
            assert_has(&complained, &["is it running?", variable]);
            assert!(!complained.contains(other), "{complained}");
            assert!(!complained.contains("Error"), "{complained}");
        }
    }
}

#[tokio::test]
async fn a_simulated_marketplace_does_not_go_with_the_real_database_nor_the_other_way_round() {
    let deployment = Deployment::open().await;
    for (missing, other) in [
        ("FIRESTORE_EMULATOR_HOST", "GOOGLE_ORIGIN is"),
        ("GOOGLE_ORIGIN", "FIRESTORE_EMULATOR_HOST is"),
    ] {
        let mut environment = deployment.environment.clone();
        environment.remove(missing);
        environment.extend([("SERVICE_NAME".to_owned(), "vendor.example.com".to_owned())]);
        for command in [
            &["waiting"][..],
            &["usage"],
            &["usage", "retry", "--all-refused"],
            &["usage", "csv"],
        ] {
            let complained = run(&environment, command).await.failed(64);
            let says = format!("{missing} is not set, and {other}");
            assert_has(&complained, &[&says]);
        }
    }
}

#[tokio::test]
async fn the_doctor_looks_for_no_database_in_an_emulator() {
    let deployment = Deployment::open().await;
    let month = Duration::from_hours(30 * 24);
    deployment.simulator.pass_time(month);
    let ended = run(&deployment.environment, &["doctor"]).await;
    assert!(!ended.said.contains("timedatectl"), "{ended:?}");
    assert!(!ended.said.contains("there is no database"), "{ended:?}");
    let says = "database: it is the emulator in FIRESTORE_EMULATOR_HOST";
    assert_has(&ended.said, &[says]);
}

#[tokio::test]
async fn products_that_nobody_has_bought_are_not_taken_for_nothing_that_waits() {
    let deployment = Deployment::open().await;
    let mistyped = deployment.environment_with("PRODUCTS", "prodcut");
    let nothing = "Nothing waits.\n";
    assert_eq!(run(&mistyped, &["waiting"]).await.done(), nothing);
    deployment.simulator.buy();
    let said = run(&mistyped, &["waiting"]).await.done();
    let product = deployment.product();
    let left_out = format!("\n  {product}: 1\n");
    let says = ["Nothing that is of PRODUCTS waits.", &left_out];
    assert_has(&said, &says);
    let said = run(&mistyped, &["waiting", "--json"]).await.done();
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["not_configured"][product.as_str()], 1);
    // With the right one it waits.
    deployment
        .done_with(&["waiting"], &["Orders that wait: 1\n"])
        .await;
}

#[tokio::test]
async fn a_stored_order_of_another_product_is_named_beside_what_waits() {
    let deployment = Deployment::open().await;
    deployment.simulator.buy();
    let stored = Entitlement::new(
        &EntitlementId::parse("E-9").unwrap(),
        &ProcurementAccountId::parse("A-1").unwrap(),
        &ProductId::parse("former").unwrap(),
        &EntitlementState::Active,
        ago(hours(1)),
    );
    deployment.put_record(&stored).await;
    let says = ["Orders that wait: 1\n", "\n  former: 1\n"];
    deployment.done_with(&["waiting"], &says).await;
    let ended = Entitlement {
        deleted: Some(ago(hours(1))),
        ..stored
    };
    deployment.put_record(&ended).await;
    let said = deployment.done(&["waiting"]).await;
    assert!(!said.contains("former"), "{said}");
}

#[tokio::test]
async fn decisions_are_made_in_the_simulated_time() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    deployment.put(&account, Approval::Approving, None).await;
    let month = Duration::from_hours(30 * 24);
    deployment.simulator.pass_time(month);
    let before = deployment.simulator.now();
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment.done(&approve).await;
    let said = deployment.done(&["journal", "--json"]).await;
    let lines: Value = serde_json::from_str(&said).unwrap();
    let at: Timestamp = lines[0]["at"].as_str().unwrap().parse().unwrap();
    let late = at.duration_since(before).as_secs();
    assert!((-2..60).contains(&late), "{late}");
    let stored = deployment.stored(&account).await.unwrap();
    assert!(stored.updated >= at, "{stored:?}");
}
