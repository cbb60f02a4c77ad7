//! Service accounts that somebody else has changed.

use http::Method;
use marketplace_simulator::{Fault, Matcher};
use store::{Commit, Store};

use crate::customer::{TestCustomer, soon};
use crate::function::TestFunction;

/// A customer with a service account that is not new.
async fn customer(function: &TestFunction) -> (TestCustomer, String) {
    let customer = function.customer().await;
    let email = function.ask(&customer.body()).await.email().to_owned();
    let mut account = function.account(customer.id()).await;
    account.updated = customer.account.updated;
    let commit = Commit::new().put(&account);
    function.store.commit(commit, soon()).await.unwrap();
    (customer, email)
}

pub(crate) async fn what_somebody_disabled_is_reported_and_stays_disabled(store: Store) {
    let function = TestFunction::start(store).await;
    let (known, email) = customer(&function).await;
    function.meddle(Method::POST, &email, ":disable").await;
    let answer = function.ask_google(&known.body()).await;
    assert_eq!(answer.refusal(), (409, "service-account-disabled"));
    // The same where it was disabled before anybody stored it.
    let mut forgotten = known.clone();
    forgotten.account.service_account = None;
    forgotten.store(&function.store).await;
    let answer = function.ask(&forgotten.body()).await;
    assert_eq!(answer.refusal(), (409, "service-account-disabled"));
    assert!(function.is_disabled(&email));
    assert_eq!(function.account(known.id()).await.service_account, None);
}

pub(crate) async fn what_somebody_deleted_is_reported_and_not_made_again(store: Store) {
    let function = TestFunction::start(store).await;
    let (known, email) = customer(&function).await;
    function.meddle(Method::DELETE, &email, "").await;
    let answer = function.ask_google(&known.body()).await;
    assert_eq!(answer.refusal(), (409, "service-account-deleted"));
    // The same where it is to be enabled again.
    function.record_disabled(&known).await;
    let before = function.account(known.id()).await;
    let answer = function.ask(&known.body()).await;
    assert_eq!(answer.refusal(), (409, "service-account-deleted"));
    assert_eq!(function.simulator.service_accounts(), []);
    let after = function.account(known.id()).await;
    assert_eq!(after.service_account, before.service_account);
}

pub(crate) async fn what_somebody_made_again_is_reported(store: Store) {
    let function = TestFunction::start(store).await;
    let (known, email) = customer(&function).await;
    let (id, _) = email.split_once('@').unwrap();
    let description = function.description(&email);
    function.meddle(Method::DELETE, &email, "").await;
    function.create_foreign(id, &description).await;
    let answer = function.ask_google(&known.body()).await;
    assert_eq!(answer.refusal(), (409, "service-account-replaced"));
}

pub(crate) async fn what_was_not_made_for_this_customer_is_not_adopted(store: Store) {
    let function = TestFunction::start(store).await;
    // The address that this customer's account will have.
    let (first, email) = customer(&function).await;
    let (id, _) = email.split_once('@').unwrap();
    let ours = function.description(&email);
    for description in ["", "Somebody's", &ours[..ours.len() - 1]] {
        function.meddle(Method::DELETE, &email, "").await;
        function.create_foreign(id, description).await;
        let mut forgotten = first.clone();
        forgotten.account.service_account = None;
        forgotten.store(&function.store).await;
        let answer = function.ask(&first.body()).await;
        assert_eq!(answer.refusal(), (409, "service-account-not-ours"));
        assert_eq!(function.account(first.id()).await.service_account, None);
    }
}

pub(crate) async fn a_new_service_account_that_is_not_found_is_no_deleted_one(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    function.ask(&customer.body()).await.link();
    let find = Matcher::iam().method(Method::GET);
    function.simulator.faults().always(find, Fault::status(404));
    let answer = function.ask_google(&customer.body()).await;
    assert_eq!(answer.refusal(), (503, "service-account-not-known-yet"));
    // Another one, of which the first call's answer was lost.
    let other = function.customer().await;
    let create = Matcher::iam().method(Method::POST);
    let lost = Fault::status(503).after_effect();
    function.simulator.faults().next(create, lost);
    let answer = function.ask(&other.body()).await;
    assert_eq!(answer.refusal(), (503, "service-account-not-known-yet"));
    function.simulator.faults().clear();
    assert_eq!(function.ask(&other.body()).await.link()["created"], true);
    assert_eq!(function.simulator.service_accounts().len(), 2);
}
