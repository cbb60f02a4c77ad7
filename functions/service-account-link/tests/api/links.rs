//! Links, and the service accounts they are for.

use marketplace_simulator::Matcher;
use serde_json::json;
use store::{ServiceAccount, Store};

use crate::customer::TestCustomer;
use crate::environment::{PROJECT, SERVICE};
use crate::function::TestFunction;

pub(crate) async fn the_first_call_makes_a_service_account_and_every_later_one_finds_it(
    store: Store,
) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let first = function.ask(&customer.body()).await;
    let made = function.simulator.service_accounts();
    let [made] = made.as_slice() else {
        panic!("{made:?}");
    };
    let origin = function.simulator.origin();
    let url = format!(
        "{origin}/console.cloud.google.com/marketplace-saas/service-account/{SERVICE}/{}",
        made.email
    );
    assert_eq!(
        *first.link(),
        json!({
            "url": url,
            "service_account": made.email,
            "created": true,
            "note": "The service account is new. Google may not know it everywhere for a minute or \
                     more: repeat calls about it that are answered 400, 403 or 404.",
        })
    );
    let again = function.ask(&customer.body()).await;
    let link = json!({ "url": url, "service_account": made.email, "created": false });
    assert_eq!(*again.link(), link);
    assert_eq!(*function.ask_google(&customer.body()).await.link(), link);
    // It says whose it is, and its address does not.
    assert_eq!(made.project, PROJECT);
    assert!(made.display_name.contains(customer.id().as_str()));
    assert!(made.description.contains(SERVICE));
    let (id, _) = made.email.split_once('@').unwrap();
    assert!((6..=30).contains(&id.len()));
    assert!(made.description.contains(&id[1..]));
    assert!(!customer.id().as_str().contains(&id[1..]));
    let stored = function.account(customer.id()).await;
    let expected = ServiceAccount {
        email: made.email.clone(),
        unique_id: made.unique_id.clone(),
        disabled: None,
    };
    assert_eq!(stored.service_account, Some(expected));
    // Nothing else of the account has changed.
    assert_eq!(stored.company, customer.account.company);
    assert_eq!(stored.created, customer.account.created);
}

pub(crate) async fn the_usual_call_asks_google_nothing(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let first = function.ask(&customer.body()).await;
    let calls = function.simulator.calls();
    calls.clear();
    for _ in 0..10 {
        let again = function.ask(&customer.body()).await;
        assert_eq!(again.link()["url"], first.link()["url"]);
    }
    assert_eq!(calls.count(&Matcher::any()), 0);
    // An instance that has just started fetches Google's keys, and nothing else.
    let simulator = function.simulator.clone();
    let time = std::time::Duration::from_secs(8);
    let other = TestFunction::beside(simulator, function.store.clone(), time).await;
    other.ask(&customer.body()).await.link();
    let called: Vec<_> = calls.all().into_iter().map(|call| call.path).collect();
    assert_eq!(called, ["/oauth2/v1/certs"]);
}

pub(crate) async fn every_user_of_an_account_gets_the_same_service_account(store: Store) {
    let (function, first) = TestFunction::with_customer(store).await;
    let user = function.simulator.add_user(first.id(), Vec::new()).unwrap();
    let mut second = first.clone();
    second.link.user = user;
    second.store(&function.store).await;
    let answers = [
        function.ask(&first.body()).await,
        function.ask(&second.body()).await,
    ];
    assert_eq!(answers[0].email(), answers[1].email());
    assert_eq!(function.simulator.service_accounts().len(), 1);
}

pub(crate) async fn every_account_gets_its_own_service_account(store: Store) {
    let function = TestFunction::start(store).await;
    let customers: [TestCustomer; 2] = [function.customer().await, function.customer().await];
    let answers = [
        function.ask(&customers[0].body()).await,
        function.ask(&customers[1].body()).await,
    ];
    assert_ne!(answers[0].email(), answers[1].email());
    // One user's link is good for their account alone.
    let mixed = json!({ "account": customers[0].id(), "user": customers[1].user() });
    let answer = function.ask(&mixed).await;
    assert_eq!(answer.refusal(), (404, "user-not-linked"));
}
