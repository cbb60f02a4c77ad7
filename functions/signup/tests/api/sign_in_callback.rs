//! Callbacks that are of another browser, another landing or another time.

use function_tests::open_sign_in::OpenSignIn;
use function_tests::refused::Refused;

use crate::function::{Left, Setup};

const OVER: Refused = Refused::new(
    410,
    "landing-over",
    "the sign-in with Google is not finished: this browser has no open session of this landing",
);

const UNREADABLE: Refused = Refused::new(
    400,
    "unreadable-callback",
    "the sign-in with Google is not finished: the callback was not readable",
);

pub(crate) async fn a_callback_is_of_the_browser_that_began(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    let other = function.browser();
    OVER.check(&function, &other.get(&callback).await, None);
    OVER.check(&function, &other.get(&sign_in.another_try()).await, None);
    assert_eq!(function.exchanges(), 0);
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(browser.get(&callback).await.status, 200);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_callback_of_another_landing_is_not_exchanged(setup: Setup) {
    let (function, order, browser, first) = setup.signing_in().sent_to_google().await;
    let second = OpenSignIn::start(&browser, &order).await;
    let (_, random) = first.query["state"].split_once('.').unwrap();
    for state in [
        format!("{}.{random}", second.landing),
        format!("{}.", second.landing),
        format!("{}x", second.query["state"]),
    ] {
        let page = browser
            .get(&format!("/signup/callback?code=4%2F0A&state={state}"))
            .await;
        function.answered(&page, 410, "sign-in-over");
        assert!(page.body.contains(&second.another_try()), "{}", page.body);
    }
    assert_eq!(function.exchanges(), 0);
    // The sign-in itself goes on.
    assert_eq!(second.by(&browser, &order.user).await.status, 200);
}

pub(crate) async fn a_callback_after_the_session_expired_is_over(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    browser.let_session_expire(&sign_in.landing).await;
    OVER.check(&function, &sign_in.by(&browser, &order.user).await, None);
    OVER.check(&function, &browser.get(&sign_in.another_try()).await, None);
    assert_eq!(function.exchanges(), 0);
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
}

pub(crate) async fn an_attempt_that_google_answered_is_used_up(setup: Setup) {
    let (function, order, browser, first) = setup.signing_in().sent_to_google().await;
    let right = first.callback(&browser, &order.user);
    assert_eq!(first.denied(&browser).await.status, 403);
    // The same attempt, answered rightly by the person who pressed the back button.
    let page = browser.get(&right).await;
    function.answered(&page, 410, "sign-in-over");
    assert_eq!(function.exchanges(), 0);
    let second = first.again(&browser, &page).await;
    let stranger = function.simulator.stranger();
    assert_eq!(second.by(&browser, &stranger).await.status, 403);
    assert_eq!(function.exchanges(), 1);
    let page = second.by(&browser, &order.user).await;
    assert_eq!(function.outcome(), "sign-in-over");
    assert_eq!(function.exchanges(), 1);
    let third = second.again(&browser, &page).await;
    assert_eq!(third.by(&browser, &order.user).await.status, 200);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn two_tabs_sign_in_two_accounts(setup: Setup) {
    let function = setup.signing_in().start().await;
    let (one, other) = (function.buyer(), function.buyer());
    let browser = function.browser();
    let first = OpenSignIn::start(&browser, &one).await;
    let second = OpenSignIn::start(&browser, &other).await;
    // The right person of the one account is the wrong one of the other.
    assert_eq!(first.by(&browser, &other.user).await.status, 403);
    assert_eq!(function.outcome(), "wrong-person");
    let page = second.by(&browser, &other.user).await;
    assert_eq!(function.claims(&page).await["sub"], other.account.as_str());
    assert_eq!(function.left(&one.account).await, Left::NOTHING);
    assert_eq!(function.left(&other.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn a_callback_without_one_state_of_ours_is_unreadable() {
    let (function, order, browser, sign_in) = Setup::memory().signing_in().sent_to_google().await;
    let state = &sign_in.query["state"];
    for query in [
        String::new(),
        "?code=4%2F0A".to_owned(),
        "?code=4%2F0A&state=".to_owned(),
        "?code=4%2F0A&state=../../accounts.x".to_owned(),
        format!("?code=4%2F0A&state=x{state}"),
        format!("?code=4%2F0A&state={state}&state={state}"),
        format!("?code=4%2F0A&code=4%2F0A&state={state}"),
        format!("?code=%FF&state={state}"),
    ] {
        let page = browser.get(&format!("/signup/callback{query}")).await;
        UNREADABLE.check(&function, &page, None);
    }
    for query in [
        "",
        "?landing=",
        "?landing=AAAAAAAAAAA",
        "?landing=../../accounts",
    ] {
        let page = browser.get(&format!("/signup/sign-in{query}")).await;
        OVER.check(&function, &page, None);
    }
    assert_eq!(function.exchanges(), 0);
    assert_eq!(sign_in.by(&browser, &order.user).await.status, 200);
}

#[tokio::test]
async fn an_error_of_google_or_no_answer_at_all_leads_to_another_try() {
    let (function, order, browser, mut sign_in) =
        Setup::memory().signing_in().sent_to_google().await;
    for (answer, logged) in [
        ("&error=server_error", "Google answered server_error"),
        ("&error=%3Cscript%3E", "Google answered unknown"),
        ("&error=", "Google answered unknown"),
        ("&code=", "Google answered neither code nor error"),
        ("", "Google answered neither code nor error"),
    ] {
        let target = format!("/signup/callback?state={}{answer}", sign_in.query["state"]);
        let page = browser.get(&target).await;
        function.answered(&page, 403, "sign-in-refused");
        let log = function.log.text();
        assert!(log.contains(logged) && !log.contains("script"), "{log}");
        sign_in = sign_in.again(&browser, &page).await;
    }
    assert_eq!(function.exchanges(), 0);
    assert_eq!(sign_in.by(&browser, &order.user).await.status, 200);
}

#[tokio::test]
async fn only_a_get_uses_up_a_code() {
    let (function, order, browser, sign_in) = Setup::memory().signing_in().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    for target in [callback.as_str(), "/signup/sign-in?landing=AAAAAAAAAAA"] {
        let page = browser.post(target, &[]).await;
        assert_eq!((page.status, page.header("allow")), (405, Some("GET")));
        let head = function_tests::wire::bare("HEAD", target, "");
        assert_eq!(
            function_tests::wire::exchange(function.address, head)
                .await
                .status,
            405
        );
    }
    assert_eq!(function.exchanges(), 0);
    assert_eq!(browser.get(&callback).await.status, 200);
}

#[tokio::test]
async fn without_sign_in_there_is_no_callback() {
    let function = Setup::memory().start().await;
    for target in [
        "/signup/callback?code=a&state=b",
        "/signup/sign-in?landing=AAAAAAAAAAA",
    ] {
        assert_eq!(function.browser().get(target).await.status, 404);
    }
}
