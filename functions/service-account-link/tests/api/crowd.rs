//! Many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::Method;
use marketplace_simulator::{Fault, Matcher, Settings};
use serde_json::Value;
use store::Store;
use tokio::task::JoinSet;

use crate::function::{LinkAnswer, TestFunction};

const CROWD: usize = 100;

async fn ask_at_once(function: &Arc<TestFunction>, bodies: Vec<Value>) -> Vec<LinkAnswer> {
    let mut asking = JoinSet::new();
    for body in bodies {
        let function = Arc::clone(function);
        asking.spawn(async move { function.ask(&body).await });
    }
    asking.join_all().await
}

pub(crate) async fn a_hundred_first_calls_at_once_make_one_service_account(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    let answers = ask_at_once(&function, vec![customer.body(); CROWD]).await;
    let made = function.simulator.service_accounts();
    assert_eq!(made.len(), 1);
    assert!(answers.iter().all(|answer| answer.email() == made[0].email));
    let created = answers
        .iter()
        .filter(|answer| answer.body["created"] == true);
    assert_eq!(created.count(), 1);
    let stored = function.account(customer.id()).await;
    let stored = stored.service_account.unwrap();
    assert_eq!(stored.email, made[0].email);
    assert_eq!(stored.disabled, None);
    assert_eq!(stored.unique_id, made[0].unique_id);
}

pub(crate) async fn a_crowd_needs_no_google_that_knows_new_accounts_at_once(store: Store) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    let find = Matcher::iam().method(Method::GET);
    function.simulator.faults().always(find, Fault::status(404));
    let answers = ask_at_once(&function, vec![customer.body(); CROWD]).await;
    let made = function.simulator.service_accounts();
    assert_eq!(made.len(), 1);
    assert!(answers.iter().all(|answer| answer.email() == made[0].email));
}

pub(crate) async fn a_hundred_customers_at_once_have_a_hundred_service_accounts(store: Store) {
    let settings = Settings {
        service_account_quota: CROWD,
        ..Settings::default()
    };
    let function = Arc::new(TestFunction::with(store, settings).await);
    let mut bodies = Vec::new();
    for _ in 0..CROWD {
        bodies.push(function.customer().await.body());
    }
    let answers = ask_at_once(&function, bodies).await;
    let emails: BTreeSet<_> = answers.iter().map(LinkAnswer::email).collect();
    assert_eq!(emails.len(), CROWD);
    assert!(answers.iter().all(|answer| answer.body["created"] == true));
    let calls = function.simulator.calls();
    assert_eq!(calls.count(&Matcher::iam().method(Method::POST)), CROWD);
    assert_eq!(calls.count(&Matcher::access_token()), 1);
    assert_eq!(calls.count(&Matcher::any().path("/oauth2/v1/certs")), 1);
}
