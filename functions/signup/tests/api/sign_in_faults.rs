//! Google's own answers do not come, come late, or say nothing.

use std::time::Duration;

use function_tests::firestore_proxy::FirestoreProxy;
use function_tests::open_sign_in::OpenSignIn;
use function_tests::refused::Refused;
use function_tests::wire::Answer;
use marketplace_simulator::{Fault, Matcher, Order};
use serde_json::Value;

use crate::function::{Browser, Left, Setup, TestFunction};

const UNAVAILABLE: Refused = Refused::new(
    503,
    "sign-in-unavailable",
    "the sign-in with Google is not finished: ",
)
.retry_after("5");

/// With little time, for calls that are never answered.
pub(crate) fn quick() -> Setup {
    let setup = Setup::memory().signing_in();
    setup.within(Duration::from_secs(2))
}

/// Nobody got through; then Google is itself again, and another try does.
pub(crate) async fn the_next_try_works(
    browser: &Browser,
    order: &Order,
    sign_in: &OpenSignIn,
    page: &Answer,
) {
    let function = browser.function();
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    function.simulator.sign_in_as_google();
    let again = sign_in.again(browser, page).await;
    let page = again.by(browser, &order.user).await;
    assert_eq!(function.claims(&page).await["verified_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

/// Google's answer to this call does not come: the customer may reload, and where the code is
/// used up by then, try again.
async fn is_worth_another_try(call: Matcher, fault: Fault) {
    let (function, order, browser, sign_in) = quick().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    let faults = function.simulator.faults();
    faults.always(call, fault);
    UNAVAILABLE.check(&function, &browser.get(&callback).await, Some(&order));
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    faults.clear();
    let page = browser.get(&callback).await;
    if page.status == 200 {
        assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
        return;
    }
    assert_eq!(function.outcome(), "sign-in-refused");
    the_next_try_works(&browser, &order, &sign_in, &page).await;
}

#[tokio::test]
async fn a_token_endpoint_that_does_not_answer_is_a_503() {
    for fault in [
        Fault::status(429),
        Fault::status(500),
        Fault::status(503),
        Fault::status(302),
        Fault::cut(),
        Fault::cut_mid_body(),
        Fault::garbage(),
    ] {
        is_worth_another_try(Matcher::code_exchange(), fault).await;
    }
}

#[tokio::test]
async fn user_info_that_does_not_answer_is_a_503() {
    for fault in [
        Fault::status(429),
        Fault::status(500),
        Fault::status(503),
        Fault::cut(),
        Fault::cut_mid_body(),
        Fault::garbage(),
    ] {
        is_worth_another_try(Matcher::user_info(), fault).await;
    }
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_a_503() {
    let (function, order, browser, sign_in) = quick().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    let faults = function.simulator.faults();
    faults.always(Matcher::identity_keys(), Fault::status(503));
    UNAVAILABLE.check(&function, &browser.get(&callback).await, Some(&order));
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    faults.clear();
    // This instance waits a second before it asks again; another one knows nothing of the outage.
    let other = Setup::beside(&function).signing_in().start().await;
    let there = other.browser().with_cookies_of(&browser);
    let page = there.get(&callback).await;
    assert_eq!(other.outcome(), "sign-in-refused");
    the_next_try_works(&there, &order, &sign_in, &page).await;
}

/// An answer that takes longer than the request has is a 503 in time.
async fn is_not_waited_for(call: Matcher) {
    let (function, order, browser, sign_in) = quick().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    let faults = function.simulator.faults();
    faults.always(call, Fault::hang());
    let page = browser.get(&callback).await;
    assert_eq!((page.status, page.header("retry-after")), (503, Some("5")));
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
}

#[tokio::test]
async fn google_that_never_answers_is_not_waited_for() {
    for call in [
        Matcher::code_exchange(),
        Matcher::user_info(),
        Matcher::identity_keys(),
    ] {
        is_not_waited_for(call).await;
    }
}

#[tokio::test]
async fn an_answer_that_does_not_say_who_signed_in_is_a_503() {
    let writes: [fn(&TestFunction); 4] = [
        |function| {
            function
                .simulator
                .write_user_info(|body| without(body, "sub"));
        },
        |function| {
            function.simulator.write_user_info(|mut body| {
                body["sub"] = 42.into();
                body
            });
        },
        |function| {
            function
                .simulator
                .write_token_answers(|body| without(body, "id_token"));
        },
        |function| {
            function
                .simulator
                .write_token_answers(|body| without(body, "access_token"));
        },
    ];
    for write in writes {
        let (function, order, browser, sign_in) = quick().sent_to_google().await;
        write(&function);
        let page = sign_in.by(&browser, &order.user).await;
        UNAVAILABLE.check(&function, &page, Some(&order));
        assert_eq!(function.left(&order.account).await, Left::NOTHING);
        function.simulator.sign_in_as_google();
        assert_eq!(sign_in.by(&browser, &order.user).await.status, 200);
    }
}

fn without(mut body: Value, member: &str) -> Value {
    body.as_object_mut().unwrap().remove(member).unwrap();
    body
}

#[tokio::test]
async fn a_client_that_google_does_not_know_is_our_fault() {
    let setup = Setup::memory().signing_in();
    let setup = setup.with("GOOGLE_CLIENT_SECRET", "another-secret");
    let (function, order, browser, sign_in) = setup.sent_to_google().await;
    let page = sign_in.by(&browser, &order.user).await;
    let internal = Refused::new(
        500,
        "internal",
        "Google refused the OAuth client (invalid_client)",
    );
    internal.check(&function, &page, Some(&order));
    assert!(!function.log.text().contains("another-secret"));
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
}

#[tokio::test]
async fn a_store_that_goes_down_during_the_sign_in_is_a_503() {
    let gate = FirestoreProxy::start();
    let setup = Setup::over(gate.store()).within(Duration::from_secs(8));
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let unavailable = Refused {
        code: "store-unavailable",
        ..UNAVAILABLE
    };
    let callback = sign_in.callback(&browser, &order.user);
    gate.close();
    unavailable.check(&function, &browser.get(&callback).await, None);
    gate.open();
    let held = function
        .simulator
        .faults()
        .next(Matcher::user_info(), Fault::hang());
    let (page, ()) = tokio::join!(browser.get(&callback), async {
        held.arrived().await;
        gate.close();
        held.release();
    });
    unavailable.check(&function, &page, Some(&order));
    gate.open();
    // The code is used up by then.
    let page = browser.get(&callback).await;
    assert_eq!(function.outcome(), "sign-in-refused");
    the_next_try_works(&browser, &order, &sign_in, &page).await;
}
