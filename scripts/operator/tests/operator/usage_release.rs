//! What is held, reported after all.

use marketplace_simulator::Quantity;
use metering::MetricId;
use serde_json::json;
use store::{Entitlement, Meter, ReportState, UsageReport};

use crate::deployment::{ACTOR, Deployment, assert_has};
use crate::ledger_rows::{ago, each, held, hours, id, meter, refused, row};
use crate::usage_function::{UsageFunction, customer, metered, wait};

#[tokio::test]
async fn held_usage_is_released_and_leaves_a_trace() {
    let deployment = Deployment::with_rows(&[held(1)]).await;
    let before = deployment.row(&id(1)).await;
    let settled = Meter {
        ended: Some(before.start),
        ..meter("E-1", before.start)
    };
    deployment.keep(&settled).await;
    let operation = id(1);
    let release = ["usage", "release", &operation];
    let ended = deployment.run(&release).await;
    assert_eq!(ended.code, Some(64));
    let asked = ended.complained;
    let parts = [
        "1 of requests by entitlement E-1",
        "It was held: recorded too late.",
        "The entitlement ended 2026-03-01T01:00:00Z, and Google documents nowhere",
        "add --yes",
    ];
    assert_has(&asked, &parts);
    assert_eq!(deployment.row(&id(1)).await, before);

    let said = deployment.done(&[&release[..], &["--yes"]].concat()).await;
    assert!(said.contains("is pending now"), "{said}");
    let after = deployment.row(&id(1)).await;
    let trace = after.reason.clone().unwrap();
    assert!(trace.starts_with("released by an operator "), "{trace}");
    assert!(trace.ends_with("it was held: recorded too late"), "{trace}");
    let expected = UsageReport {
        state: ReportState::Pending,
        reason: Some(trace.clone()),
        updated: after.updated,
        ..before.clone()
    };
    assert_eq!(after, expected);
    assert!(after.updated > before.updated);
    let found = deployment.usage(&[]).await;
    assert_eq!(each(&found["pending"], "reason"), [&json!(trace)]);
    let again = deployment.done(&release).await;
    assert!(again.contains("is pending: "), "{again}");
    let journal = deployment.journal().await;
    assert_eq!(journal.lines().count(), 1, "{journal}");
    let line = format!("operation={operation}");
    assert_has(&journal, &["usage-released", "E-1", &line, ACTOR]);
}

#[tokio::test]
async fn what_is_released_is_billed_once() {
    let deployment = metered().await;
    let (order, entitlement) = customer(&deployment).await;
    let row = UsageReport {
        entitlement: entitlement.id,
        account: entitlement.account,
        metric: MetricId::parse("usage_queries").unwrap(),
        // Google had not said who pays when it was held.
        consumer: None,
        ..held(7)
    };
    deployment.keep(&row).await;
    let function = UsageFunction::start(&deployment).await;
    assert_eq!(function.report().await["reported"], 0);
    deployment.report_again("release", &[&id(7)]).await;
    wait(&deployment, &id(7)).await;
    for reported in [1, 0] {
        assert_eq!(function.report().await["reported"], reported);
    }
    let bill = deployment.simulator.bill(&order.account);
    let total = bill.total(&order.entitlement, "usage_queries");
    assert_eq!((bill.lines.len(), total), (1, Some(Quantity::Int64(7))));
    assert_eq!(bill.lines[0].operation_id, id(7));
    deployment.expect_no_violations();
}

#[tokio::test]
async fn several_hours_after_one_end_are_released_together() {
    let deployment = Deployment::with_rows(&[held(1), held(2), held(3)]).await;
    let settled = Meter {
        ended: Some(held(2).start),
        ..meter("E-1", held(2).start)
    };
    deployment.keep(&settled).await;
    let operations = [id(3), id(1), id(2)];
    let [third, first, second] = operations.each_ref().map(String::as_str);
    let operations = [third, first, second];
    let said = deployment.report_again("release", &operations).await;
    // Of the first hour the end is yet to come.
    assert_eq!(said.matches("documents nowhere").count(), 2, "{said}");
    for operation in operations {
        assert_eq!(deployment.row(operation).await.state, ReportState::Pending);
    }
}

#[tokio::test]
async fn usage_within_the_entitlement_s_life_needs_no_warning() {
    let deployment = Deployment::with_rows(&[held(1)]).await;
    deployment.keep(&meter("E-1", ago(hours(1)))).await;
    let said = deployment.report_again("release", &[&id(1)]).await;
    assert!(!said.contains("documents nowhere"), "{said}");
}

#[tokio::test]
async fn what_nobody_can_be_billed_for_stays_held() {
    let overflow = UsageReport {
        value: None,
        ..held(1)
    };
    let nobody_s = UsageReport {
        consumer: None,
        ..held(2)
    };
    let rows = [
        overflow,
        nobody_s,
        refused(3),
        row(4, ReportState::Reported),
        held(5),
    ];
    let deployment = Deployment::with_rows(&rows).await;
    let without = Entitlement {
        usage_reporting_id: None,
        ..deployment.entitlement("E-1")
    };
    deployment.keep(&without).await;
    for (number, why) in [
        (1, "under other idempotency keys"),
        (2, "has no usageReportingId"),
        (3, "operator usage retry"),
        (4, "is reported"),
        (6, "there is no operation"),
    ] {
        // Then nothing is done about the other one either.
        let release = ["usage", "release", &id(number), &id(5), "--yes"];
        deployment.refused_with(&release, why).await;
    }
    for (number, row) in (1..).zip(rows) {
        assert_eq!(deployment.row(&id(number)).await, row);
    }
    // Once Google has said who pays, that is who is billed.
    deployment.keep(deployment.entitlement("E-1")).await;
    deployment.report_again("release", &[&id(2)]).await;
}
