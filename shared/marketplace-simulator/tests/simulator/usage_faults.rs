//! What goes wrong with usage on request: errors, lost answers, ids that come late.

use std::time::Duration;

use marketplace::PlanId;
use marketplace_simulator::{Fault, Matcher, ReportingIds, UsageOutcome};
use serde_json::{Value, json};

use crate::caller::{answer, good};
use crate::metered::{Metered, path};

/// Codes of the check errors for this customer now.
async fn check_errors(metered: &Metered) -> Vec<Value> {
    let operation = metered.queries("check", 0, 1);
    let answered = good(metered.check(&operation)).await;
    let errors = answered["checkErrors"].as_array().cloned();
    let errors = errors.unwrap_or_default().into_iter();
    errors.map(|error| error["code"].clone()).collect()
}

#[tokio::test]
async fn an_answer_is_lost_after_the_usage_was_counted() {
    let metered = Metered::start().await;
    let cut = Fault::cut().after_effect();
    metered.sim().faults().next(Matcher::report_usage(), cut);
    let operation = metered.queries("lost", 0, 5);
    let lost = metered.report(std::slice::from_ref(&operation));
    assert!(lost.send().await.is_err());
    assert_eq!(metered.billed(), 5);
    // The program that sends it again must know that Google may count it again.
    metered.count(operation).await;
    assert_eq!(metered.billed(), 10);
    assert_eq!(metered.sim().counted_twice(), ["lost"]);
}

#[tokio::test]
async fn an_error_before_the_effect_counts_nothing() {
    let metered = Metered::start().await;
    for status in [429, 500, 503] {
        let fault = Fault::status(status);
        metered.sim().faults().next(Matcher::report_usage(), fault);
        let (answered, _) = answer(metered.report(&[metered.queries("a", 0, 5)])).await;
        assert_eq!((answered, metered.billed()), (status, 0));
    }
    // A check is no report.
    let fault = Fault::status(500);
    metered.sim().faults().next(Matcher::check_usage(), fault);
    metered.count(metered.queries("a", 0, 5)).await;
    let (checked, _) = answer(metered.check(&metered.queries("a", 0, 5))).await;
    assert_eq!((checked, metered.billed()), (500, 5));
}

#[tokio::test]
async fn reports_are_refused_on_request_so_many_times() {
    let metered = Metered::start().await;
    metered.count(metered.queries("a", 0, 1)).await;
    metered.sim().refuse_reports(&metered.consumer, 1, 13);
    // What is counted stays so.
    metered.count(metered.queries("a", 0, 1)).await;
    let (code, message) = metered.refused(metered.queries("b", 1, 1)).await;
    metered.count(metered.queries("b", 1, 1)).await;
    let outcomes = metered.sim().operations();
    let outcomes: Vec<_> = outcomes.into_iter().map(|it| it.outcome).collect();
    assert_eq!(
        outcomes,
        [
            UsageOutcome::Counted,
            UsageOutcome::CountedAgain,
            UsageOutcome::Refused { code: 13, message },
            UsageOutcome::Counted,
        ]
    );
    assert_eq!(code, 13);
}

#[tokio::test]
async fn checks_fail_on_request_until_they_pass_again() {
    let metered = Metered::start().await;
    let codes = ["BILLING_DISABLED", "SERVICE_STATUS_UNAVAILABLE"];
    metered.sim().fail_checks(&metered.consumer, &codes);
    assert_eq!(check_errors(&metered).await, codes);
    assert_eq!(check_errors(&metered).await, codes);
    metered.sim().fail_checks(&metered.consumer, &[]);
    assert_eq!(check_errors(&metered).await, Vec::<Value>::new());
    let checks = metered.sim().checks();
    let errors: Vec<usize> = checks.iter().map(|it| it.errors.len()).collect();
    assert_eq!(errors, [2, 2, 0]);
}

#[tokio::test]
async fn a_check_says_where_the_order_stands() {
    let metered = Metered::start().await;
    let order = &metered.order;
    metered.sim().suspend(&order.entitlement).unwrap();
    assert_eq!(check_errors(&metered).await, ["BILLING_DISABLED"]);
    metered.sim().resume(&order.entitlement).unwrap();
    metered.sim().cancel(&order.entitlement).unwrap();
    assert_eq!(check_errors(&metered).await, ["SERVICE_NOT_ACTIVATED"]);
    // The last window is reported after the end, even when the order is forgotten.
    metered.count(metered.queries("last", 0, 1)).await;
    metered.sim().delete_account(&order.account).unwrap();
    assert_eq!(check_errors(&metered).await, ["SERVICE_NOT_ACTIVATED"]);
    metered.count(metered.queries("later", 1, 1)).await;
    assert_eq!(metered.billed(), 2);
    assert_eq!(metered.sim().violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_check_of_nobody_is_a_violation() {
    let mut metered = Metered::start().await;
    metered.consumer = "project_number:1".to_owned();
    assert_eq!(check_errors(&metered).await, ["PROJECT_INVALID"]);
    assert_eq!(metered.sim().violations().len(), 1);
}

#[tokio::test]
async fn codes_are_numbers_where_numbers_are_asked_for() {
    let metered = Metered::start().await;
    let sim = metered.sim();
    sim.fail_checks(&metered.consumer, &["BILLING_DISABLED"]);
    let path = format!("{}?$alt=json;enum-encoding=int", path("check"));
    let body = json!({"operation": metered.queries("a", 0, 1)});
    let answered = good(metered.caller.post_to(&path, &body)).await;
    assert_eq!(answered["checkErrors"][0]["code"], 107);
}

#[tokio::test]
async fn a_usage_reporting_id_can_come_late() {
    let metered = Metered::set(|it| {
        it.reporting_ids = ReportingIds::AfterActivation(Duration::from_mins(30));
    })
    .await;
    let id = &metered.order.entitlement;
    let shown = || metered.sim().entitlement(id).unwrap().usage_reporting_id;
    assert_eq!(shown(), None);
    metered.sim().advance_orders(Duration::from_mins(29));
    assert_eq!(shown(), None);
    metered.sim().advance_orders(Duration::from_mins(2));
    let first = shown();
    assert!(first.is_some());
    metered.sim().advance_orders(Duration::from_hours(1_000));
    assert_eq!(shown(), first);
    assert!(metered.sim().issue_usage_reporting_id(id).is_err());
}

#[tokio::test]
async fn a_change_to_a_usage_plan_brings_a_usage_reporting_id() {
    let metered = Metered::start().await;
    let sim = metered.sim();
    let order = sim.buy_again(&metered.order.account);
    sim.approve_entitlement(&order.entitlement).unwrap();
    let id = &order.entitlement;
    let shown = || sim.entitlement(id).unwrap().usage_reporting_id;
    assert_eq!(shown(), None);
    let plan = PlanId::parse("usage-plan").unwrap();
    sim.request_plan_change(id, &plan).unwrap();
    assert_eq!(shown(), None);
    let path = format!("/entitlements/{}:approvePlanChange", order.entitlement);
    let body = json!({"pendingPlanName": "usage-plan"});
    good(metered.caller.post(&path, &body)).await;
    assert!(shown().is_some());
}
