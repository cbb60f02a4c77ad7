//! Which order a login leads to.

use jiff::{SignedDuration, Timestamp};
use marketplace::{ProcurementAccountId, ProductId, Role};
use marketplace_simulator::Order;
use serde_json::Value;
use store::{Commit, Entitlement, Purpose};

use crate::customers::entitlement;
use crate::function::{Setup, TestFunction};
use crate::order_list::OrderList;

/// Logs in, and is handed over at once.
async fn handed_over(function: &TestFunction, order: &Order) -> Value {
    let page = function.browser().arrive(order).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
    claims
}

/// The claims without what the store says of the one order that the token names.
async fn with_its_order(setup: Setup, change: impl FnOnce(&mut Entitlement)) -> (Value, Order) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    function.change_order(&order.entitlement, change).await;
    let claims = handed_over(&function, &order).await;
    assert_eq!(claims["google"]["orders"][0], order.entitlement.as_str());
    (claims, order)
}

pub(crate) async fn one_order_is_named_in_the_hand_off(setup: Setup) {
    let (claims, order) = with_its_order(setup, |_| {}).await;
    assert_eq!(claims["order"], order.entitlement.as_str());
    assert_eq!(claims["access"], "live");
}

/// The customer goes on, and the application hears that access has ended.
pub(crate) async fn one_order_that_ended_is_not_named(setup: Setup) {
    let cancelled = |stored: &mut Entitlement| {
        stored.state = "ENTITLEMENT_CANCELLED".to_owned().into();
    };
    let (claims, _) = with_its_order(setup, cancelled).await;
    assert_eq!(claims.get("order"), None);
    assert_eq!(claims["access"], "ended");
}

pub(crate) async fn one_order_of_another_account_is_not_named(setup: Setup) {
    let moved = |stored: &mut Entitlement| {
        stored.account = ProcurementAccountId::parse("another-account").unwrap();
    };
    let (claims, _) = with_its_order(setup, moved).await;
    assert_eq!(claims.get("order"), None);
    assert_eq!(claims["access"], "pending");
}

pub(crate) async fn one_order_of_a_product_that_is_not_served_is_not_named(setup: Setup) {
    let foreign = |stored: &mut Entitlement| {
        stored.product = ProductId::parse("another-product").unwrap();
    };
    let (claims, _) = with_its_order(setup, foreign).await;
    assert_eq!(claims.get("order"), None);
    // It was served when it was bought, and taking a product out of `PRODUCTS` ends nobody's access.
    assert_eq!(claims["access"], "live");
}

pub(crate) async fn one_order_that_the_store_does_not_know_is_named(setup: Setup) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    let document = store::Document::entitlement(&order.entitlement);
    function.stored(Commit::new().delete(document)).await;
    let claims = handed_over(&function, &order).await;
    assert_eq!(claims["order"], order.entitlement.as_str());
    assert_eq!(claims["access"], "pending");
}

pub(crate) async fn one_that_is_left_beside_ended_ones_is_named(setup: Setup) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    let ended = function.bought_again(&order, Some("CANCELLED")).await;
    function.bought_again(&order, Some("SUSPENDED")).await;
    assert_ne!(ended.entitlement, order.entitlement);
    let claims = handed_over(&function, &order).await;
    assert_eq!(claims["google"]["orders"].as_array().unwrap().len(), 3);
    assert_eq!(claims["order"], order.entitlement.as_str());
}

/// One in force, one being set up, one unknown to the store, one ended, one of somebody else.
async fn customer_with_orders(function: &TestFunction) -> (Order, [Order; 4]) {
    let order = function.registered().await;
    let waiting = function
        .bought_again(&order, Some("ACTIVATION_REQUESTED"))
        .await;
    let unknown = function.bought_again(&order, None).await;
    let ended = function.bought_again(&order, Some("CANCELLED")).await;
    let foreign = function.bought_again(&order, None).await;
    let stored = Entitlement {
        account: ProcurementAccountId::parse("another-account").unwrap(),
        ..entitlement(function, &foreign, "ACTIVE")
    };
    function.stored(Commit::new().create(&stored)).await;
    (order, [waiting, unknown, ended, foreign])
}

pub(crate) async fn several_orders_are_listed_and_one_is_chosen(setup: Setup) {
    let function = setup.with_orders().start().await;
    let (order, [waiting, unknown, ended, _]) = customer_with_orders(&function).await;
    let browser = function.browser();
    function.keep_secret(order.user.as_str());
    let list = OrderList::opened_by(&browser, &order).await;
    assert_eq!(function.outcome(), "orders-shown");
    let mut listed = list.orders.clone();
    let mut expected: Vec<_> = [
        (&order, true),
        (&waiting, true),
        (&unknown, true),
        (&ended, false),
    ]
    .map(|(order, open)| (order.entitlement.to_string(), open))
    .into();
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected);
    let product = &function.simulator.settings().products[0].id;
    for shown in ["in force", "being set up", "new", "ended", "starter-plan"] {
        assert!(list.page.contains(shown), "{shown}: {}", list.page);
    }
    assert!(list.page.contains(product.as_str()), "{}", list.page);

    let page = list.choose(&browser, unknown.entitlement.as_str()).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
    assert_eq!(claims["order"], unknown.entitlement.as_str());
    assert_eq!(claims["google"]["orders"].as_array().unwrap().len(), 5);
    assert_eq!(claims["access"], "live");
    let session = browser.session(&list.landing).await.unwrap().record;
    assert!(session.completed.is_some());
    let link = function.link(&order).await.unwrap();
    assert_eq!(link.orders.len(), 5);
    // Nothing of ours outlives the hand-off.
    let set = page.header("set-cookie").unwrap();
    assert!(set.ends_with("Max-Age=60"), "{set}");
}

pub(crate) async fn a_choice_leaves_a_session_and_nothing_else(setup: Setup) {
    let function = setup.with_orders().start().await;
    let (order, _) = customer_with_orders(&function).await;
    let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
    let before = function.left(&order.account).await;
    let browser = function.browser();
    let since = Timestamp::now();
    let list = OrderList::opened_by(&browser, &colleague).await;
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    let session = browser.session(&list.landing).await.unwrap().record;
    assert_eq!(session.purpose, Purpose::Login);
    assert_eq!(session.handle, list.landing);
    assert_eq!(session.customer.account(), &order.account);
    assert_eq!(session.customer.user(), Some(&colleague.user));
    assert_eq!((session.completed, session.sign_in), (None, None));
    let half_an_hour = session.expires.duration_since(session.created);
    assert_eq!(half_an_hour, SignedDuration::from_mins(30));
    assert!(session.created >= since - SignedDuration::from_secs(1));
}

pub(crate) async fn a_new_user_is_linked_by_the_choice(setup: Setup) {
    let function = setup.with_orders().start().await;
    let (order, [waiting, ..]) = customer_with_orders(&function).await;
    let colleague = function.colleague(&order, vec![Role::ProjectEditor]);
    let browser = function.browser();
    let list = OrderList::opened_by(&browser, &colleague).await;
    assert_eq!(function.link(&colleague).await, None);
    let page = list.choose(&browser, waiting.entitlement.as_str()).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "linked");
    assert_eq!(claims["new_user"], true);
    assert_eq!(claims["order"], waiting.entitlement.as_str());
    assert!(function.link(&colleague).await.is_some());
}
