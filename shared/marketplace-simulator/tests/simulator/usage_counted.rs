//! Usage that is counted, and the bill of it.

use marketplace_simulator::{BillLine, Gaps, Quantity, Repeats, UsageOutcome, UserLabels};
use serde_json::json;

use crate::caller::good;
use crate::metered::{Metered, QUERIES, SCANNED, hour};

const NONE: [String; 0] = [];

#[tokio::test]
async fn what_is_reported_is_on_the_bill() {
    let metered = Metered::start().await;
    let check = good(metered.check(&metered.queries("one", 0, 150))).await;
    assert_eq!(check["operationId"], "one");
    assert_eq!(check.get("checkErrors"), None);
    let number = metered.consumer.strip_prefix("project_number:").unwrap();
    assert_eq!(check["checkInfo"]["consumerInfo"]["projectNumber"], number);

    let mut first = metered.queries("one", 0, 150);
    first["userLabels"] = json!({"environment": "prod"});
    metered.count(first).await;
    let scanned = [(SCANNED, json!({"doubleValue": 0.5}))];
    metered.count(metered.operation("two", 0, &scanned)).await;

    let line = |id: &str, metric: &str, quantity| BillLine {
        entitlement: metered.order.entitlement.clone(),
        metric: metric.to_owned(),
        start: hour(0),
        end: hour(1),
        quantity,
        operation_id: id.to_owned(),
        user_labels: std::collections::BTreeMap::new(),
        is_repeat: false,
    };
    let mut queries = line("one", "usage_queries", Quantity::Int64(150));
    queries.user_labels = [("environment".to_owned(), "prod".to_owned())].into();
    let scanned = line("two", "usage_gib_scanned", Quantity::Double(0.5));
    assert_eq!(metered.bill().lines, [queries, scanned]);
    let checks = metered.sim().checks();
    assert_eq!((checks.len(), checks[0].operation_id.as_str()), (1, "one"));
    assert_eq!(metered.sim().violations(), NONE);
}

#[tokio::test]
async fn sums_are_by_entitlement_and_by_pacific_month() {
    let metered = Metered::start().await;
    for (id, from, count) in [("a", 0, 100), ("b", 1, 23)] {
        metered.count(metered.queries(id, from, count)).await;
    }
    // In Los Angeles it is January still, for another hour.
    for (id, from, count) in [("c", 7, 7), ("d", 8, 5)] {
        let mut operation = metered.queries(id, 0, count);
        operation["startTime"] = json!(format!("2026-02-01T0{from}:00:00Z"));
        operation["endTime"] = json!(format!("2026-02-01T0{}:00:00Z", from + 1));
        metered.count(operation).await;
    }
    assert_eq!(metered.billed(), 135);
    let bill = metered.bill();
    let queries = "usage_queries".to_owned();
    let key = (metered.order.entitlement.clone(), queries.clone());
    assert_eq!(bill.totals(), [(key, Quantity::Int64(135))].into());
    let months = [("2026-01", 130), ("2026-02", 5)];
    let months = months.map(|(month, count)| {
        let key = (month.to_owned(), queries.clone());
        (key, Quantity::Int64(count))
    });
    assert_eq!(bill.by_month(), months.into());
}

#[tokio::test]
async fn an_id_that_comes_again_is_counted_again() {
    let metered = Metered::start().await;
    for _ in 0..2 {
        metered.count(metered.queries("same", 0, 10)).await;
    }
    metered.count(metered.queries("other", 1, 1)).await;
    assert_eq!(metered.billed(), 21);
    assert_eq!(metered.sim().counted_twice(), ["same"]);
    let repeats: Vec<bool> = metered.bill().lines.iter().map(|it| it.is_repeat).collect();
    assert_eq!(repeats, [false, true, false]);
    // It is the same window of the same program: no overlap.
    assert_eq!(metered.sim().violations(), NONE);
}

#[tokio::test]
async fn an_id_that_comes_again_is_counted_once_if_google_does_so() {
    let metered = Metered::set(|it| it.repeats = Repeats::CountOnce).await;
    for _ in 0..2 {
        metered.count(metered.queries("same", 0, 10)).await;
    }
    assert_eq!(metered.billed(), 10);
    assert_eq!(metered.sim().counted_twice(), NONE);
    let outcomes = metered.sim().operations();
    let outcomes: Vec<_> = outcomes.into_iter().map(|it| it.outcome).collect();
    let expected = [UsageOutcome::Counted, UsageOutcome::KnownAlready];
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn an_id_with_other_content_is_a_violation() {
    let metered = Metered::start().await;
    metered.count(metered.queries("same", 0, 10)).await;
    metered.count(metered.queries("same", 0, 11)).await;
    let violation = metered.violation();
    assert!(violation.ends_with("operation same came again with other content"));
}

#[tokio::test]
async fn windows_that_overlap_are_a_violation() {
    let metered = Metered::start().await;
    metered.count(metered.queries("a", 0, 1)).await;
    let mut late = metered.queries("b", 1, 1);
    late["startTime"] = json!("2026-01-21T00:59:59Z");
    metered.count(late).await;
    let violation = metered.violation();
    assert!(violation.contains("overlap"), "{violation}");
    assert_eq!(metered.billed(), 2);
}

#[tokio::test]
async fn windows_with_other_labels_may_overlap() {
    let metered = Metered::start().await;
    for (id, name) in [("a", "one"), ("b", "two")] {
        let mut operation = metered.queries(id, 0, 1);
        operation["userLabels"] = json!({"name": name});
        metered.count(operation).await;
    }
    let labelled = |name: &str| json!({"int64Value": "1", "labels": {"name": name}});
    let sets = [(QUERIES, labelled("x")), (QUERIES, labelled("y"))];
    metered.count(metered.operation("c", 0, &sets)).await;
    assert_eq!(metered.billed(), 4);
    assert_eq!(metered.sim().violations(), NONE);
}

#[tokio::test]
async fn a_window_that_nobody_reported_is_a_violation_until_it_comes() {
    let metered = Metered::start().await;
    metered.count(metered.queries("first", 0, 1)).await;
    metered.count(metered.queries("third", 2, 1)).await;
    let violation = metered.violation();
    assert!(violation.starts_with("no window of"), "{violation}");
    metered.count(metered.queries("second", 1, 1)).await;
    assert_eq!(metered.sim().violations(), NONE);
}

#[tokio::test]
async fn windows_without_usage_may_be_left_out_if_that_is_agreed() {
    let metered = Metered::set(|it| it.gaps = Gaps::AreAllowed).await;
    metered.count(metered.queries("first", 0, 1)).await;
    metered.count(metered.queries("third", 2, 1)).await;
    assert_eq!(metered.sim().violations(), NONE);
}

#[tokio::test]
async fn one_operation_of_a_request_fails_alone() {
    let metered = Metered::start().await;
    let wrong = metered.operation("wrong", 1, &[(QUERIES, json!({"doubleValue": 1.0}))]);
    let operations = [
        metered.queries("a", 0, 1),
        wrong,
        metered.queries("b", 2, 2),
    ];
    let answered = good(metered.report(&operations)).await;
    let failed = answered["reportErrors"].as_array().unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["operationId"], "wrong");
    assert_eq!(metered.billed(), 3);
    // A refused window was not left out.
    assert_eq!(metered.sim().violations(), NONE);
}

#[tokio::test]
async fn user_labels_need_a_service_that_is_approved_for_them() {
    let metered = Metered::set(|it| it.user_labels = UserLabels::Refused).await;
    let mut labelled = metered.queries("a", 0, 1);
    labelled["userLabels"] = json!({"environment": "prod"});
    let refused = metered.refused(labelled).await;
    let text = "user_labels are not available for the service.";
    assert_eq!(refused, (3, text.to_owned()));
    assert_eq!(metered.billed(), 0);
}
