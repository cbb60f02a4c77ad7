//! The list of orders while the world goes on: changed meanwhile, double-clicked, in several tabs.

use function_tests::refused::Refused;
use marketplace::{EntitlementState, ProcurementAccountId};
use store::Approval;

use crate::accounts::REJECTED;
use crate::function::{Setup, TestFunction};
use crate::order_list::{OrderList, opened};

async fn cancel(function: &TestFunction, order: &marketplace_simulator::Order) {
    let cancel = |stored: &mut store::Entitlement| stored.state = EntitlementState::Cancelled;
    function.change_order(&order.entitlement, cancel).await;
}

pub(crate) async fn an_order_cancelled_while_the_list_was_open_is_not_opened(setup: Setup) {
    let function = setup.with_orders().start().await;
    let [order, other] = function.with_two_orders().await;
    let third = function.bought_again(&order, Some("ACTIVE")).await;
    let browser = function.browser();
    let list = OrderList::opened_by(&browser, &order).await;
    cancel(&function, &third).await;
    let page = list.choose(&browser, third.entitlement.as_str()).await;
    function.answered(&page, 422, "order-refused");
    let again = OrderList::on(&page);
    let closed = (third.entitlement.to_string(), false);
    assert!(again.orders.contains(&closed), "{:?}", again.orders);
    function.nobody_was_handed_over();
    // Nor is another one opened instead when it is the only one left.
    cancel(&function, &other).await;
    let page = list.choose(&browser, other.entitlement.as_str()).await;
    function.answered(&page, 422, "order-refused");
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    assert_eq!(
        function.claims(&page).await["order"],
        order.entitlement.as_str()
    );
}

pub(crate) async fn an_order_that_moved_to_another_account_is_not_opened(setup: Setup) {
    let (function, [_, other], browser, list) = opened(setup).await;
    let moved = |stored: &mut store::Entitlement| {
        stored.account = ProcurementAccountId::parse("another-account").unwrap();
    };
    function.change_order(&other.entitlement, moved).await;
    let page = list.choose(&browser, other.entitlement.as_str()).await;
    assert_eq!(page.status, 422);
    assert!(!page.body.contains(other.entitlement.as_str()));
    function.nobody_was_handed_over();
}

pub(crate) async fn when_every_order_has_ended_the_customer_goes_on_without_one(setup: Setup) {
    let (function, [order, other], browser, list) = opened(setup).await;
    for order in [&order, &other] {
        cancel(&function, order).await;
    }
    let page = browser.get(&list.target()).await;
    let again = OrderList::on(&page);
    assert!(again.orders.iter().all(|(_, open)| !open));
    // What a browser sends whose only button is "Continue".
    let claims = function.claims(&again.send(&browser, &[]).await).await;
    assert_eq!(claims.get("order"), None);
    assert_eq!(claims["access"], "ended");
}

pub(crate) async fn an_account_rejected_while_the_list_was_open_is_not_let_in(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    let reject = |account: &mut store::Account| account.approval = Approval::Rejected;
    function.change_account(&order.account, reject).await;
    let before = function.left(&order.account).await;
    REJECTED.check(&function, &browser.get(&list.target()).await, Some(&order));
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    REJECTED.check(&function, &page, Some(&order));
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
}

pub(crate) async fn roles_are_checked_again_with_the_choice(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    // Another instance, with another configuration, while the list was open.
    let strict = Setup::beside(&function).with("ACCEPTED_ROLES", "project_editor");
    let strict = strict.start().await;
    let there = strict.browser().with_cookies_of(&browser);
    let role = Refused::new(403, "role-not-accepted", "the token has no accepted role");
    role.check(&strict, &there.get(&list.target()).await, Some(&order));
    let page = list.choose(&there, order.entitlement.as_str()).await;
    role.check(&strict, &page, Some(&order));
    strict.nobody_was_handed_over();
}

pub(crate) async fn a_double_click_is_one_hand_off(setup: Setup) {
    let (function, [order, other], browser, list) = opened(setup).await;
    // Even if the clicks are on two orders.
    let (one, two) = tokio::join!(
        list.choose(&browser, order.entitlement.as_str()),
        list.choose(&browser, other.entitlement.as_str()),
    );
    let (one, two) = (function.claims(&one).await, function.claims(&two).await);
    assert_eq!(one, two);
}

pub(crate) async fn a_choice_that_is_sent_again_gets_the_same_hand_off(setup: Setup) {
    let (function, [order, other], browser, list) = opened(setup).await;
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    let first = function.claims(&page).await;
    // The choice changes nothing: the token is handed off.
    for again in [&order, &other] {
        let page = list.choose(&browser, again.entitlement.as_str()).await;
        assert_eq!(function.claims(&page).await, first);
        assert_eq!(function.outcome(), "handed-over-again");
    }
}

pub(crate) async fn a_list_that_is_opened_again_afterwards_leads_to_the_login_page(setup: Setup) {
    let function = setup.with_orders().start().await;
    let [order, _] = function.with_two_orders().await;
    let browser = function.browser();
    let token = function.buyers_token(&order);
    let list = OrderList::open(&browser, &token).await;
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    function.claims(&page).await;
    let answer = browser.get(&list.target()).await;
    function.led_to_login(&answer, "already-handed-over");
    // A minute later too, and then the form leads there as well.
    function.let_hand_off_expire(&token).await;
    let answer = browser.get(&list.target()).await;
    function.led_to_login(&answer, "already-handed-over");
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    function.led_to_login_from_form(&page, "token-spent");
}

pub(crate) async fn two_tabs_with_one_token_get_one_hand_off(setup: Setup) {
    let function = setup.with_orders().start().await;
    let [order, other] = function.with_two_orders().await;
    let browser = function.browser();
    let token = function.buyers_token(&order);
    let first = OrderList::open(&browser, &token).await;
    let second = OrderList::open(&browser, &token).await;
    assert_ne!(first.landing, second.landing);
    let page = first.choose(&browser, order.entitlement.as_str()).await;
    let one = function.claims(&page).await;
    let stored = function.replay(&token).await.unwrap().record;
    let open = browser.session(&second.landing).await.unwrap().record;
    assert!(
        stored.keep_until >= open.expires,
        "spent as long as a list is open"
    );
    let page = second.choose(&browser, other.entitlement.as_str()).await;
    assert_eq!(function.claims(&page).await, one, "as it is stored");
}

pub(crate) async fn two_tabs_with_two_accounts_do_not_mix(setup: Setup) {
    let function = setup.with_orders().start().await;
    let ([one, _], [other, _]) = (
        function.with_two_orders().await,
        function.with_two_orders().await,
    );
    let browser = function.browser();
    let first = OrderList::opened_by(&browser, &one).await;
    let second = OrderList::opened_by(&browser, &other).await;
    assert_eq!(browser.cookies().len(), 2);
    for (list, order) in [(first, one), (second, other)] {
        let page = list.choose(&browser, order.entitlement.as_str()).await;
        let claims = function.claims(&page).await;
        assert_eq!(claims["sub"], order.account.as_str());
        assert_eq!(claims["order"], order.entitlement.as_str());
    }
}

pub(crate) async fn a_token_that_expired_while_the_list_was_open_does_not_matter(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    browser.let_token_expire(&list.landing).await;
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    assert_eq!(
        function.claims(&page).await["order"],
        order.entitlement.as_str()
    );
}
