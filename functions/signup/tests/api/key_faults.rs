//! The Marketplace's keys cannot be had, or change.

use std::time::Duration;

use function_tests::browser::TOKEN;
use function_tests::refused::Refused;
use function_tests::wire::{exchange, form_post};
use marketplace_simulator::{Fault, Matcher};
use tokio::task::JoinSet;

use crate::function::{Left, Setup};

const UNAVAILABLE: Refused = Refused::new(
    503,
    "verification-unavailable",
    "the token was not accepted: ",
)
.retry_after("5");

async fn keys_fail_by(fault: Fault) {
    let setup = Setup::memory().within(Duration::from_secs(1));
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(Matcher::marketplace_keys(), fault);
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, None);
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    faults.clear();
    // This instance waits a second before it asks again; another one knows nothing of the outage.
    let other = Setup::beside(&function).start().await;
    let page = other.browser().land(&token).await;
    assert_eq!(other.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_a_503() {
    for status in [400, 403, 404, 429, 500, 503] {
        keys_fail_by(Fault::status(status)).await;
    }
}

#[tokio::test]
async fn keys_that_are_cut_off_or_garbage_are_a_503() {
    for fault in [Fault::cut(), Fault::cut_mid_body(), Fault::garbage()] {
        keys_fail_by(fault).await;
    }
}

#[tokio::test]
async fn an_outage_of_the_keys_is_one_error_however_many_come() {
    let (function, order) = Setup::memory().start_with_customer().await;
    let faults = function.simulator.faults();
    faults.always(Matcher::marketplace_keys(), Fault::status(404));
    for _ in 0..5 {
        let token = function.buyers_token(&order);
        let page = function.browser().land(&token).await;
        assert_eq!(page.status, 503);
    }
    let lines = function.log.lines();
    let mut errors = lines.iter().filter(|line| line["severity"] == "ERROR");
    let outage = errors.next().unwrap();
    assert_eq!(outage["message"], "Google's keys were not refreshed");
    assert_eq!(errors.next(), None);
}

#[tokio::test]
async fn keys_that_never_come_are_a_503_in_time() {
    keys_fail_by(Fault::hang()).await;
}

#[tokio::test]
async fn keys_that_come_slowly_come() {
    let function = Setup::memory().start().await;
    let slow = Fault::slow(Duration::from_millis(20));
    function
        .simulator
        .faults()
        .always(Matcher::marketplace_keys(), slow);
    let order = function.buyer();
    assert_eq!(function.browser().arrive(&order).await.status, 200);
}

#[tokio::test]
async fn known_keys_outlast_an_outage() {
    let function = Setup::memory().start().await;
    let (first, second) = (function.buyer(), function.buyer());
    assert_eq!(function.browser().arrive(&first).await.status, 200);
    let down = Fault::status(503);
    function
        .simulator
        .faults()
        .always(Matcher::marketplace_keys(), down);
    assert_eq!(function.browser().arrive(&second).await.status, 200);
}

#[tokio::test]
async fn an_instance_recovers_by_itself() {
    let (function, order) = Setup::memory().start_with_customer().await;
    let token = function.buyers_token(&order);
    let browser = function.browser();
    let faults = function.simulator.faults();
    faults.always(Matcher::marketplace_keys(), Fault::cut());
    UNAVAILABLE.check(&function, &browser.land(&token).await, None);
    faults.clear();
    let before = function
        .simulator
        .calls()
        .count(&Matcher::marketplace_keys());
    // Refused without asking until the cool-down is over.
    while browser.land(&token).await.status == 503 {
        tokio::task::yield_now().await;
    }
    assert_eq!(function.outcome(), "signed-up");
    let after = function
        .simulator
        .calls()
        .count(&Matcher::marketplace_keys());
    assert_eq!(after, before + 1);
}

#[tokio::test]
async fn keys_that_rotate_under_load_are_fetched_once() {
    let function = Setup::memory().start().await;
    let keys = Matcher::marketplace_keys();
    let held = function
        .simulator
        .faults()
        .next(keys.clone(), Fault::hang());
    let mut visits = JoinSet::new();
    let visit = |visits: &mut JoinSet<_>| {
        let order = function.buyer();
        let token = function.buyers_token(&order);
        let request = form_post("/signup", &[(TOKEN, &token)], "");
        visits.spawn(exchange(function.address, request));
    };
    for _ in 0..10 {
        visit(&mut visits);
    }
    held.arrived().await;
    function.simulator.rotate_keys();
    for _ in 0..10 {
        visit(&mut visits);
    }
    held.release();
    let pages = visits.join_all().await;
    assert!(pages.iter().all(|page| page.status == 200));
    assert_eq!(function.simulator.calls().count(&keys), 1);
}
