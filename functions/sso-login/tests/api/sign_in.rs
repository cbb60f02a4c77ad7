//! Login with Google sign-in required: who gets through, and who does not.

use function_tests::open_sign_in::OpenSignIn;
use marketplace::Role;
use marketplace_simulator::{Chooser, Matcher, Order};
use store::{Approval, Commit};

use crate::customers::account;
use crate::function::{Setup, TestFunction};
use crate::order_list::OrderList;
use crate::orders_forged::OVER;

pub(crate) async fn the_right_person_is_handed_over(setup: Setup) {
    let (function, order) = setup.with_orders().signing_in().start_with_customer().await;
    let before = function.left(&order.account).await;
    let browser = function.browser();
    let sign_in = OpenSignIn::start(&browser, &order).await;
    assert_eq!(sign_in.query["login_hint"], order.user.as_str());
    let redirect_uri = format!("http://{}/login/callback", function.address);
    assert_eq!(sign_in.query["redirect_uri"], redirect_uri);
    assert_eq!(sign_in.query["code_challenge_method"], "S256");
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();

    let page = sign_in.by(&browser, &order.user).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
    assert_eq!(claims["verified_user"], true);
    assert_eq!(claims["google"]["user_identity"], order.user.as_str());
    assert_eq!(claims["order"], order.entitlement.as_str());
    assert!(
        browser
            .session(&sign_in.landing)
            .await
            .unwrap()
            .record
            .completed
            .is_some()
    );
    // Nothing of ours outlives the hand-off.
    let set = page.header("set-cookie").unwrap();
    assert!(set.ends_with("Max-Age=60"), "{set}");
}

pub(crate) async fn a_colleague_is_linked_by_the_sign_in_and_not_before(setup: Setup) {
    let (function, order) = setup.signing_in().start_with_customer().await;
    let colleague = function.colleague(&order, vec![Role::ProjectEditor]);
    let browser = function.browser();
    let sign_in = OpenSignIn::start(&browser, &colleague).await;
    assert_eq!(function.link(&colleague).await, None);
    let page = sign_in.by(&browser, &order.user).await;
    function.answered(&page, 403, "wrong-person");
    assert_eq!(function.link(&colleague).await, None);
    let again = sign_in.again(&browser, &page).await;
    let page = again.by(&browser, &colleague.user).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "linked");
    assert_eq!(claims["verified_user"], true);
    assert_eq!(claims["new_user"], true);
    assert!(function.link(&colleague).await.is_some());
}

pub(crate) async fn the_wrong_person_tries_again_with_the_account_chooser(setup: Setup) {
    let (function, order) = setup.signing_in().start_with_customer().await;
    let before = function.left(&order.account).await;
    let browser = function.browser();
    let first = OpenSignIn::start(&browser, &order).await;
    function.simulator.set_chooser(Chooser::SomebodyElse);
    function.keep_secret(function.simulator.stranger().as_str());
    let page = first.by(&browser, &order.user).await;
    function.answered(&page, 403, "wrong-person");
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    function.simulator.set_chooser(Chooser::AsChosen);
    let second = first.again(&browser, &page).await;
    assert_ne!(second.query["state"], first.query["state"]);
    let page = second.by(&browser, &order.user).await;
    assert_eq!(function.claims(&page).await["verified_user"], true);
}

pub(crate) async fn a_customer_who_does_not_consent_may_try_again(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let page = sign_in.denied(&browser).await;
    function.answered(&page, 403, "sign-in-denied");
    function.nobody_was_handed_over();
    let again = sign_in.again(&browser, &page).await;
    let page = again.by(&browser, &order.user).await;
    assert_eq!(function.claims(&page).await["verified_user"], true);
}

pub(crate) async fn the_right_person_chooses_an_order_and_no_other_does(setup: Setup) {
    let function = setup.with_orders().signing_in().start().await;
    let [order, other] = function.with_two_orders().await;
    let before = function.left(&order.account).await;
    let browser = function.browser();
    let sign_in = OpenSignIn::start(&browser, &order).await;
    // The list is not shown to somebody who has not signed in, and takes no choice.
    let early = browser.get(&sign_in.step("orders")).await;
    assert_eq!(function.outcome(), "sign-in-due");
    assert_eq!(
        early.header("location"),
        Some(sign_in.another_try().as_str())
    );
    let session = browser.session(&sign_in.landing).await.unwrap().record;
    let forged = OrderList {
        landing: sign_in.landing.clone(),
        confirmation: customer_entry::confirmation(&session.id),
        orders: Vec::new(),
        page: String::new(),
    };
    let page = forged.choose(&browser, order.entitlement.as_str()).await;
    OVER.check(&function, &page, Some(&order));

    let back = sign_in.by(&browser, &order.user).await;
    function.answered(&back, 303, "signed-in");
    assert_eq!(
        back.header("location"),
        Some(sign_in.step("orders").as_str())
    );
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    let list = OrderList::on(&browser.get(&sign_in.step("orders")).await);
    let page = list.choose(&browser, other.entitlement.as_str()).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["verified_user"], true);
    assert_eq!(claims["order"], other.entitlement.as_str());
}

pub(crate) async fn a_list_from_before_sign_in_was_required_is_over(setup: Setup) {
    let before = setup.with_orders().start().await;
    let [order, _] = before.with_two_orders().await;
    let old = before.browser();
    let list = OrderList::opened_by(&old, &order).await;
    let function = Setup::beside(&before).signing_in().start().await;
    let browser = function.browser().with_cookies_of(&old);
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    OVER.check(&function, &page, Some(&order));
    // The list leads to a sign-in that this landing has not.
    let answer = browser.get(&list.target()).await;
    assert_eq!(answer.status, 303);
    let page = browser.get(answer.header("location").unwrap()).await;
    function.answered(&page, 410, "landing-over");
    function.nobody_was_handed_over();
}

/// Asks Google for nothing, and leaves no session.
async fn is_answered_at_once(function: &TestFunction, order: &Order, outcome: &str) {
    let answer = function.browser().arrive(order).await;
    assert_eq!(function.outcome(), outcome);
    assert_eq!(answer.header("set-cookie"), None);
    assert!(!format!("{:?}", answer.header("location")).contains("accounts.google.com"));
}

pub(crate) async fn a_customer_who_is_not_let_in_is_not_sent_to_google(setup: Setup) {
    let function = setup.signing_in().start().await;
    let unknown = function.simulator.buy();
    is_answered_at_once(&function, &unknown, "not-registered").await;
    for (approval, outcome) in [
        (Approval::Rejected, "account-rejected"),
        (Approval::Approving, "approval-under-way"),
    ] {
        let order = function.simulator.buy();
        let account = account(&order, approval);
        function.stored(Commit::new().create(account)).await;
        is_answered_at_once(&function, &order, outcome).await;
    }
    let order = function.registered().await;
    let nobody = function.colleague(&order, vec![Role::Other("viewer".to_owned())]);
    is_answered_at_once(&function, &nobody, "role-not-accepted").await;
    // A token whose hand-off is over.
    let browser = function.browser();
    let token = function.buyers_token(&order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    assert_eq!(sign_in.by(&browser, &order.user).await.status, 200);
    function.let_hand_off_expire(&token).await;
    let answer = function.browser().land(&token).await;
    function.answered(&answer, 303, "token-spent");
    let calls = function.simulator.calls();
    assert_eq!(calls.count(&Matcher::code_exchange()), 1);
}

pub(crate) async fn a_token_that_was_handed_off_is_given_only_to_its_user(setup: Setup) {
    let (function, order) = setup.signing_in().start_with_customer().await;
    let token = function.buyers_token(&order);
    let browser = function.browser();
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let page = sign_in.by(&browser, &order.user).await;
    let first = function.claims(&page).await;

    let other = function.browser();
    let sign_in = OpenSignIn::on(&other, &other.land(&token).await);
    let page = sign_in.by(&other, &function.simulator.stranger()).await;
    function.answered(&page, 403, "wrong-person");
    let again = sign_in.again(&other, &page).await;
    let page = again.by(&other, &order.user).await;
    assert_eq!(function.claims(&page).await, first);
    assert_eq!(function.outcome(), "handed-over-again");
}
