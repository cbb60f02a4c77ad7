//! Registration forms that somebody made up.

use function_tests::refused::Refused;
use marketplace_simulator::Matcher;

use crate::form::OVER;
use crate::function::{Browser, Left, Setup, TestFunction};
use crate::open_form::{OpenForm, TYPED, opened};

const NOT_CONFIRMED: Refused = Refused::new(
    403,
    "form-not-confirmed",
    "the form does not belong to its session",
);

async fn submit(
    browser: &Browser,
    landing: &str,
    confirmation: &str,
) -> function_tests::wire::Answer {
    let form = OpenForm {
        landing: landing.to_owned(),
        confirmation: confirmation.to_owned(),
    };
    form.submit(browser).await
}

pub(crate) async fn a_form_without_its_confirmation_changes_nothing(setup: Setup) {
    let function = setup.form().start().await;
    let (order, other) = (function.buyer(), function.buyer());
    let browser = function.browser();
    let form = OpenForm::opened_by(&browser, &order).await;
    let foreign = OpenForm::opened_by(&function.browser(), &other).await;
    let cookie = browser.session_id(&form.landing).cookie_value();
    for forged in ["", "AAAA", &foreign.confirmation, &form.landing, &cookie] {
        let page = submit(&browser, &form.landing, forged).await;
        NOT_CONFIRMED.check(&function, &page, Some(&order));
    }
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(
        browser
            .session(&form.landing)
            .await
            .unwrap()
            .record
            .completed,
        None
    );
    assert_eq!(form.submit(&browser).await.status, 200);
}

pub(crate) async fn a_form_of_another_browser_is_nobodys(setup: Setup) {
    let function = setup.form().start().await;
    let (order, other) = (function.buyer(), function.buyer());
    let (browser, stranger) = (function.browser(), function.browser());
    let form = OpenForm::opened_by(&browser, &order).await;
    let own = OpenForm::opened_by(&stranger, &other).await;
    OVER.check(&function, &form.submit(&stranger).await, None);
    OVER.check(&function, &stranger.get(&form.target()).await, None);

    // Not even under the name of the landing it is not of.
    let secret = stranger.session_id(&own.landing).cookie_value();
    let name = format!("__Host-signup-{}", form.landing);
    stranger.take_cookie(&name, &secret);
    let page = submit(&stranger, &form.landing, &own.confirmation).await;
    OVER.check(&function, &page, None);
    for order in [&order, &other] {
        assert_eq!(function.left(&order.account).await, Left::NOTHING);
    }
}

fn nothing_is_asked(function: &TestFunction) {
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    assert_eq!(function.simulator.calls().count(&Matcher::sign_jwt()), 0);
}

pub(crate) async fn an_unknown_landing_is_over(setup: Setup) {
    let function = setup.form().start().await;
    let browser = function.browser();
    let unknown = "AAAAAAAAAAA";
    for target in [
        "/signup/register",
        "/signup/register?",
        "/signup/register?landing=",
        "/signup/register?landing=AAAAAAAAAAA",
        "/signup/register?landing=AAAAAAAAAAA&landing=AAAAAAAAAAA",
        "/signup/register?landing=../../accounts",
        "/signup/register?x=1&landing=AAAAAAAAAAA",
    ] {
        OVER.check(&function, &browser.get(target).await, None);
    }
    OVER.check(&function, &submit(&browser, unknown, "AAAA").await, None);
    let name = format!("__Host-signup-{unknown}");
    for secret in ["", "x", "00000000000000000000000000000000", "%00", "../a"] {
        browser.take_cookie(&name, secret);
        OVER.check(&function, &submit(&browser, unknown, "AAAA").await, None);
    }
    nothing_is_asked(&function);
}

pub(crate) async fn a_form_is_read_strictly(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    let (landing, confirmation) = (form.landing.as_str(), form.confirmation.as_str());
    let unreadable = Refused::new(
        400,
        "unreadable-form",
        "the posted form was not readable: a field",
    );
    let landing = ("landing", landing);
    let confirmation = ("confirmation", confirmation);
    for (fields, account) in [
        (vec![confirmation], None),
        (vec![landing, landing, confirmation], None),
        (vec![landing], Some(&order)),
        (vec![landing, confirmation, confirmation], Some(&order)),
        (
            vec![landing, confirmation, TYPED[0], TYPED[0]],
            Some(&order),
        ),
    ] {
        let page = browser.post("/signup/register", &fields).await;
        unreadable.check(&function, &page, account);
    }
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(form.submit(&browser).await.status, 200);
}

pub(crate) async fn there_is_no_form_in_mode_auto(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    // Another instance, with another configuration, while the form was open.
    let auto = Setup::beside(&function).start().await;
    let browser_there = auto.browser().with_cookies_of(&browser);
    let missing = Refused::new(404, "not-found", "nothing has this path");
    let page = form.submit(&browser_there).await;
    missing.check(&auto, &page, Some(&order));
    assert_eq!(auto.left(&order.account).await, Left::NOTHING);
    // The Marketplace's button works.
    assert_eq!(browser_there.arrive(&order).await.status, 200);
}
