//! What goes wrong on the way.

use std::time::Duration;

use function_tests::firestore_proxy::ReservedAddress;
use http::Method;
use marketplace_simulator::{Fault, Matcher, Settings, Simulator};
use store::Store;

use crate::customer::TestCustomer;
use crate::environment::PROJECT;
use crate::function::TestFunction;

fn find() -> Matcher {
    Matcher::iam().method(Method::GET)
}

fn create() -> Matcher {
    Matcher::iam().method(Method::POST).path("serviceAccounts")
}

pub(crate) async fn a_missing_permission_is_named_with_its_project(store: Store) {
    let function = TestFunction::start(store).await;
    let faults = function.simulator.faults();
    let known = function.customer().await;
    function.ask(&known.body()).await.link();
    function.record_disabled(&known).await;
    let new = function.customer().await;
    for (customer, matcher, verb) in [
        (&new, create(), "create"),
        (&known, Matcher::iam().path(":enable"), "enable"),
    ] {
        faults.always(matcher, Fault::status(403));
        let answer = function.ask(&customer.body()).await;
        assert_eq!(answer.refusal(), (503, "iam-permission-missing"));
        assert_eq!(answer.retry_after, Some(300));
        let detail = answer.body["detail"].as_str().unwrap();
        let permission = format!(" iam.serviceAccounts.{verb} ");
        assert!(detail.contains(&permission), "{detail}");
        assert_eq!(answer.body["project"], PROJECT);
        faults.clear();
    }
    function.ask(&known.body()).await.link();
    faults.always(find(), Fault::status(403));
    let answer = function.ask_google(&known.body()).await;
    assert_eq!(answer.refusal(), (503, "iam-permission-missing"));
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains(" iam.serviceAccounts.get "), "{detail}");
    // Who has a service account gets the link all the same.
    function.ask(&known.body()).await.link();
}

pub(crate) async fn a_full_project_says_what_to_do(store: Store) {
    let settings = Settings {
        service_account_quota: 1,
        ..Settings::default()
    };
    let function = TestFunction::with(store, settings).await;
    let first = function.customer().await;
    function.ask(&first.body()).await.link();
    let second = function.customer().await;
    let answer = function.ask(&second.body()).await;
    assert_eq!(answer.refusal(), (503, "service-account-quota-exhausted"));
    let detail = answer.body["detail"].as_str().unwrap();
    let advice = "raise the quota \"Service Account Count\"";
    assert!(detail.contains(advice), "{detail}");
    assert_eq!(answer.body["project"], PROJECT);
    // The customers who have one are not affected.
    function.ask(&first.body()).await.link();
}

pub(crate) async fn trouble_at_google_is_worth_another_try(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let faults = function.simulator.faults();
    let quota = "service-account-quota-exhausted";
    for (fault, code) in [
        (Fault::status(400), "iam-unavailable"),
        // Two that create at once; what is there is looked at, and there is nothing.
        (Fault::status(409), "service-account-not-known-yet"),
        (Fault::status(429), quota),
        (Fault::status(500), "iam-unavailable"),
        (Fault::garbage(), "iam-unavailable"),
    ] {
        faults.always(create(), fault);
        let answer = function.ask(&customer.body()).await;
        assert_eq!(answer.refusal(), (503, code));
        assert_eq!(function.account(customer.id()).await.service_account, None);
        faults.clear();
    }
    assert_eq!(function.ask(&customer.body()).await.link()["created"], true);
}

pub(crate) async fn a_google_that_never_answers_is_given_up(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let simulator = function.simulator.clone();
    let time = Duration::from_millis(1_500);
    let hurried = TestFunction::beside(simulator, function.store.clone(), time).await;
    // Its keys, so that only IAM is missing.
    hurried
        .ask(&TestCustomer::of(&hurried.simulator).body())
        .await;
    hurried.simulator.faults().always(create(), Fault::hang());
    let answer = hurried.ask(&customer.body()).await;
    assert_eq!(answer.refusal(), (503, "iam-unavailable"));
    function.simulator.faults().clear();
    function.ask(&customer.body()).await.link();
    assert_eq!(function.simulator.service_accounts().len(), 1);
}

pub(crate) async fn an_answer_that_was_lost_is_made_up_for(store: Store) {
    let function = TestFunction::start(store).await;
    for fault in [Fault::status(503), Fault::cut()] {
        let customer = function.customer().await;
        let faults = function.simulator.faults();
        faults.next(create(), fault.after_effect());
        let answer = function.ask(&customer.body()).await;
        let answer = match answer.status {
            503 => function.ask(&customer.body()).await,
            _ => answer,
        };
        assert_eq!(answer.link()["created"], true);
    }
    assert_eq!(function.simulator.service_accounts().len(), 2);
}

#[tokio::test]
async fn without_a_store_there_is_no_link_and_no_service_account() {
    let closed = ReservedAddress::default();
    function_runtime::start::install_crypto_provider();
    let simulator = Simulator::start(Settings::default()).await;
    let time = Duration::from_millis(1_500);
    let function = TestFunction::beside(simulator, closed.store(), time).await;
    let body = TestCustomer::of(&function.simulator).body();
    let answer = function.ask(&body).await;
    assert_eq!(answer.refusal(), (503, "store-unavailable"));
    assert_eq!(function.simulator.calls().count(&Matcher::iam()), 0);
}
