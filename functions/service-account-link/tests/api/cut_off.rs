//! Work cut off after each outbound call in turn.

use std::sync::Arc;
use std::time::Duration;

use function_runtime::start;
use http::Method;
use marketplace_simulator::{Fault, Matcher, Settings, Simulator};
use store::Store;

use crate::function::TestFunction;

/// More calls than a link makes.
const MANY: usize = 10;

pub(crate) async fn a_crash_between_creation_and_storing_is_completed_by_the_next_call(
    store: Store,
) {
    let function = Arc::new(TestFunction::start(store).await);
    let customer = function.customer().await;
    // Google makes the account and does not answer, and the request that asked for it is gone.
    let create = Matcher::iam().method(Method::POST);
    let lost = Fault::hang().after_effect();
    let held = function.simulator.faults().next(create, lost);
    let asking = tokio::spawn({
        let (function, body) = (Arc::clone(&function), customer.body());
        async move { function.ask(&body).await }
    });
    held.arrived().await;
    while function.simulator.service_accounts().is_empty() {
        tokio::task::yield_now().await;
    }
    let made = function.simulator.service_accounts();
    assert_eq!(function.account(customer.id()).await.service_account, None);
    // Another instance finds what was made, knows that it is this customer's, and stores it.
    let simulator = function.simulator.clone();
    let time = Duration::from_secs(8);
    let other = TestFunction::beside(simulator, function.store.clone(), time).await;
    let answer = other.ask(&customer.body()).await;
    assert_eq!(
        (answer.email(), &answer.body["created"]),
        (made[0].email.as_str(), &true.into())
    );
    let stored = other.account(customer.id()).await.service_account.unwrap();
    assert_eq!(stored.unique_id, made[0].unique_id);
    assert_eq!(other.simulator.service_accounts(), made);
    // The first one comes back after all, and agrees.
    held.release();
    let late = asking.await.unwrap();
    assert_eq!(
        (late.email(), &late.body["created"]),
        (made[0].email.as_str(), &false.into())
    );
}

pub(crate) async fn a_call_cut_off_at_any_point_is_completed_by_the_next(store: Store) {
    for moment in [Fault::cut(), Fault::cut().after_effect()] {
        for n in 1..MANY {
            start::install_crypto_provider();
            let simulator = Simulator::start(Settings::default()).await;
            let hurry = Duration::from_secs(2);
            let function = TestFunction::beside(simulator, store.clone(), hurry).await;
            let customer = function.customer().await;
            let faults = function.simulator.faults();
            let cut = faults.from_nth(n, Matcher::any(), moment);
            let answer = function.ask(&customer.body()).await;
            let hits = cut.hits();
            faults.clear();
            assert!(matches!(answer.status, 200 | 503), "{n}: {}", answer.body);
            let simulator = function.simulator.clone();
            let time = Duration::from_secs(8);
            let other = TestFunction::beside(simulator, store.clone(), time).await;
            let answer = other.ask(&customer.body()).await;
            let made = other.simulator.service_accounts();
            assert_eq!(made.len(), 1, "{n}");
            assert_eq!(answer.email(), made[0].email, "{n}");
            let stored = other.account(customer.id()).await.service_account.unwrap();
            assert_eq!(stored.unique_id, made[0].unique_id, "{n}");
            if hits == 0 {
                assert!(n > 2, "a link makes more than {n} calls");
                break;
            }
        }
    }
}
