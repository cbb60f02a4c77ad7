//! Work cut off after each outbound call in turn, and resumed to the same end.

use function_tests::open_sign_in::OpenSignIn;
use marketplace_simulator::{Fault, Matcher, Planned};

use crate::form::another_token;
use crate::function::{Left, Setup, TestFunction};
use crate::open_form::opened;

/// More calls than a sign-up makes.
const MANY: usize = 30;

/// From the `n`th call on, nothing gets through to Google.
fn cut_from(function: &TestFunction, n: usize) -> Planned {
    let faults = function.simulator.faults();
    faults.from_nth(n, Matcher::any(), Fault::cut())
}

/// Nothing that was cut off is done twice, or for somebody else.
async fn is_at_the_same_end(function: &TestFunction, order: &marketplace_simulator::Order) {
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let link = function.link(&order.account, &order.user).await.unwrap();
    assert_eq!(link.account, order.account);
    assert_eq!(function.simulator.accounts().len(), 1);
}

pub(crate) async fn a_sign_up_cut_off_after_any_call_is_completed_by_the_next_visit(setup: Setup) {
    for n in 1..MANY {
        let function = setup.with_new_google().start().await;
        if resumed(&function, n).await == 0 {
            assert!(n > 6, "a sign-up makes more than {n} calls");
            return;
        }
    }
    panic!("a sign-up makes fewer than {MANY} calls");
}

/// Whether nothing was cut off any more, as the number of calls that were.
async fn resumed(function: &TestFunction, n: usize) -> usize {
    let order = function.buyer();
    let token = function.buyers_token(&order);
    let cut = cut_from(function, n);
    let page = function.browser().land(&token).await;
    assert!(matches!(page.status, 200 | 503), "{n}: {}", page.status);
    let hits = cut.hits();
    function.simulator.faults().clear();
    // On an instance that knows nothing of the first visit.
    let other = Setup::beside(function).start().await;
    let again = other.claims(&other.browser().land(&token).await).await;
    assert_eq!(again["sub"], order.account.as_str());
    is_at_the_same_end(&other, &order).await;
    let page = other.browser().land(&another_token(&other, &order)).await;
    assert_ne!(other.claims(&page).await["jti"], again["jti"]);
    is_at_the_same_end(&other, &order).await;
    hits
}

pub(crate) async fn a_form_cut_off_after_any_call_is_completed_when_it_is_sent_again(setup: Setup) {
    for n in 1..MANY {
        let (function, order, browser, form) = opened(setup.with_new_google().form()).await;
        let cut = cut_from(&function, n);
        let page = form.submit(&browser).await;
        assert!(matches!(page.status, 200 | 503), "{n}: {}", page.status);
        let hits = cut.hits();
        function.simulator.faults().clear();
        let other = Setup::beside(&function).form().start().await;
        let elsewhere = other.browser().with_cookies_of(&browser);
        let claims = other.claims(&form.submit(&elsewhere).await).await;
        assert_eq!(claims["unverified_profile"]["name"], "Ada Keller");
        is_at_the_same_end(&other, &order).await;
        if hits == 0 {
            assert!(n > 5, "a form makes more than {n} calls");
            return;
        }
    }
    panic!("a form makes fewer than {MANY} calls");
}

pub(crate) async fn a_sign_in_cut_off_after_any_call_is_completed_by_another_try(setup: Setup) {
    for n in 1..MANY {
        let (function, order, browser, sign_in) =
            setup.with_new_google().signing_in().sent_to_google().await;
        let callback = sign_in.callback(&browser, &order.user);
        let cut = cut_from(&function, n);
        let page = browser.get(&callback).await;
        assert!(matches!(page.status, 200 | 503), "{n}: {}", page.status);
        let hits = cut.hits();
        function.simulator.faults().clear();
        let other = Setup::beside(&function).signing_in().start().await;
        let elsewhere = other.browser().with_cookies_of(&browser);
        let mut page = elsewhere.get(&sign_in.another_try()).await;
        if page.status == 303 {
            let again = OpenSignIn::on(&elsewhere, &page);
            page = again.by(&elsewhere, &order.user).await;
        }
        assert_eq!(other.claims(&page).await["verified_user"], true);
        is_at_the_same_end(&other, &order).await;
        if hits == 0 {
            assert!(n > 7, "a sign-in makes more than {n} calls");
            return;
        }
    }
    panic!("a sign-in makes fewer than {MANY} calls");
}
