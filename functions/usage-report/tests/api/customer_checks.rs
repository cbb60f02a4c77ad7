//! What Google's check means for the customer.

use std::collections::BTreeSet;

use marketplace_simulator::{Fault, Matcher, Quantity};
use serde_json::json;
use store::{Entitlement, ReportState, Store};

use crate::function::{QUERIES, TestFunction, record};

pub(crate) async fn the_application_hears_once_of_a_customer_who_cannot_be_billed(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let entitlement = function.entitlement(&order);
    let consumer = entitlement.usage_reporting_id.unwrap();
    function
        .simulator
        .fail_checks(&consumer, &["BILLING_DISABLED"]);
    for (key, used, now) in [
        ("1", "2026-03-01T10:10:00Z", "2026-03-01T11:05:00Z"),
        ("2", "2026-03-01T11:10:00Z", "2026-03-01T12:05:00Z"),
    ] {
        function.accept(now, &[record(&order, key, 1, used)]).await;
        function.report(now).await;
    }
    // Used is used.
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(2)));
    let told = json!({
        "entitlement": order.entitlement,
        "product": entitlement.product,
        "plan": "usage-plan",
        "offer": null,
        "state": "ENTITLEMENT_ACTIVE",
        "subscription_end": null,
    });
    let data = json!({
        "account": order.account,
        "access": "live",
        "orders": [told],
        "entitlement": order.entitlement,
        "product": entitlement.product,
        "plan": "usage-plan",
        "state": "ENTITLEMENT_ACTIVE",
        "reason": "BILLING_DISABLED",
    });
    let stop = ("portico.usage.stop-serving".to_owned(), data.clone());
    assert_eq!(function.notifications(), std::slice::from_ref(&stop));
    let stored = function.meter(&order).await;
    assert_eq!(stored.stop_reason.as_deref(), Some("BILLING_DISABLED"));
    // Nothing is used any more, and still somebody asks.
    function.report("2026-03-01T13:05:00Z").await;
    assert_eq!(function.notifications().len(), 1);
    function.simulator.fail_checks(&consumer, &[]);
    function.report("2026-03-01T14:05:00Z").await;
    let mut data = data;
    data.as_object_mut().unwrap().remove("reason");
    let resume = ("portico.usage.resume-serving".to_owned(), data);
    assert_eq!(function.notifications(), [stop, resume]);
    let stored = function.meter(&order).await;
    assert_eq!((stored.stopped, stored.stop_reason), (None, None));
}

pub(crate) async fn a_wrong_set_up_and_a_google_that_is_down_stop_nobody(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let consumer = function.entitlement(&order).usage_reporting_id.unwrap();
    for (hour, code) in [
        (10, "PERMISSION_DENIED"),
        (11, "SERVICE_STATUS_UNAVAILABLE"),
        (12, "HTTP 403"),
        (13, "HTTP 500"),
    ] {
        let fault = match code {
            "HTTP 403" => Some(Fault::status(403)),
            "HTTP 500" => Some(Fault::status(500)),
            code => {
                function.simulator.fail_checks(&consumer, &[code]);
                None
            }
        };
        if let Some(fault) = fault {
            function.simulator.fail_checks(&consumer, &[]);
            function
                .simulator
                .faults()
                .next(Matcher::check_usage(), fault);
        }
        let (used, now) = (
            format!("2026-03-01T{hour}:10:00Z"),
            format!("2026-03-01T{}:05:00Z", hour + 1),
        );
        function
            .accept(&now, &[record(&order, &hour.to_string(), 1, &used)])
            .await;
        assert_eq!(function.report(&now).await.reported, 1, "{code}");
    }
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(4)));
    assert!(function.notifications().is_empty());
}

pub(crate) async fn two_orders_of_one_account_are_told_of_in_one_order(store: Store) {
    let function = TestFunction::start(store).await;
    let (order, other) = (function.customer().await, function.customer().await);
    // Both are of one account, so that each commit is in the way of the other.
    let moved = Entitlement {
        account: order.account.clone(),
        ..function.entitlement(&other)
    };
    function.put(&moved).await;
    for (order, key) in [(&order, "1"), (&other, "2")] {
        let consumer = function.entitlement(order).usage_reporting_id.unwrap();
        function
            .simulator
            .fail_checks(&consumer, &["BILLING_DISABLED"]);
        function.uses(order, key, 1, "2026-03-01T10:10:00Z").await;
    }
    function.report("2026-03-01T11:05:00Z").await;
    let published = function.simulator.published().all().into_iter();
    let events: Vec<_> = published.map(|message| message.json()).collect();
    let told: BTreeSet<_> = events
        .iter()
        .map(|it| it["data"]["entitlement"].to_string())
        .collect();
    assert_eq!((events.len(), told.len()), (2, 2));
    let places: BTreeSet<_> = events.iter().map(|it| it["sequence"].to_string()).collect();
    assert_eq!(places.len(), 2);
    assert!(
        events
            .iter()
            .all(|it| it["data"]["orders"].as_array().unwrap().len() == 2)
    );
}

pub(crate) async fn without_a_stored_account_nobody_is_told(store: Store) {
    let function = TestFunction::start(store).await;
    for key in ["1", "2"] {
        let order = function.buy();
        let entitlement = function.entitlement(&order);
        function.put(&entitlement).await;
        let consumer = entitlement.usage_reporting_id.unwrap();
        function
            .simulator
            .fail_checks(&consumer, &["PROJECT_DELETED"]);
        function.uses(&order, key, 1, "2026-03-01T10:10:00Z").await;
        assert_eq!(function.report("2026-03-01T11:05:00Z").await.reported, 1);
        assert!(function.notifications().is_empty());
        // The next check tells, if there is an account then.
        assert_eq!(function.meter(&order).await.stopped, None);
    }
}

pub(crate) async fn an_order_that_is_moved_while_it_is_stopped_is_told_to_the_new_account(
    store: Store,
) {
    let (function, order) = TestFunction::with_customer(store).await;
    let new = function.customer().await.account;
    let entitlement = function.entitlement(&order);
    let consumer = entitlement.usage_reporting_id.as_ref().unwrap();
    function
        .simulator
        .fail_checks(consumer, &["BILLING_DISABLED"]);
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    function.report("2026-03-01T11:05:00Z").await;
    let moved = Entitlement {
        account: new.clone(),
        ..entitlement.clone()
    };
    function.put(&moved).await;
    for now in ["2026-03-01T12:05:00Z", "2026-03-01T13:05:00Z"] {
        function.report(now).await;
        let told = function.notifications().into_iter();
        let told: Vec<_> = told
            .map(|(kind, data)| (kind, data["account"].clone()))
            .collect();
        let stop = |account: &str| ("portico.usage.stop-serving".to_owned(), json!(account));
        assert_eq!(
            told,
            [stop(order.account.as_str()), stop(new.as_str())],
            "{now}"
        );
        assert_eq!(function.meter(&order).await.account, new);
    }
}

pub(crate) async fn what_google_says_of_an_earlier_consumer_stops_nobody(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let entitlement = function.entitlement(&order);
    let earlier = entitlement.usage_reporting_id.as_ref().unwrap();
    function.uses(&order, "1", 1, "2026-03-01T10:10:00Z").await;
    let faults = function.simulator.faults();
    faults.always(Matcher::service_control(), Fault::status(503));
    function.report("2026-03-01T11:05:00Z").await;
    faults.clear();
    let pending = function.rows(ReportState::Pending).await.remove(0);
    assert_eq!(pending.consumer.as_ref(), Some(earlier));
    function
        .simulator
        .fail_checks(earlier, &["BILLING_DISABLED"]);
    let changed = Entitlement {
        usage_reporting_id: Some("project_number:1".to_owned()),
        ..entitlement.clone()
    };
    function.put(&changed).await;
    let done = function.report("2026-03-01T11:15:00Z").await;
    assert_eq!(done.reported, 1);
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(1)));
    assert!(function.notifications().is_empty());
    assert_eq!(function.meter(&order).await.stopped, None);
}
