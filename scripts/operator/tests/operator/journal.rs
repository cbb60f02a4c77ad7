//! Who decided what.

use marketplace_simulator::{Fault, Matcher, Settings};
use serde_json::Value;

use crate::deployment::{ACTOR, Deployment, assert_has, run};
use crate::ledger_rows::id as operation;

#[tokio::test]
async fn a_decision_of_nobody_is_refused_and_a_list_is_not() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let id = account.as_str();
    for command in [
        &["approve", "account", id][..],
        &["reject", "account", id, "--reason", "no"],
        &["absences", "accept", id],
        &["erase", "now", id, "--reason", "asked"],
        &["announce"],
        &["import", "links", "/dev/null"],
        &["adopt-provider"],
        &["usage", "retry", "--all-refused"],
        &["usage", "release", &operation(1)],
    ] {
        let command = [command, &["--yes"]].concat();
        let ended = run(&deployment.environment, &command).await;
        assert_has(&ended.failed(64), &["name no person", "--as NAME"]);
    }
    for list in [
        &["waiting"][..],
        &["journal"],
        &["absences"],
        &["erase", "list"],
        &["export"],
        &["usage"],
    ] {
        run(&deployment.environment, list).await.done();
    }
    assert_eq!(deployment.journal().await, "Nothing is recorded.\n");
}

#[tokio::test]
async fn a_person_is_known_by_their_credentials() {
    let settings = Settings {
        service_account: "ann@example.com".to_owned(),
        ..Settings::default()
    };
    let deployment = Deployment::with(settings).await;
    let account = deployment.simulator.create_account();
    let approve = ["approve", "account", account.as_str(), "--yes"];
    run(&deployment.environment, &approve).await.done();
    assert_has(&deployment.journal().await, &["by ann@example.com\n"]);
}

#[tokio::test]
async fn a_declared_name_stands_alone_where_google_says_nothing() {
    let deployment = Deployment::open().await;
    let faults = deployment.simulator.faults();
    faults.always(Matcher::any().path("/tokeninfo"), Fault::status(400));
    let account = deployment.simulator.create_account();
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment.done(&approve).await;
    let by = ["by self-declared:tester\n"];
    assert_has(&deployment.journal().await, &by);
}

#[tokio::test]
async fn decisions_about_orders_are_recorded_the_oldest_first() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let (account, id) = (order.account.as_str(), order.entitlement.as_str());
    deployment
        .done(&["message", id, "Soon\n you see.", "--yes"])
        .await;
    let reject = ["reject", "entitlement", id, "--reason", "sold out", "--yes"];
    deployment.done(&reject).await;
    let other = deployment.simulator.create_account();
    let approve = ["approve", "account", other.as_str(), "--yes"];
    deployment.done(&approve).await;

    let said = deployment.done(&["journal", account]).await;
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert_has(lines[0], &["message-shown", account, id, ACTOR]);
    assert_eq!(lines[1], "  Soon  you see.");
    assert_has(lines[2], &["order-rejected", account, id, ACTOR]);
    assert_eq!(lines[3], "  sold out");

    let all = deployment.done(&["journal", "--json"]).await;
    let all: Value = serde_json::from_str(&all).unwrap();
    let kinds = ["message-shown", "order-rejected", "account-approved"];
    let found = all.as_array().unwrap().iter().map(|line| &line["kind"]);
    assert_eq!(found.collect::<Vec<_>>(), kinds);
    assert_eq!(all[1]["text"], "sold out");
}

#[tokio::test]
async fn what_cannot_be_seen_is_no_part_of_a_reason_or_a_name() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let id = order.entitlement.as_str();
    let reason = "\u{202e}sold\u{a0}\u{200b}out\u{7}";
    let reject = [
        "--as",
        "\u{feff}Ann\u{a0}B.",
        "reject",
        "entitlement",
        id,
        "--reason",
        reason,
        "--yes",
    ];
    run(&deployment.environment, &reject).await.done();
    assert_has(
        &deployment.journal().await,
        &["self-declared:Ann B.", "\n  sold out\n"],
    );
    let nothing = ["reject", "entitlement", id, "--reason", "\u{3164}", "--yes"];
    assert_has(&deployment.run(&nothing).await.failed(64), &["it is empty"]);
}

#[tokio::test]
async fn what_google_refused_is_not_recorded() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    deployment
        .simulator
        .approve_account(&order.account)
        .unwrap();
    let faults = deployment.simulator.faults();
    faults.always(Matcher::procurement().path(":approve"), Fault::status(403));
    let approve = [
        "approve",
        "entitlement",
        order.entitlement.as_str(),
        "--yes",
    ];
    deployment.refused_with(&approve, "failed:").await;
    assert_eq!(deployment.journal().await, "Nothing is recorded.\n");
}

#[tokio::test]
async fn a_decision_that_is_cut_off_while_google_is_asked_has_a_line() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let id = order.entitlement.as_str();
    let faults = deployment.simulator.faults();
    let held = faults.always(Matcher::procurement().path(":reject"), Fault::hang());
    let reject = ["reject", "entitlement", id, "--reason", "sold out", "--yes"];
    tokio::select! {
        _ = deployment.run(&reject) => panic!("Google does not answer"),
        () = held.arrived() => {}
    }
    let said = deployment.done(&["journal"]).await;
    assert_has(&said, &["order-rejected", id, "outcome=asked", ACTOR]);
    assert_has(&said, &["\n  sold out\n"]);
}
