//! The list of what is open, pending, refused and held.

use jiff::SignedDuration;
use marketplace::{EntitlementId, ProductId};
use serde_json::json;
use store::{Entitlement, Meter, ReportState, UsageReport};

use crate::deployment::{Deployment, assert_has, run};
use crate::ledger_rows::{
    CONSUMER, ago, closing, each, held, hours, id, meter, refused, row, used,
};

#[tokio::test]
async fn an_empty_list_says_so() {
    let deployment = Deployment::open().await;
    let nothing = "Entitlements with usage: 0. No window is overdue, unfinished or stopped, and \
                   nothing is pending, refused or held.\n";
    assert_eq!(deployment.done(&["usage"]).await, nothing);
    let found = deployment.usage(&[]).await;
    let expected = json!({
        "metered": 0, "open": [], "pending": [], "refused": [], "held": [], "held_for_long": 0,
        "unreadable_operations": 0, "unreadable_entitlements": 0, "unreadable_meters": [],
    });
    assert_eq!(found, expected);
    // What was reported is in order, and so is a window of this hour.
    deployment.keep(deployment.entitlement("E-1")).await;
    deployment.keep(&meter("E-1", ago(hours(1)))).await;
    deployment.keep(&row(1, ReportState::Reported)).await;
    assert_eq!(deployment.done(&["usage"]).await, nothing.replace('0', "1"));
}

#[tokio::test]
async fn what_is_not_billed_is_listed_with_its_reason() {
    let unsure = UsageReport {
        reason: Some("HTTP 503: try again".to_owned()),
        attempts: 4,
        ..row(1, ReportState::Pending)
    };
    let waiting = UsageReport {
        entitlement: EntitlementId::parse("E-2").unwrap(),
        consumer: None,
        attempts: 0,
        created: ago(hours(30)),
        ..row(2, ReportState::Pending)
    };
    let unsent = UsageReport {
        attempts: 0,
        created: ago(hours(1)),
        ..row(3, ReportState::Pending)
    };
    let overflow = UsageReport {
        value: None,
        reason: Some("the window's total is 2^63 or more".to_owned()),
        ..held(5)
    };
    let rows = [unsure, waiting.clone(), unsent, refused(4), overflow];
    let deployment = Deployment::with_rows(&rows).await;
    let without_id = Entitlement {
        usage_reporting_id: None,
        ..deployment.entitlement("E-2")
    };
    deployment.keep(&without_id).await;

    let found = deployment.usage(&[]).await;
    let oldest = json!({
        "id": id(2),
        "entitlement": "E-2",
        "account": "account-1",
        "product": deployment.product(),
        "metric": "requests",
        "start": "2026-03-01T02:00:00Z",
        "end": "2026-03-01T03:00:00Z",
        "labels": {},
        "value": 2,
        "consumer": null,
        "reason": "waits for the usageReportingId",
        "attempts": 0,
        "created": waiting.created,
        "updated": waiting.updated,
    });
    assert_eq!(found["pending"][0], oldest);
    let reasons = each(&found["pending"], "reason");
    assert_eq!(reasons[1..], ["HTTP 503: try again", "not sent yet"]);
    assert_eq!(each(&found["refused"], "id"), [&json!(id(4))]);
    assert_eq!(each(&found["held"], "value"), [&json!(null)]);

    let text = deployment.done(&["usage"]).await;
    assert_has(&text, &["Operations pending: 3, refused: 1, held: 1."]);
    let line = |number| text.lines().find(|line| line.contains(&id(number)));
    let cells = |number| line(number).unwrap().split("  ").map(str::trim);
    let cells = |number| -> Vec<_> { cells(number).filter(|it| !it.is_empty()).collect() };
    let window = "2026-03-01T04:00:00Z/2026-03-01T05:00:00Z";
    let reason = "HTTP 400: Invalid consumer.";
    let refused = id(4);
    let mut others = cells(4);
    let age = others.remove(6);
    let expected = [&refused, "E-1", "requests", window, "4", "1", reason];
    assert_eq!(others, expected);
    assert!(age.starts_with("2 h "), "{age}");
    let expected = ["2", "0", "1 d 6 h", "waits for the usageReportingId"];
    assert_eq!(cells(2)[4..], expected);

    // The id comes with an event of the Marketplace's.
    deployment.keep(deployment.entitlement("E-2")).await;
    let reason = &deployment.usage(&[]).await["pending"][0]["reason"];
    let expected = "its usageReportingId has come: the next /report sends it";
    assert_eq!(reason, expected);
    let of_one = deployment.usage(&["--entitlement", "E-2"]).await;
    assert_eq!(each(&of_one["pending"], "id"), [&json!(id(2))]);
    assert_eq!(of_one["refused"], json!([]));
}

#[tokio::test]
async fn only_windows_that_deserve_a_look_are_listed() {
    let deployment = Deployment::open().await;
    let idle = meter("E-2-idle", ago(hours(5)));
    let unfinished = meter("E-5-unfinished", ago(hours(1)));
    let stopped = meter("E-6-stopped", ago(hours(1)));
    let settled = meter("E-7-settled", ago(hours(50)));
    let meters = [
        meter("E-1-new", ago(hours(1))),
        idle.clone(),
        meter("E-3-used", ago(hours(5))),
        meter("E-4-forgotten", ago(hours(27))),
        Meter {
            closing: Some(closing(&unfinished)),
            ..unfinished.clone()
        },
        Meter {
            stopped: Some(ago(hours(9))),
            ..stopped
        },
        Meter {
            ended: Some(settled.open),
            stopped: Some(settled.open),
            ..settled.clone()
        },
    ];
    let entitlements = meters.iter().map(|meter| meter.entitlement.as_str());
    for id in entitlements.chain(["E-8-without-meter"]) {
        deployment.keep(deployment.entitlement(id)).await;
    }
    for meter in &meters {
        deployment.keep(meter).await;
    }
    deployment.keep(&used("E-3-used", ago(hours(4)))).await;
    // Usage of an hour that is not over does not make a window overdue.
    let next_hour = ago(hours(0)) + SignedDuration::from_hours(1);
    deployment.keep(&used("E-2-idle", next_hour)).await;

    let found = deployment.usage(&[]).await;
    assert_eq!(found["metered"], 7);
    let odd = ["E-3-used", "E-4-forgotten", "E-5-unfinished", "E-6-stopped"];
    assert_eq!(each(&found["open"], "entitlement"), odd);
    let overdue = [true, true, false, false].map(|it| json!(it));
    assert_eq!(each(&found["open"], "overdue"), overdue.each_ref());
    let expected = json!({
        "entitlement": "E-5-unfinished",
        "account": "account-1",
        "product": deployment.product(),
        "plan": "usage-plan",
        "open_since": unfinished.open,
        "overdue": false,
        "closing": {
            "from": closing(&unfinished).from,
            "until": unfinished.open,
            "since": unfinished.updated,
        },
        "stopped_since": null,
        "ended": null,
    });
    assert_eq!(found["open"][2], expected);
    let text = deployment.done(&["usage"]).await;
    assert_has(&text, &["Windows that deserve a look: 4."]);
    assert_has(&text, &["unfinished since", "overdue"]);

    let all = deployment.done(&["usage", "--all"]).await;
    assert_has(&all, &["Windows: 7\n", "settled, ended"]);
    let line = all.lines().find(|line| line.contains("E-1-new")).unwrap();
    assert!(line.ends_with("in order"), "{line}");
    let of_one = ["--all", "--entitlement", "E-2-idle"];
    let one = deployment.usage(&of_one).await;
    assert_eq!(each(&one["open"], "open_since"), [&json!(idle.open)]);
}

#[tokio::test]
async fn what_belongs_to_a_product_that_was_taken_out_is_shown_and_decided_about() {
    let deployment = Deployment::with_rows(&[refused(1)]).await;
    let former = Entitlement {
        product: ProductId::parse("former").unwrap(),
        ..deployment.entitlement("E-2")
    };
    deployment.keep(&former).await;
    deployment.keep(&meter("E-2", ago(hours(50)))).await;
    let of_former = |number, state| UsageReport {
        entitlement: former.id.clone(),
        ..row(number, state)
    };
    deployment.keep(&of_former(2, ReportState::Refused)).await;
    deployment.keep(&of_former(3, ReportState::Held)).await;
    deployment.keep(&of_former(4, ReportState::Reported)).await;
    let found = deployment.usage(&["--all"]).await;
    assert_eq!(found["refused"].as_array().unwrap().len(), 2);
    assert_eq!(each(&found["held"], "id"), [&json!(id(3))]);
    assert_eq!(each(&found["open"], "product"), [&json!("former")]);
    let found = deployment.usage(&["--entitlement", "E-2"]).await;
    assert_eq!(each(&found["refused"], "id"), [&json!(id(2))]);
    // A file without its usage would look as if it were complete.
    let mut environment = deployment.environment_with("SERVICE_NAME", "vendor.example.com");
    let csv = run(&environment, &["usage", "csv"]).await;
    assert_eq!(csv.code, Some(1));
    assert_has(&csv.complained, &["the product former"]);
    let product = deployment.product();
    environment.insert("PRODUCTS".to_owned(), format!("{product},former"));
    let pairs = format!("{product}=vendor.example.com,former=former.example.com");
    environment.insert("SERVICE_NAME".to_owned(), pairs);
    let csv = run(&environment, &["usage", "csv"]).await;
    assert_eq!((csv.code, csv.said.lines().count()), (Some(0), 2));
    assert!(
        csv.said.contains(",former.example.com/requests,"),
        "{}",
        csv.said
    );
    deployment.report_again("retry", &["--all-refused"]).await;
    deployment.report_again("release", &[&id(3)]).await;
    for operation in [id(1), id(2), id(3)] {
        assert_eq!(deployment.row(&operation).await.state, ReportState::Pending);
    }
}

#[tokio::test]
async fn every_page_of_the_ledger_is_read_and_the_first_lines_are_shown() {
    let deployment = Deployment::with_rows(&[]).await;
    deployment.keep_hundreds(7, refused).await;
    let text = deployment.done(&["usage"]).await;
    assert_has(&text, &["Refused: 700\n", "\n  and 650 more: --all"]);
    assert_eq!(text.matches(CONSUMER).count(), 0);
    assert_eq!(text.matches("Invalid consumer").count(), 50);
    let all = deployment.done(&["usage", "--all"]).await;
    assert_eq!(all.matches("Invalid consumer").count(), 700);
    let retried = ["usage", "retry", "--all-refused", "--yes"];
    let said = deployment.done(&retried).await;
    assert_has(&said, &["content: 700.", "And 680 more."]);
    let found = deployment.usage(&[]).await;
    assert_eq!(found["pending"].as_array().unwrap().len(), 700);
    assert_eq!(deployment.done(&retried).await, "Nothing is refused.\n");
}

#[tokio::test]
async fn what_has_been_held_for_long_is_only_counted() {
    let long = UsageReport {
        created: ago(hours(31 * 24)),
        ..held(1)
    };
    let deployment = Deployment::with_rows(&[long, held(2)]).await;
    let found = deployment.usage(&[]).await;
    assert_eq!(each(&found["held"], "id"), [&json!(id(2))]);
    assert_eq!(found["held_for_long"], 1);
    let text = deployment.done(&["usage"]).await;
    assert_has(&text, &["held: 2 (1 of them for more than 30 days: --all)"]);
    let all = deployment.usage(&["--all"]).await;
    assert_eq!(each(&all["held"], "id"), [&json!(id(1)), &json!(id(2))]);
}

#[tokio::test]
async fn a_row_without_an_entitlement_is_shown() {
    let deployment = Deployment::open().await;
    let waiting = UsageReport {
        consumer: None,
        ..row(1, ReportState::Pending)
    };
    deployment.keep(&waiting).await;
    let found = deployment.usage(&[]).await;
    let reason = each(&found["pending"], "reason");
    assert_eq!(reason, [&json!("its entitlement is not stored")]);
}

#[tokio::test]
async fn an_entitlement_that_nobody_knows_is_not_taken_for_one_in_order() {
    let deployment = Deployment::open().await;
    let environment = deployment.environment_with("SERVICE_NAME", "vendor.example.com");
    for arguments in [
        &["usage"][..],
        &["usage", "csv"],
        &["usage", "retry", "--all-refused", "--yes"],
    ] {
        let arguments = [arguments, &["--entitlement", "E-9", "--as", "tester"]].concat();
        let complained = run(&environment, &arguments).await.failed(1);
        assert_has(&complained, &["there is no entitlement E-9 in the store"]);
    }
}
