//! The Procurement API fails, in each way and at each call.

use std::time::Duration;

use function_tests::refused::Refused;
use http::Method;
use marketplace_simulator::{Fault, Matcher};

use crate::function::{Left, Setup};

const COMPLETING: Refused = Refused::new(
    503,
    "registration-being-completed",
    "the account is recorded and not approved yet: a call of the Procurement API failed: ",
)
.retry_after("30");

fn account_read() -> Matcher {
    Matcher::procurement()
        .method(Method::GET)
        .path("/accounts/")
}

fn entitlements_listed() -> Matcher {
    let list = Matcher::procurement().method(Method::GET);
    list.path("example-partner/entitlements")
}

fn account_approved() -> Matcher {
    Matcher::procurement()
        .method(Method::POST)
        .path("/accounts/")
}

fn entitlement_approved() -> Matcher {
    let approval = Matcher::procurement().method(Method::POST);
    approval.path("/entitlements/")
}

/// With little time, for calls that are never answered.
fn quick() -> Setup {
    Setup::memory().within(Duration::from_secs(2))
}

/// The page says that it will be completed, and the next visit completes it.
async fn is_completed_by_the_next_visit(call: Matcher, fault: Fault, error: &'static str) {
    let (function, order) = quick().start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(call, fault);
    let page = function.browser().land(&token).await;
    COMPLETING.check(&function, &page, Some(&order));
    let refused = Refused {
        error,
        ..COMPLETING
    };
    refused.check(&function, &page, Some(&order));
    assert!(page.body.contains("Your registration is recorded"));
    assert_eq!(function.left(&order.account).await, Left::INTENT);
    faults.clear();
    let page = function.browser().land(&token).await;
    function.claims(&page).await;
    assert_eq!(function.outcome(), "signed-up");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

const ANSWERS: [(u16, &str); 7] = [
    (400, "the Procurement API refused the call (400"),
    (403, "the Procurement API denied access"),
    (404, "the Procurement API does not know the resource"),
    (409, "the Procurement API refused the call (409"),
    (429, "Google answered 429"),
    (500, "Google answered 500"),
    (503, "Google answered 503"),
];

async fn each_answer(call: impl Fn() -> Matcher) {
    for (status, error) in ANSWERS {
        is_completed_by_the_next_visit(call(), Fault::status(status), error).await;
    }
    let later = Fault::status(429).retry_after(Duration::from_mins(1));
    is_completed_by_the_next_visit(call(), later, "Google answered 429").await;
}

#[tokio::test]
async fn an_account_that_cannot_be_read_is_completed_later() {
    each_answer(account_read).await;
}

#[tokio::test]
async fn entitlements_that_cannot_be_listed_are_completed_later() {
    each_answer(entitlements_listed).await;
}

#[tokio::test]
async fn an_account_that_cannot_be_approved_is_completed_later() {
    each_answer(account_approved).await;
}

#[tokio::test]
async fn an_answer_that_is_cut_off_or_garbage_is_completed_later() {
    for call in [account_read(), entitlements_listed()] {
        for fault in [Fault::cut(), Fault::cut_mid_body(), Fault::garbage()] {
            is_completed_by_the_next_visit(
                call.clone(),
                fault,
                "there is no usable answer of Google's",
            )
            .await;
        }
    }
    for fault in [Fault::cut(), Fault::garbage()] {
        let call = account_approved();
        is_completed_by_the_next_visit(call, fault, "there is no usable answer of Google's").await;
    }
}

#[tokio::test]
async fn an_account_that_is_never_answered_for_is_completed_later() {
    is_completed_by_the_next_visit(account_read(), Fault::hang(), "").await;
}

#[tokio::test]
async fn a_list_that_never_comes_is_completed_later() {
    is_completed_by_the_next_visit(entitlements_listed(), Fault::hang(), "").await;
}

#[tokio::test]
async fn an_approval_that_is_never_answered_is_completed_later() {
    is_completed_by_the_next_visit(account_approved(), Fault::hang(), "").await;
}

#[tokio::test]
async fn a_short_trouble_is_not_noticed() {
    let short = Duration::from_secs(1);
    for (call, fault) in [
        (account_read(), Fault::status(503)),
        (account_read(), Fault::cut()),
        (entitlements_listed(), Fault::status(429)),
        (entitlements_listed(), Fault::garbage()),
        (account_approved(), Fault::status(429).retry_after(short)),
    ] {
        let (function, order) = Setup::memory().start_with_customer().await;
        let planned = function.simulator.faults().next(call, fault);
        let page = function.browser().arrive(&order).await;
        function.claims(&page).await;
        assert_eq!(planned.hits(), 1);
        assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
        assert_eq!(function.log.lines().len(), 1, "{}", function.log.text());
    }
}

#[tokio::test]
async fn an_approval_whose_answer_was_lost_is_found_to_have_happened() {
    for fault in [
        Fault::status(500),
        Fault::cut(),
        Fault::cut_mid_body(),
        Fault::garbage(),
        Fault::hang(),
    ] {
        let (function, order) = quick().start_with_customer().await;
        let lost = fault.after_effect();
        function.simulator.faults().next(account_approved(), lost);
        let page = function.browser().arrive(&order).await;
        function.claims(&page).await;
        assert_eq!(function.outcome(), "signed-up");
        assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
        let approvals = function.simulator.calls().count(&account_approved());
        assert_eq!(approvals, 1, "it is not sent again");
    }
}

#[tokio::test]
async fn an_operator_who_is_faster_counts() {
    let (function, order) = quick().start_with_customer().await;
    let held = function
        .simulator
        .faults()
        .next(account_approved(), Fault::hang());
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.arrive(&order), async {
        held.arrived().await;
        function.simulator.reject_account(&order.account).unwrap();
        function.simulator.approve_account(&order.account).unwrap();
        held.release();
    });
    function.claims(&page).await;
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

/// The customer is let in without waiting, and the next visit approves what was bought.
async fn is_approved_by_the_next_visit(fault: Fault, approved: u32) {
    let (function, order) = quick().start_with_customer().await;
    let token = function.buyers_token(&order);
    let faults = function.simulator.faults();
    faults.always(entitlement_approved(), fault);
    let page = function.browser().land(&token).await;
    let first = function.claims(&page).await;
    assert_eq!(function.outcome(), "signed-up");
    let left = Left {
        orders_approved: approved,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&order.account).await, left);
    let lines = function.log.lines();
    let warned = lines.iter().filter(|line| line["severity"] == "WARNING");
    let warned: Vec<_> = warned.collect();
    assert_eq!(warned.len(), usize::from(approved == 0), "{warned:?}");
    for line in warned {
        assert_eq!(line["message"], "entitlements wait for their approval");
        assert_eq!(line["accountId"], order.account.as_str());
    }
    faults.clear();
    let page = function.browser().land(&token).await;
    assert_eq!(function.claims(&page).await, first);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn an_entitlement_that_cannot_be_approved_does_not_keep_the_customer_out() {
    for (status, _) in ANSWERS {
        is_approved_by_the_next_visit(Fault::status(status), 0).await;
    }
    for fault in [Fault::cut(), Fault::garbage(), Fault::hang()] {
        is_approved_by_the_next_visit(fault, 0).await;
    }
}

#[tokio::test]
async fn an_entitlement_whose_approval_was_lost_is_found_to_be_approved() {
    for fault in [Fault::status(500), Fault::cut(), Fault::cut_mid_body()] {
        is_approved_by_the_next_visit(fault.after_effect(), 1).await;
    }
}
