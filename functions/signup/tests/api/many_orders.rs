//! A customer with as many orders as a token may name: about 14 kB.

use function_tests::many_orders::{
    assert_fits_an_application, assert_names, token_with_256_orders,
};
use function_tests::open_sign_in::OpenSignIn;
use function_tests::wire::Answer;
use marketplace_simulator::Order;

use crate::function::{Left, Setup, TestFunction};
use crate::open_form::OpenForm;

/// Everything names them: the hand-off, and what is stored of the user.
async fn are_handed_over(function: &TestFunction, order: &Order, orders: &[String], page: &Answer) {
    let claims = function.claims(page).await;
    assert_eq!(function.outcome(), "signed-up");
    assert_names(&claims, orders);
    assert_fits_an_application(page.field("portico-token"));
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let link = function.link(&order.account, &order.user).await.unwrap();
    let linked: Vec<_> = link.orders.iter().map(ToString::to_string).collect();
    assert_eq!(linked, orders);
}

pub(crate) async fn a_customer_with_256_orders_signs_up_at_once(setup: Setup) {
    let (function, order, browser) = setup.start_with_browser().await;
    let (token, orders) = token_with_256_orders(&function.simulator, &order);
    let page = browser.land(&token).await;
    are_handed_over(&function, &order, &orders, &page).await;
    // The same token again: the same hand-off.
    let again = function.claims(&browser.land(&token).await).await;
    assert_eq!(function.outcome(), "handed-over-again");
    assert_names(&again, &orders);
}

pub(crate) async fn a_customer_with_256_orders_registers(setup: Setup) {
    let (function, order, browser) = setup.form().start_with_browser().await;
    let (token, orders) = token_with_256_orders(&function.simulator, &order);
    let form = OpenForm::open(&browser, &token).await;
    let session = browser.session(&form.landing).await.unwrap().record;
    assert_eq!(session.customer.orders().len(), 256);
    let long = "ä".repeat(200);
    let typed = [
        ("company", long.as_str()),
        ("name", long.as_str()),
        ("email", "ada.keller@customer.example"),
    ];
    let page = form.submit_with(&browser, &typed).await;
    are_handed_over(&function, &order, &orders, &page).await;
}

pub(crate) async fn a_customer_with_256_orders_signs_in_and_registers(setup: Setup) {
    let (function, order, browser) = setup.signing_in().form().start_with_browser().await;
    function.keep_secret(order.user.as_str());
    let (token, orders) = token_with_256_orders(&function.simulator, &order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let back = sign_in.by(&browser, &order.user).await;
    function.answered(&back, 303, "signed-in");
    let form = browser.get(back.header("location").unwrap()).await;
    let page = OpenForm::on(&form).submit(&browser).await;
    are_handed_over(&function, &order, &orders, &page).await;
}
