//! A customer with as many orders as a token may name: about 14 kB. And orders and plans with names as wide as Google's.

use function_tests::many_orders::{
    assert_fits_an_application, assert_names, token_with_256_orders,
};
use function_tests::open_sign_in::OpenSignIn;
use marketplace::{EntitlementId, PlanId};
use marketplace_simulator::Order;
use store::{Commit, Entitlement};

use crate::customers::entitlement;
use crate::function::{Browser, Setup, TestFunction};
use crate::order_list::OrderList;

/// Chooses the last of them.
async fn chooses(
    function: &TestFunction,
    browser: &Browser,
    order: &Order,
    list: &OrderList,
    orders: &[String],
) {
    assert_eq!(list.orders.len(), 256);
    let chosen = orders.last().unwrap();
    let page = list.choose(browser, chosen).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
    assert_names(&claims, orders);
    assert_eq!(claims["order"], chosen.as_str());
    assert_fits_an_application(page.field("portico-token"));
    assert_eq!(function.link(order).await.unwrap().orders.len(), 256);
}

pub(crate) async fn a_customer_with_256_orders_chooses_one(setup: Setup) {
    let (function, order, browser) = setup.start_with_browser().await;
    let (token, orders) = token_with_256_orders(&function.simulator, &order);
    let list = OrderList::open(&browser, &token).await;
    let session = browser.session(&list.landing).await.unwrap().record;
    assert_eq!(session.customer.orders().len(), 256);
    chooses(&function, &browser, &order, &list, &orders).await;
}

pub(crate) async fn a_customer_with_256_orders_signs_in_and_chooses_one(setup: Setup) {
    let (function, order, browser) = setup.signing_in().start_with_browser().await;
    let (token, orders) = token_with_256_orders(&function.simulator, &order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let back = sign_in.by(&browser, &order.user).await;
    function.answered(&back, 303, "signed-in");
    let list = OrderList::on(&browser.get(&sign_in.step("orders")).await);
    chooses(&function, &browser, &order, &list, &orders).await;
}

pub(crate) async fn an_order_and_a_plan_with_wide_names_are_listed_and_opened(setup: Setup) {
    let (function, order, browser) = setup.start_with_browser().await;
    let wide = EntitlementId::parse("example.com:order+1~a@b").unwrap();
    let stored = Entitlement {
        id: wide.clone(),
        plan: Some(PlanId::parse("Pro \u{2764}\u{fe0f} plan (annual) & <more>").unwrap()),
        ..entitlement(&function, &order, "ACTIVE")
    };
    function.stored(Commit::new().create(&stored)).await;
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let orders = vec![order.entitlement.to_string(), wide.to_string()];
    let token = function
        .simulator
        .sign(&claims.set_google("orders", orders));
    let list = OrderList::open(&browser, &token).await;
    assert!(list.orders.contains(&(wide.to_string(), true)));
    let plan = "Pro \u{2764} plan (annual) &#38; &#60;more&#62;";
    assert!(list.page.contains(plan), "{}", list.page);
    let page = list.choose(&browser, wide.as_str()).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["order"], wide.as_str());
    assert_eq!(claims["access"], "live");
}
