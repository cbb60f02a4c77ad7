//! Callbacks of another browser or another time, and what Google may answer wrongly. All of the
//! protocol is `customer-entry`'s; here it is seen at login's own addresses.

use function_tests::open_sign_in::OpenSignIn;
use function_tests::refused::Refused;
use function_tests::wire::{bare, exchange};
use marketplace_simulator::{Fault, Matcher, Simulator};
use serde_json::Value;

use crate::function::{Browser, Setup};
use crate::order_list::OrderList;

const OVER: Refused = Refused::new(
    410,
    "landing-over",
    "the sign-in with Google is not finished: this browser has no open session of this landing",
);

const UNAVAILABLE: Refused = Refused::new(
    503,
    "sign-in-unavailable",
    "the sign-in with Google is not finished",
)
.retry_after("5");

pub(crate) async fn a_callback_is_of_the_browser_and_the_landing_that_began(setup: Setup) {
    let function = setup.signing_in().start().await;
    let (order, other) = (function.registered().await, function.registered().await);
    let (browser, stranger) = (function.browser(), function.browser());
    let sign_in = OpenSignIn::start(&browser, &order).await;
    let own = OpenSignIn::start(&stranger, &other).await;
    // Login CSRF: the attacker's callback in the victim's browser, and the other way round.
    let callback = sign_in.callback(&browser, &order.user);
    OVER.check(&function, &stranger.get(&callback).await, None);
    let foreign = own.callback(&stranger, &other.user);
    OVER.check(&function, &browser.get(&foreign).await, None);
    OVER.check(&function, &stranger.get(&sign_in.another_try()).await, None);
    assert_eq!(function.exchanges(), 0);
    function.nobody_was_handed_over();
    // Neither of them was used up.
    for (browser, callback, order) in [(browser, callback, order), (stranger, foreign, other)] {
        let claims = function.claims(&browser.get(&callback).await).await;
        assert_eq!(claims["sub"], order.account.as_str());
    }
}

pub(crate) async fn a_callback_that_is_replayed_leads_to_the_same_hand_off(setup: Setup) {
    let (function, order, browser) = setup.signing_in().start_with_browser().await;
    let token = function.buyers_token(&order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let callback = sign_in.callback(&browser, &order.user);
    let first = function.claims(&browser.get(&callback).await).await;
    for target in [callback.clone(), sign_in.another_try()] {
        let again = browser.get(&target).await;
        assert_eq!(function.claims(&again).await, first);
        assert_eq!(function.outcome(), "handed-over-again");
    }
    function.let_hand_off_expire(&token).await;
    let answer = browser.get(&callback).await;
    function.answered(&answer, 303, "token-spent");
    assert_eq!(function.exchanges(), 1);
}

pub(crate) async fn a_callback_that_is_replayed_leads_back_to_the_list(setup: Setup) {
    let function = setup.with_orders().signing_in().start().await;
    let [order, _] = function.with_two_orders().await;
    let browser = function.browser();
    let sign_in = OpenSignIn::start(&browser, &order).await;
    let callback = sign_in.callback(&browser, &order.user);
    for target in [&callback, &callback, &sign_in.another_try()] {
        let back = browser.get(target).await;
        function.answered(&back, 303, "signed-in");
        assert_eq!(
            back.header("location"),
            Some(sign_in.step("orders").as_str())
        );
    }
    let list = OrderList::on(&browser.get(&sign_in.step("orders")).await);
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    let first = function.claims(&page).await;
    let again = browser.get(&callback).await;
    assert_eq!(function.claims(&again).await, first);
    assert_eq!(function.exchanges(), 1);
}

pub(crate) async fn a_callback_of_an_attempt_that_is_over_asks_for_another_try(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    sign_in.denied(&browser).await;
    let page = browser.get(&callback).await;
    function.answered(&page, 410, "sign-in-over");
    assert_eq!(function.exchanges(), 0);
    let again = sign_in.again(&browser, &page).await;
    let page = again.by(&browser, &order.user).await;
    function.claims(&page).await;
}

pub(crate) async fn a_callback_after_the_session_expired_is_over(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    browser.let_session_expire(&sign_in.landing).await;
    OVER.check(&function, &browser.get(&callback).await, None);
    OVER.check(&function, &browser.get(&sign_in.another_try()).await, None);
    assert_eq!(function.exchanges(), 0);
}

/// With little time, for calls that are never answered.
fn quick() -> Setup {
    let setup = Setup::memory().signing_in();
    setup.within(std::time::Duration::from_secs(2))
}

#[tokio::test]
async fn a_callback_without_a_good_state_is_refused() {
    let function = quick().start().await;
    let browser = function.browser();
    let order = function.registered().await;
    OpenSignIn::start(&browser, &order).await;
    let unreadable = Refused::new(
        400,
        "unreadable-callback",
        "the sign-in with Google is not finished: the callback was not readable",
    );
    for query in [
        "",
        "?",
        "?code=a",
        "?state=&code=a",
        "?state=a&state=a&code=b",
    ] {
        let page = browser.get(&format!("/login/callback{query}")).await;
        unreadable.check(&function, &page, None);
    }
    let page = browser
        .get("/login/callback?state=AAAAAAAAAAA.x&code=a")
        .await;
    OVER.check(&function, &page, None);
    assert_eq!(function.exchanges(), 0);
}

#[tokio::test]
async fn a_head_or_a_post_uses_up_no_code() {
    let function = quick().start().await;
    let browser = function.browser();
    let order = function.registered().await;
    let sign_in = OpenSignIn::start(&browser, &order).await;
    let callback = sign_in.callback(&browser, &order.user);
    let wrong = Refused::new(
        405,
        "method-not-allowed",
        "the path does not accept this method",
    );
    for target in [callback.clone(), sign_in.another_try()] {
        let page = browser.post(&target, &[]).await;
        wrong.check(&function, &page, None);
        assert_eq!(page.header("allow"), Some("GET"));
        let page = exchange(function.address, bare("HEAD", &target, "")).await;
        assert_eq!((page.status, page.body.as_str()), (405, ""));
    }
    function.claims(&browser.get(&callback).await).await;
}

/// What is wrong with the answer leads to a page with another try, and that works.
async fn leads_to_another_try(outcome: &str, change: impl Fn(&Simulator)) {
    let (function, order) = quick().start_with_customer().await;
    let before = function.left(&order.account).await;
    let browser = function.browser();
    let sign_in = OpenSignIn::start(&browser, &order).await;
    let callback = sign_in.callback(&browser, &order.user);
    change(&function.simulator);
    let page = browser.get(&callback).await;
    function.answered(&page, 403, outcome);
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    function.simulator.sign_in_as_google();
    let again = sign_in.again(&browser, &page).await;
    let page = again.by(&browser, &order.user).await;
    assert_eq!(function.claims(&page).await["verified_user"], true);
}

#[tokio::test]
async fn an_id_token_that_is_not_good_lets_nobody_in() {
    for (claim, value) in [("nonce", "another"), ("aud", "another"), ("iss", "another")] {
        leads_to_another_try("sign-in-refused", |google| {
            google.write_id_tokens(move |claims, key| claims.set(claim, value).signed_by(key));
        })
        .await;
    }
}

#[tokio::test]
async fn ids_that_are_not_all_equal_let_nobody_in() {
    leads_to_another_try("wrong-person", |google| {
        google.write_id_tokens(|claims, key| claims.set("sub", "42").signed_by(key));
    })
    .await;
    leads_to_another_try("wrong-person", |google| {
        google.write_user_info(|mut body| {
            body["sub"] = "42".into();
            body
        });
    })
    .await;
}

#[tokio::test]
async fn a_code_that_google_refuses_lets_nobody_in() {
    leads_to_another_try("sign-in-refused", Simulator::expire_codes).await;
}

async fn is_unavailable(browser: &Browser, callback: &str, order: &marketplace_simulator::Order) {
    let function = browser.function();
    UNAVAILABLE.check(function, &browser.get(callback).await, Some(order));
    function.nobody_was_handed_over();
}

#[tokio::test]
async fn user_info_that_is_down_or_says_nobody_is_a_503() {
    for fault in [Fault::status(500), Fault::cut(), Fault::hang()] {
        let (function, order, browser, sign_in) = quick().sent_to_google().await;
        let callback = sign_in.callback(&browser, &order.user);
        let faults = function.simulator.faults();
        faults.always(Matcher::user_info(), fault);
        let page = browser.get(&callback).await;
        assert_eq!((page.status, page.header("retry-after")), (503, Some("5")));
        function.nobody_was_handed_over();
    }
    let (function, order, browser, sign_in) = quick().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    function.simulator.write_user_info(|mut body: Value| {
        body.as_object_mut().unwrap().remove("sub");
        body
    });
    is_unavailable(&browser, &callback, &order).await;
}
