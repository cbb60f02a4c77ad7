//! What Google refused, reported again.

use jiff::Timestamp;
use marketplace::EntitlementId;
use marketplace_simulator::Quantity;
use serde_json::json;
use store::{Entitlement, ReportState, UsageReport};

use crate::deployment::{ACTOR, Deployment, assert_has};
use crate::ledger_rows::{CONSUMER, ago, each, held, hours, id, refused, row};
use crate::usage_function::{UsageFunction, customer, metered, wait};

/// What was used two hours ago.
fn record(entitlement: &Entitlement) -> serde_json::Value {
    json!({
        "entitlement": entitlement.id,
        "metric": "usage_queries",
        "quantity": 7,
        "occurred_at": ago(hours(2)),
        "idempotency_key": "1",
    })
}

/// What `retried` must have left of a row, apart from the time.
fn pending(before: &UsageReport, after: &UsageReport) -> UsageReport {
    assert!(after.updated > before.updated && after.updated <= Timestamp::now());
    UsageReport {
        state: ReportState::Pending,
        reason: after.reason.clone(),
        updated: after.updated,
        ..before.clone()
    }
}

#[tokio::test]
async fn what_google_refused_is_billed_once_after_a_retry() {
    let deployment = metered().await;
    let (order, entitlement) = customer(&deployment).await;
    let function = UsageFunction::start(&deployment).await;
    function.record(&record(&entitlement)).await;
    let consumer = entitlement.usage_reporting_id.clone().unwrap();
    deployment.simulator.refuse_reports(&consumer, 1, 3);
    let done = function.report().await;
    assert_eq!([&done["refused"], &done["reported"]], [1, 0]);

    let found = deployment.usage(&[]).await;
    let operation = found["refused"][0]["id"].as_str().unwrap().to_owned();
    let reason = found["refused"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("3: "), "{reason}");
    let before = deployment.row(&operation).await;
    let said = deployment.report_again("retry", &[&operation]).await;
    assert_has(&said, &["7 of usage_queries", &consumer, reason]);
    let end = format!("Operation {operation} is pending now: ");
    assert!(said.lines().last().unwrap().starts_with(&end), "{said}");
    let after = deployment.row(&operation).await;
    assert_eq!(after, pending(&before, &after));

    wait(&deployment, &operation).await;
    let done = function.report().await;
    assert_eq!([&done["refused"], &done["reported"]], [0, 1]);
    let bill = deployment.simulator.bill(&order.account);
    let total = bill.total(&order.entitlement, "usage_queries");
    assert_eq!((bill.lines.len(), total), (1, Some(Quantity::Int64(7))));
    let sent = deployment.simulator.operations();
    let [first, second] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    assert_eq!(first.operation_id, operation);
    assert_eq!(second.operation_id, operation);
    assert_eq!(first.values, second.values);
    assert_eq!((first.start, first.end), (second.start, second.end));
    assert_eq!(deployment.simulator.counted_twice(), Vec::<String>::new());
    deployment.expect_no_violations();
    let again = ["usage", "retry", &operation, "--yes"];
    deployment
        .refused_with(&again, "Google has counted it")
        .await;
}

#[tokio::test]
async fn a_refused_consumer_is_replaced_by_the_present_one() {
    let deployment = metered().await;
    let (order, entitlement) = customer(&deployment).await;
    let wrong = Entitlement {
        usage_reporting_id: Some("project_number:404".to_owned()),
        ..entitlement.clone()
    };
    deployment.keep(&wrong).await;
    let function = UsageFunction::start(&deployment).await;
    function.record(&record(&entitlement)).await;
    assert_eq!(function.report().await["refused"], 1);
    let found = deployment.usage(&[]).await;
    let operation = found["refused"][0]["id"].as_str().unwrap().to_owned();
    let before = deployment.row(&operation).await;

    // An event brings the right one; a retry alone changes nothing of what is sent.
    deployment.keep(&entitlement).await;
    let consumer = entitlement.usage_reporting_id.clone().unwrap();
    let retry = ["usage", "retry", &operation, "--current-consumer", "--yes"];
    let said = deployment.done(&retry).await;
    let replaced =
        format!("billed to {consumer} in place of project_number:404. Google refused it: 5: ");
    assert!(said.contains(&replaced), "{said}");
    let after = deployment.row(&operation).await;
    let expected = UsageReport {
        consumer: Some(consumer),
        ..pending(&before, &after)
    };
    assert_eq!(after, expected);
    let trace = after.reason.unwrap();
    assert_has(&trace, &["another consumer than project_number:404"]);
    wait(&deployment, &operation).await;
    assert_eq!(function.report().await["reported"], 1);
    let bill = deployment.simulator.bill(&order.account);
    assert_eq!(bill.lines.len(), 1);
    assert_eq!(bill.lines[0].operation_id, operation);
}

#[tokio::test]
async fn another_consumer_is_warned_of_where_the_first_may_have_been_billed() {
    let often = UsageReport {
        attempts: 3,
        consumer: Some("project_number:1".to_owned()),
        ..refused(1)
    };
    let deployment = Deployment::with_rows(&[often.clone(), refused(2)]).await;
    let retry = ["usage", "retry", "--all-refused", "--current-consumer"];
    let ended = deployment.run(&retry).await;
    assert_eq!(ended.code, Some(64));
    let asked = ended.complained;
    assert_has(&asked, &["project_number:1 may have been billed already"]);
    // Where nothing is replaced there is nothing to warn of.
    assert_eq!(asked.matches("in place of").count(), 1, "{asked}");
    assert_eq!(deployment.row(&id(1)).await, often);

    let without = Entitlement {
        usage_reporting_id: None,
        ..deployment.entitlement("E-1")
    };
    deployment.keep(&without).await;
    let retry = [&retry[..], &["--yes"]].concat();
    deployment
        .refused_with(&retry, "has no usageReportingId")
        .await;
    assert_eq!(deployment.row(&id(1)).await, often);
    deployment.report_again("retry", &["--all-refused"]).await;
    let row = deployment.row(&id(1)).await;
    assert_eq!(row.consumer.as_deref(), Some("project_number:1"));
}

#[tokio::test]
async fn what_google_wrote_cannot_pass_for_a_question() {
    let row = UsageReport {
        reason: Some("no\u{1b}[2J\nOperations that are reported again: 0.".to_owned()),
        ..refused(1)
    };
    let deployment = Deployment::with_rows(&[row]).await;
    let ended = deployment.run(&["usage", "retry", &id(1)]).await;
    let asked: Vec<_> = ended.complained.lines().collect();
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked[0].ends_with("no\u{fffd}[2J Operations that are reported again: 0."));
    let listed = deployment.done(&["usage"]).await;
    assert!(!listed.contains('\u{1b}') && !listed.contains("\nOperations that"));
}

#[tokio::test]
async fn each_operation_that_is_retried_is_recorded_with_who_did_it() {
    let deployment = Deployment::with_rows(&[refused(1), refused(2)]).await;
    deployment.report_again("retry", &["--all-refused"]).await;
    let said = deployment.done(&["journal", "account-1"]).await;
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    for line in lines {
        assert_has(line, &["usage-retried", "E-1", ACTOR]);
    }
    for operation in [id(1), id(2)] {
        assert_has(&said, &[&format!("operation={operation}")]);
    }
    // Nothing is refused any more, so nothing is recorded.
    deployment.report_again("retry", &["--all-refused"]).await;
    assert_eq!(deployment.journal().await, said);
}

#[tokio::test]
async fn a_retry_is_asked_for() {
    let deployment = Deployment::with_rows(&[refused(1)]).await;
    let operation = id(1);
    let retry = ["usage", "retry", &operation];
    let ended = deployment.run(&retry).await;
    assert_eq!(ended.code, Some(64));
    assert!(ended.complained.contains("add --yes"), "{ended:?}");
    let (code, _) = deployment.typing("n\n", &retry).await;
    assert_eq!(code, Some(1));
    assert_eq!(deployment.row(&operation).await.state, ReportState::Refused);
    let (code, read) = deployment.typing("y\n", &retry).await;
    assert_eq!(code, Some(0), "{read}");
    let row = deployment.row(&operation).await;
    assert_eq!(row.state, ReportState::Pending);
    let trace = row.reason.unwrap();
    assert!(trace.starts_with("retried by an operator "), "{trace}");
    let why = "it was refused: HTTP 400: Invalid consumer.";
    assert!(trace.ends_with(why), "{trace}");
    // Until it is sent, the list says so.
    let found = deployment.usage(&[]).await;
    assert_eq!(each(&found["pending"], "reason"), [&json!(trace)]);
}

#[tokio::test]
async fn only_what_was_refused_is_retried() {
    let rows = [
        row(1, ReportState::Pending),
        row(2, ReportState::Reported),
        held(3),
        refused(4),
    ];
    let deployment = Deployment::with_rows(&rows).await;
    let first = id(1);
    let said = deployment.report_again("retry", &[&first]).await;
    let pending = format!("Operation {first} is pending: /report sends it again by itself.\n");
    assert_eq!(said, pending);
    for (number, why) in [
        (2, "Google has counted it"),
        (3, "operator usage release"),
        (5, "there is no operation"),
    ] {
        // Then nothing is done about the other one either.
        let retry = ["usage", "retry", &id(number), &id(4), "--yes"];
        let complained = deployment.refused_with(&retry, why).await;
        assert!(complained.contains("nothing was done"), "{complained}");
    }
    for (number, row) in (1..).zip(rows) {
        assert_eq!(deployment.row(&id(number)).await, row);
    }
    // The same id twice is one operation, however it is written.
    let upper = id(4).replace('-', "");
    deployment.report_again("retry", &[&id(4), &upper]).await;
    assert_eq!(deployment.row(&id(4)).await.state, ReportState::Pending);
}

#[tokio::test]
async fn all_that_was_refused_of_one_entitlement_is_retried() {
    let other = UsageReport {
        entitlement: EntitlementId::parse("E-2").unwrap(),
        ..refused(3)
    };
    let deployment = Deployment::with_rows(&[refused(1), refused(2), other]).await;
    deployment.keep(deployment.entitlement("E-2")).await;
    let all = ["--all-refused", "--entitlement", "E-1"];
    let said = deployment.report_again("retry", &all).await;
    assert!(said.contains("content: 2."), "{said}");
    let found = deployment.usage(&[]).await;
    assert_eq!(each(&found["refused"], "id"), [&json!(id(3))]);
    assert_eq!(each(&found["pending"], "consumer"), [CONSUMER, CONSUMER]);
    let again = deployment.report_again("retry", &all).await;
    assert_eq!(again, "Nothing is refused.\n");
}

#[tokio::test]
async fn who_was_slower_leaves_the_operation_alone() {
    let deployment = Deployment::with_rows(&[refused(1), refused(2)]).await;
    let faster = UsageReport {
        state: ReportState::Reported,
        attempts: 2,
        ..refused(1)
    };
    let retry = ["usage", "retry", &id(1), &id(2)];
    let faster_one = deployment.keep(&faster);
    let (code, read) = deployment.meanwhile(faster_one, &retry).await;
    assert_eq!(code, Some(1));
    assert_has(&read, &["somebody else has changed", "is reported now."]);
    assert_eq!(deployment.row(&id(1)).await, faster);
    assert_eq!(deployment.row(&id(2)).await.state, ReportState::Pending);
    let journal = deployment.journal().await;
    assert_eq!(journal.lines().count(), 1, "{journal}");
    assert_has(&journal, &[&format!("operation={}", id(2))]);
}

#[tokio::test]
async fn what_was_written_is_said_although_it_cannot_be_read_again() {
    let deployment = Deployment::with_rows(&[refused(1), refused(2), refused(3)]).await;
    let (second, fields) = (id(2), [("state", "refused")]);
    let unreadable = deployment.put_unreadable("reports", &second, &fields);
    let retry = ["usage", "retry", "--all-refused"];
    let (code, read) = deployment.meanwhile(unreadable, &retry).await;
    assert_eq!(code, Some(1), "{read}");
    let says = ["or may have been: 3.", "a document of `reports`"];
    assert_has(&read, &says);
    for number in [1, 3] {
        let row = deployment.row(&id(number)).await;
        assert_eq!(row.state, ReportState::Pending);
    }
}
