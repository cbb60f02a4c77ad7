//! The registration form again and again: refreshed, double-clicked, in several tabs.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use marketplace_simulator::{Fault, Matcher, Order};
use store::Account;

use crate::form::another_token;
use crate::function::{Left, Setup};
use crate::open_form::{OpenForm, TYPED, opened};

pub(crate) async fn a_form_that_is_refreshed_is_the_same_form(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    let again = OpenForm::on(&browser.get(&form.target()).await);
    assert_eq!(again.confirmation, form.confirmation);
    assert_eq!(form.submit(&browser).await.status, 200);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_form_that_is_sent_again_gets_the_same_hand_off(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    let first = function.claims(&form.submit(&browser).await).await;
    // The registration is done, and what is typed now changes nothing.
    let typed = [TYPED[0], ("name", ""), TYPED[2]];
    let again = form.submit_with(&browser, &typed).await;
    assert_eq!(function.claims(&again).await, first);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_double_click_is_one_registration(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    let (one, other) = tokio::join!(form.submit(&browser), form.submit(&browser));
    let (one, other) = (function.claims(&one).await, function.claims(&other).await);
    assert_eq!(one, other);
    assert_eq!(one["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

/// Everything that a commit demands is read again, the session too: the first commit completed it.
pub(crate) async fn a_form_is_taken_although_the_account_changes_meanwhile(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    let faults = function.simulator.faults();
    let held = faults.next(Matcher::sign_jwt(), Fault::hang());
    let (page, ()) = tokio::join!(form.submit(&browser), async {
        held.arrived().await;
        let change = |account: &mut Account| account.updated += SignedDuration::from_secs(1);
        function.change_account(&order.account, change).await;
        held.release();
    });
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn two_tabs_with_two_accounts_do_not_mix(setup: Setup) {
    let function = setup.form().start().await;
    let (one, other) = (function.buyer(), function.buyer());
    let browser = function.browser();
    let first = OpenForm::opened_by(&browser, &one).await;
    let second = OpenForm::opened_by(&browser, &other).await;
    assert_eq!(browser.cookies().len(), 2);
    for (form, order, name) in [(first, one, "Ada Keller"), (second, other, "Bruno Sato")] {
        let typed = [TYPED[0], ("name", name), TYPED[2]];
        let page = form.submit_with(&browser, &typed).await;
        let claims = function.claims(&page).await;
        assert_eq!(claims["sub"], order.account.as_str());
        assert_eq!(claims["unverified_profile"]["name"], name);
        assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    }
}

pub(crate) async fn two_tabs_with_one_account_end_in_one_registration(setup: Setup) {
    let (function, order, browser) = setup.form().start_with_browser().await;
    let first = OpenForm::opened_by(&browser, &order).await;
    let second = OpenForm::open(&browser, &another_token(&function, &order)).await;
    let mut ids = BTreeSet::new();
    for (form, new_user) in [(first, true), (second, false)] {
        let claims = function.claims(&form.submit(&browser).await).await;
        assert_eq!(claims["new_user"], new_user);
        ids.insert(claims["jti"].to_string());
    }
    assert_eq!(ids.len(), 2, "two tokens are two hand-offs");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

/// One token, reloaded before its form was sent: two sessions.
async fn two_forms_of_one_token(
    browser: &crate::function::Browser,
    order: &Order,
) -> (OpenForm, OpenForm, String) {
    let token = browser.function().buyers_token(order);
    let first = OpenForm::open(browser, &token).await;
    let second = OpenForm::open(browser, &token).await;
    assert_ne!(first.landing, second.landing);
    (first, second, token)
}

pub(crate) async fn two_tabs_with_one_token_get_one_hand_off(setup: Setup) {
    let (function, order, browser) = setup.form().start_with_browser().await;
    let (first, second, _) = two_forms_of_one_token(&browser, &order).await;
    let one = first.submit(&browser).await;
    let one = function.claims(&one).await;
    let typed = [TYPED[0], ("name", "Bruno Sato"), TYPED[2]];
    let other = second.submit_with(&browser, &typed).await;
    assert_eq!(function.claims(&other).await, one, "as it is stored");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_token_stays_spent_as_long_as_any_of_its_forms_is_open(setup: Setup) {
    let (function, order, browser) = setup.form().start_with_browser().await;
    let (first, second, token) = two_forms_of_one_token(&browser, &order).await;
    assert_eq!(first.submit(&browser).await.status, 200);
    let stored = function.replay(&token).await.unwrap();
    let open = browser.session(&second.landing).await.unwrap().record;
    assert!(stored.record.keep_until >= open.expires);

    // A minute later the hand-off is over, and the other form is sent.
    function.let_hand_off_expire(&token).await;
    let page = second.submit(&browser).await;
    let dropped = page.header("set-cookie").unwrap();
    assert!(dropped.ends_with("; Max-Age=0"), "{dropped}");
    function.led_to_login_from_form(&page, "token-spent");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}
