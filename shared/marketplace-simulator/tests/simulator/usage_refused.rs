//! Usage that is refused, by itself or with its whole request.

use marketplace_simulator::{Gaps, ReportingIds, UsageOutcome};
use serde_json::{Value, json};

use crate::caller::{answer, check_refused, refusal};
use crate::metered::{Metered, QUERIES, SCANNED, buy_usage, path};

/// Changes a good operation, and expects Google to refuse the request and the simulator to record it.
async fn refused_whole(change: impl Fn(&mut Value), expected: &str) {
    let metered = Metered::start().await;
    let mut operation = metered.queries("one", 0, 1);
    change(&mut operation);
    let good = metered.queries("good", 1, 1);
    check_refused(metered.report(&[good, operation]), 400, "INVALID_ARGUMENT").await;
    let violation = metered.violation();
    assert!(violation.contains(expected), "{violation}");
    assert_eq!((metered.billed(), metered.sim().operations().len()), (0, 0));
}

/// Changes a good operation, and expects it among `reportErrors`: the code, the message, and how many
/// violations.
async fn refused_alone(change: impl Fn(&mut Value), code: i64, text: &str, violations: usize) {
    let metered = Metered::start().await;
    let mut operation = metered.queries("one", 0, 1);
    change(&mut operation);
    assert_eq!(metered.refused(operation).await, (code, text.to_owned()));
    let recorded = metered.sim().violations();
    assert_eq!(recorded.len(), violations, "{recorded:?}");
    assert_eq!(metered.billed(), 0);
    let outcome = &metered.sim().operations()[0].outcome;
    assert!(matches!(outcome, UsageOutcome::Refused { .. }));
}

fn remove(field: &str) -> impl Fn(&mut Value) {
    move |operation| drop(operation.as_object_mut().unwrap().remove(field))
}

fn value(metric: &'static str, value: &Value) -> impl Fn(&mut Value) + use<> {
    let sets = json!([{"metricName": metric, "metricValues": [value]}]);
    move |operation| operation["metricValueSets"] = sets.clone()
}

#[tokio::test]
async fn an_operation_needs_an_id_and_both_ends_of_its_window() {
    for (field, text) in [
        ("operationId", "operationId is required"),
        ("startTime", "start_time is required"),
        ("endTime", "end_time is required"),
    ] {
        refused_whole(remove(field), text).await;
    }
}

#[tokio::test]
async fn a_window_begins_before_it_ends() {
    let empty = |it: &mut Value| it["endTime"] = it["startTime"].clone();
    refused_whole(empty, "is not before").await;
    let backwards = |it: &mut Value| it["endTime"] = json!("2026-01-20T23:00:00Z");
    refused_whole(backwards, "is not before").await;
}

#[tokio::test]
async fn a_metric_has_one_value_for_the_same_labels() {
    let one = json!({"int64Value": "1", "labels": {"a": "b"}});
    let twice = json!([{"metricName": QUERIES, "metricValues": [one, one]}]);
    let in_one_set = move |it: &mut Value| it["metricValueSets"] = twice.clone();
    refused_whole(in_one_set, "Duplicate metric value").await;
    let set = json!({"metricName": QUERIES, "metricValues": [{"int64Value": "1"}]});
    let in_two_sets = move |it: &mut Value| it["metricValueSets"] = json!([set, set]);
    refused_whole(in_two_sets, "Duplicate metric value").await;
}

#[tokio::test]
async fn int64_is_a_text_and_within_its_range() {
    for (number, name) in [
        (json!({"int64Value": 150}), "int64Value"),
        (json!({"int64Value": "9223372036854775808"}), "int64Value"),
        (json!({"int64Value": "1.5"}), "int64Value"),
        (json!({"doubleValue": "NaN"}), "doubleValue"),
        (json!({"int64_value": "1"}), "int64_value"),
        (json!({"int64Value": "1", "doubleValue": 1.0}), "oneof"),
    ] {
        refused_whole(value(QUERIES, &number), name).await;
    }
}

#[tokio::test]
async fn a_request_has_at_most_a_megabyte() {
    let long = "x".repeat(1024 * 1024);
    let name = move |it: &mut Value| it["operationName"] = json!(long);
    refused_whole(name, "exceeds the limit").await;
}

#[tokio::test]
async fn a_consumer_is_a_known_usage_reporting_id() {
    let nobody = |it: &mut Value| it["consumerId"] = json!("project_number:1");
    let text = "Consumer 'project_number:1' was not found.";
    refused_alone(nobody, 5, text, 1).await;
    let text = "Consumer '' was not found.";
    refused_alone(remove("consumerId"), 5, text, 1).await;
}

#[tokio::test]
async fn a_metric_is_declared_its_value_not_negative_and_its_labels_are_google_s() {
    let unknown = value("usage_queries", &json!({"int64Value": "1"}));
    let text = "Metric name usage_queries is not defined for the service.";
    refused_alone(unknown, 3, text, 0).await;
    let negative = value(QUERIES, &json!({"int64Value": "-1"}));
    let text = format!("Negative value for metric name {QUERIES}.");
    refused_alone(negative, 3, &text, 1).await;
    let own = |it: &mut Value| it["labels"] = json!({"environment": "prod"});
    let text = "Label environment is not defined for the service.";
    refused_alone(own, 3, text, 0).await;
}

#[tokio::test]
async fn a_value_has_the_declared_type() {
    for (metric, sent, types) in [
        (SCANNED, json!({"int64Value": "1"}), "double, got int64"),
        (QUERIES, json!({"doubleValue": 1.0}), "int64, got double"),
        (
            QUERIES,
            json!({"boolValue": true}),
            "int64, got another type",
        ),
        (QUERIES, json!({}), "int64, got another type"),
    ] {
        let text =
            format!("Inconsistent metric value type for metric name {metric}. Expecting {types}");
        refused_alone(value(metric, &sent), 3, &text, 0).await;
    }
}

#[tokio::test]
async fn an_entitlement_that_was_never_active_is_refused() {
    let metered = Metered::set(|it| it.reporting_ids = ReportingIds::AtPurchase).await;
    let order = buy_usage(metered.sim());
    let waiting = metered.sim().entitlement(&order.entitlement).unwrap();
    assert_eq!(waiting.active_since, None);
    let mut operation = metered.queries("one", 0, 1);
    operation["consumerId"] = json!(waiting.usage_reporting_id.unwrap());
    let (code, _) = metered.refused(operation.clone()).await;
    assert_eq!(code, 7);
    let (_, answered) = answer(metered.report(&[operation.clone()])).await;
    let detail = &answered["reportErrors"][0]["status"]["details"][0];
    assert_eq!(detail["reason"], "SERVICE_DISABLED");
    let (_, checked) = answer(metered.check(&operation)).await;
    assert_eq!(checked["checkErrors"][0]["code"], "SERVICE_NOT_ACTIVATED");
    assert_eq!(metered.sim().violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_service_and_a_method_are_known() {
    let metered = Metered::start().await;
    let foreign = "/servicecontrol.googleapis.com/v1/services/other.example.com:report";
    check_refused(
        metered.caller.post_to(foreign, &json!({})),
        403,
        "PERMISSION_DENIED",
    )
    .await;
    let quota = metered.caller.post_to(&path("allocateQuota"), &json!({}));
    assert_eq!(refusal(quota).await.0, 501);
    let nothing = metered.caller.post_to(&path("check"), &json!({}));
    assert_eq!(refusal(nothing).await.0, 400);
}

#[tokio::test]
async fn a_metric_of_a_plan_that_it_never_had_counts_and_is_a_violation() {
    let metered = Metered::set(|it| it.gaps = Gaps::AreAllowed).await;
    let sim = metered.sim();
    let flat = sim.buy_again(&metered.order.account);
    sim.approve_entitlement(&flat.entitlement).unwrap();
    let refused = sim.issue_usage_reporting_id(&flat.entitlement);
    assert_eq!(refused, Ok(()));
    let mut operation = metered.queries("one", 0, 1);
    let consumer = sim.entitlement(&flat.entitlement).unwrap();
    operation["consumerId"] = json!(consumer.usage_reporting_id.unwrap());
    metered.count(operation).await;
    let violation = metered.violation();
    assert!(
        violation.contains("is no metric of a plan of"),
        "{violation}"
    );
}
