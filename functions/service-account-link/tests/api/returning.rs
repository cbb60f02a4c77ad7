//! Customers whose access ended, and came back.

use std::sync::Arc;

use http::Method;
use jiff::Timestamp;
use marketplace::EntitlementState as State;
use marketplace_simulator::{Fault, Matcher};
use store::{Commit, Store};

use crate::customer::{TestCustomer, soon};
use crate::function::TestFunction;

/// As procurement events do when the last order ends: Google first, then the store.
async fn end_access(function: &TestFunction, customer: &TestCustomer, email: &str) {
    store_state(function, customer, State::Cancelled).await;
    function.meddle(Method::POST, email, ":disable").await;
    function.record_disabled(customer).await;
}

/// The state of the customer's order, in a commit that touches the account, as all such commits do.
async fn store_state(function: &TestFunction, customer: &TestCustomer, state: State) {
    let mut account = function.account(customer.id()).await;
    account.touched = Some(Timestamp::now());
    let mut entitlement = customer.entitlement.clone();
    entitlement.state = state;
    let commit = Commit::new().put(&account).put(&entitlement);
    function.store.commit(commit, soon()).await.unwrap();
}

pub(crate) async fn an_account_that_was_disabled_at_the_end_of_access_is_enabled_again(
    store: Store,
) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let email = function.ask(&customer.body()).await.email().to_owned();
    let before = function.account(customer.id()).await.service_account;
    end_access(&function, &customer, &email).await;
    let answer = function.ask(&customer.body()).await;
    assert_eq!(answer.refusal(), (409, "access-ended"));
    assert!(function.is_disabled(&email));
    store_state(&function, &customer, State::Active).await;
    let answer = function.ask(&customer.body()).await;
    assert_eq!(answer.email(), email);
    assert_eq!(answer.body["created"], false);
    assert!(!function.is_disabled(&email));
    // It is the same one, with the access that the customer granted to it.
    assert_eq!(
        function.account(customer.id()).await.service_account,
        before
    );
    assert_eq!(function.simulator.service_accounts().len(), 1);
    function.ask_google(&customer.body()).await.link();
}

pub(crate) async fn an_access_that_ends_while_it_is_given_back_stays_ended(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    let email = function.ask(&customer.body()).await.email().to_owned();
    end_access(&function, &customer, &email).await;
    store_state(&function, &customer, State::Active).await;
    let enable = Matcher::iam().path(":enable");
    let held = function.simulator.faults().next(enable, Fault::hang());
    let asking = tokio::spawn({
        let (function, body) = (Arc::clone(&function), customer.body());
        async move { function.ask(&body).await }
    });
    held.arrived().await;
    store_state(&function, &customer, State::Cancelled).await;
    held.release();
    let answer = asking.await.unwrap();
    assert_eq!(answer.refusal(), (409, "access-ended"));
    assert!(function.is_disabled(&email));
    let stored = function.account(customer.id()).await.service_account;
    assert!(stored.unwrap().disabled.is_some());
}

pub(crate) async fn what_is_about_to_be_enabled_is_stored_before(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    let email = function.ask(&customer.body()).await.email().to_owned();
    end_access(&function, &customer, &email).await;
    store_state(&function, &customer, State::Active).await;
    let enable = Matcher::iam().path(":enable");
    let held = function.simulator.faults().next(enable, Fault::hang());
    let asking = tokio::spawn({
        let (function, body) = (Arc::clone(&function), customer.body());
        async move { function.ask(&body).await }
    });
    held.arrived().await;
    // A crash now leaves a record by which the end of access disables whatever Google has.
    let stored = function.account(customer.id()).await;
    assert!(stored.service_account_may_work());
    assert!(stored.service_account.unwrap().disabled.is_some());
    held.release();
    assert_eq!(asking.await.unwrap().email(), email);
}

pub(crate) async fn what_could_not_be_disabled_again_is_recorded_as_maybe_working(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    let email = function.ask(&customer.body()).await.email().to_owned();
    end_access(&function, &customer, &email).await;
    store_state(&function, &customer, State::Active).await;
    let faults = function.simulator.faults();
    let held = faults.next(Matcher::iam().path(":enable"), Fault::hang());
    let asking = tokio::spawn({
        let (function, body) = (Arc::clone(&function), customer.body());
        async move { function.ask(&body).await }
    });
    held.arrived().await;
    store_state(&function, &customer, State::Cancelled).await;
    faults.always(Matcher::iam().path(":disable"), Fault::status(403));
    held.release();
    let answer = asking.await.unwrap();
    assert_eq!(answer.refusal(), (503, "iam-permission-missing"));
    assert!(!function.is_disabled(&email));
    let stored = function.account(customer.id()).await;
    assert!(stored.service_account_may_work());
}

pub(crate) async fn two_requests_that_give_access_back_agree(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let email = function.ask(&customer.body()).await.email().to_owned();
    end_access(&function, &customer, &email).await;
    store_state(&function, &customer, State::Active).await;
    let body = customer.body();
    let (first, second) = tokio::join!(function.ask(&body), function.ask(&body));
    assert_eq!(
        (first.email(), second.email()),
        (email.as_str(), email.as_str())
    );
    assert!(!function.is_disabled(&email));
    let stored = function.account(customer.id()).await.service_account;
    assert_eq!(stored.unwrap().disabled, None);
}

pub(crate) async fn a_first_call_is_answered_although_the_account_changes_meanwhile(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    let create = Matcher::iam().method(Method::POST).path("/serviceAccounts");
    let held = function.simulator.faults().next(create, Fault::hang());
    let asking = tokio::spawn({
        let (function, body) = (Arc::clone(&function), customer.body());
        async move { function.ask(&body).await }
    });
    held.arrived().await;
    store_state(&function, &customer, State::PendingCancellation).await;
    held.release();
    let answer = asking.await.unwrap();
    let stored = function.account(customer.id()).await.service_account;
    assert_eq!(answer.email(), stored.unwrap().email);
    assert_eq!(function.simulator.service_accounts().len(), 1);
}
