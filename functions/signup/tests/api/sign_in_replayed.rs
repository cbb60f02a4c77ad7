//! The back button, and a callback that comes twice.

use function_tests::open_sign_in::OpenSignIn;

use crate::function::{Left, Setup};
use crate::open_form::OpenForm;

pub(crate) async fn a_callback_that_is_replayed_leads_to_the_same_hand_off(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    let first = function.claims(&browser.get(&callback).await).await;
    for target in [callback, sign_in.another_try()] {
        let again = browser.get(&target).await;
        assert_eq!(function.claims(&again).await, first);
        assert_eq!(function.outcome(), "handed-over-again");
    }
    assert_eq!(function.exchanges(), 1);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_callback_that_is_replayed_leads_back_to_the_form(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().form().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    for target in [&callback, &callback, &sign_in.another_try()] {
        let back = browser.get(target).await;
        function.answered(&back, 303, "signed-in");
        let form = back.header("location").unwrap().to_owned();
        assert_eq!(browser.get(&form).await.status, 200);
    }
    let form = format!("/signup/register?landing={}", sign_in.landing);
    let form = OpenForm::on(&browser.get(&form).await);
    let first = function.claims(&form.submit(&browser).await).await;
    let again = browser.get(&callback).await;
    assert_eq!(function.claims(&again).await, first);
    assert_eq!(function.exchanges(), 1);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_callback_that_is_replayed_too_late_leads_to_the_login_page(setup: Setup) {
    let (function, order, browser) = setup.signing_in().start_with_browser().await;
    let token = function.buyers_token(&order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let callback = sign_in.callback(&browser, &order.user);
    assert_eq!(browser.get(&callback).await.status, 200);
    function.let_hand_off_expire(&token).await;
    let answer = browser.get(&callback).await;
    function.led_to_login(&answer, "token-spent");
    assert_eq!(function.exchanges(), 1);
}

pub(crate) async fn a_callback_that_comes_twice_at_once_is_one_registration(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    let pages = tokio::join!(browser.get(&callback), browser.get(&callback));
    // Google takes the code once: the other one gets the same hand-off, or a link that leads to it.
    let pages = [pages.0, pages.1];
    let lucky: Vec<_> = pages.iter().filter(|page| page.status == 200).collect();
    let claims = function.claims(lucky[0]).await;
    assert!(
        pages
            .iter()
            .all(|page| [200, 403, 410].contains(&page.status))
    );
    let page = browser.get(&sign_in.another_try()).await;
    assert_eq!(function.claims(&page).await, claims);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn a_hand_off_of_somebody_else_is_not_made_by_a_session_that_did_not_sign_in() {
    let (function, order) = Setup::memory().signing_in().start_with_customer().await;
    let (browser, other) = (function.browser(), function.browser());
    let token = function.buyers_token(&order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let waiting = OpenSignIn::on(&other, &other.land(&token).await);
    assert_eq!(sign_in.by(&browser, &order.user).await.status, 200);
    // The token is handed off; another person who has it must still show who they are.
    let page = waiting.by(&other, &function.simulator.stranger()).await;
    function.answered(&page, 403, "wrong-person");
    function.let_hand_off_expire(&token).await;
    let again = waiting.again(&other, &page).await;
    let answer = again.by(&other, &order.user).await;
    function.answered(&answer, 303, "token-spent");
}
