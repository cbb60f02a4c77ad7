//! What goes wrong on the way.

use function_tests::log::Log;
use jiff::Timestamp;
use marketplace::ProviderId;
use marketplace_simulator::{Fault, Matcher};
use serde_json::json;
use store::{Commit, Deployment, Document, Store};

use crate::environment::{AUDIENCE, PUSH};
use crate::function::{ACTIVE, REQUESTED, TestFunction, soon};
use crate::pushed::envelope;

impl TestFunction {
    /// As an operator gives the store to a provider.
    async fn give_store_to(&self, provider: &str) {
        let deployment = Deployment {
            provider: ProviderId::parse(provider).unwrap(),
            since: Timestamp::now(),
        };
        let commit = Commit::new().put(deployment);
        self.store.commit(commit, soon()).await.unwrap();
    }
}

pub(crate) async fn no_event_is_followed_in_the_store_of_another_provider(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.give_store_to("other-partner").await;
    function.lose(order.account.as_str());
    let token = function.simulator.identity_token(PUSH, AUDIENCE);
    let ordered = function.message(REQUESTED, &order.entitlement);
    let deleted = json!({ "eventType": "ACCOUNT_DELETED", "account": { "id": order.account } });
    for message in [ordered.to_string(), deleted.to_string(), "{}".to_owned()] {
        let body = envelope(message.as_bytes());
        let (status, problem) = function.post("/events", Some(&token), body).await;
        assert_eq!(status, 503, "{message}");
        let code = r#""code":"other-provider""#;
        assert!(problem.contains(code), "{message}: {problem}");
    }
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    assert!(function.kept_messages().await.is_empty());
    // An operator has decided.
    let provider = function.simulator.settings().provider.to_string();
    function.give_store_to(&provider).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert!(function.is_up_to_date(&order.entitlement).await);
}

pub(crate) async fn an_event_is_delivered_again_while_google_fails(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    let faults = function.simulator.faults();
    for code in [400, 403, 409, 429, 500] {
        faults.always(Matcher::procurement(), Fault::status(code));
        let status = function.send_event(REQUESTED, &order.entitlement).await;
        assert_eq!(status, 503, "{code}");
        assert_eq!(function.entitlement(&order.entitlement).await, None);
        faults.clear();
    }
    faults.always(Matcher::procurement(), Fault::hang());
    function.postpones(REQUESTED, &order.entitlement).await;
    faults.clear();
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert!(function.is_up_to_date(&order.entitlement).await);
}

pub(crate) async fn an_answer_older_than_the_event_is_delivered_again(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    let bought = function.simulator.entitlement(&order.entitlement).unwrap();
    let announced = bought.update_time;
    let message = |microseconds| {
        let later = jiff::SignedDuration::from_micros(microseconds);
        json!({
            "eventType": ACTIVE,
            "eventId": "a",
            "entitlement": { "id": order.entitlement, "updateTime": announced + later },
        })
    };
    assert_eq!(function.deliver(&message(1)).await, 503);
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    assert_eq!(function.deliver(&message(0)).await, 204);
    assert!(function.is_up_to_date(&order.entitlement).await);
}

pub(crate) async fn an_approval_without_an_answer_is_read_again(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    let faults = function.simulator.faults();
    for fault in [Fault::status(500), Fault::cut(), Fault::garbage()] {
        let order = function.simulator.buy_again(&order.account);
        let approve = Matcher::procurement().path(":approve");
        faults.next(approve, fault.after_effect());
        function.acknowledges(REQUESTED, &order.entitlement).await;
        assert_eq!(function.at_google(&order.entitlement).1, 1);
    }
    // Without an effect it comes again.
    let order = function.simulator.buy_again(&order.account);
    let approve = Matcher::procurement().path(":approve");
    faults.next(approve, Fault::status(500));
    function.postpones(REQUESTED, &order.entitlement).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert_eq!(function.at_google(&order.entitlement).1, 1);
}

pub(crate) async fn a_refused_approval_is_given_by_reconciliation(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let (function, customer) = TestFunction::with_customer(store).await;
    let order = function.simulator.buy_again(&customer.account);
    let faults = function.simulator.faults();
    let approve = || Matcher::procurement().path(":approve");
    let logged = |message: &str| log.lines().iter().any(|line| line["message"] == message);
    faults.always(approve(), Fault::status(400));
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert_eq!(function.at_google(&order.entitlement).1, 0);
    assert!(logged("an order still waits, and its approval was refused"));
    faults.clear();
    faults.always(approve(), Fault::status(500));
    let done = function.reconcile_once().await;
    assert!(done["failed"].as_u64().unwrap() > 0, "{done}");
    assert!(logged("reconciliation could not repair"));
    faults.clear();
    function.reconcile().await;
    assert_eq!(function.at_google(&order.entitlement).1, 1);
}

pub(crate) async fn a_second_delivery_is_not_applied_again(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    let calls = function.simulator.calls().count(&Matcher::procurement());
    function.acknowledges(REQUESTED, &order.entitlement).await;
    let after = function.simulator.calls().count(&Matcher::procurement());
    assert_eq!(after, calls);
}

pub(crate) async fn a_later_repetition_without_receipts_changes_nothing(store: Store) {
    let (function, order) = TestFunction::with_customer(store).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    let notified = function.notifications();
    let receipts = function.events_with_outcome("stored").await;
    assert!(!receipts.is_empty());
    let commit = receipts.iter().fold(Commit::new(), |commit, receipt| {
        commit.delete(Document::event(&receipt.id))
    });
    function.store.commit(commit, soon()).await.unwrap();
    for kind in [REQUESTED, ACTIVE, REQUESTED] {
        function.acknowledges(kind, &order.entitlement).await;
    }
    assert!(function.is_up_to_date(&order.entitlement).await);
    assert_eq!(function.notifications(), notified);
    assert_eq!(function.at_google(&order.entitlement).1, 1);
}
