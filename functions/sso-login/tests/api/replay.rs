//! One token, one hand-off, whichever function it was used at.

use function_tests::stored::fingerprint;
use function_tests::wire::Answer;
use jiff::{SignedDuration, Timestamp};
use marketplace::EntitlementState;
use marketplace_simulator::Order;
use serde_json::json;
use store::{Commit, HandOffRecord, Purpose};

use crate::function::{Setup, TestFunction};
use crate::order_list::OrderList;

#[track_caller]
fn is_spent(function: &TestFunction, answer: &Answer) {
    function.led_to_login(answer, "token-spent");
    assert_eq!(answer.header("set-cookie"), None);
}

pub(crate) async fn a_repeated_token_gets_the_same_hand_off(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let first = function.browser().land(&token).await;
    let first = function.claims(&first).await;
    let left = function.left(&order.account).await;
    let again = function.browser().land(&token).await;
    assert_eq!(function.claims(&again).await, first);
    assert_eq!(function.outcome(), "handed-over-again");
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn a_repeated_token_keeps_its_chosen_order(setup: Setup) {
    let function = setup.with_orders().start().await;
    let [order, other] = function.with_two_orders().await;
    let token = function.buyers_token(&order);
    let browser = function.browser();
    let list = OrderList::open(&browser, &token).await;
    let page = list.choose(&browser, other.entitlement.as_str()).await;
    let first = function.claims(&page).await;
    // The customer is not asked again.
    let again = function.browser().land(&token).await;
    let again = function.claims(&again).await;
    assert_eq!(again, first);
    assert_eq!(again["order"], other.entitlement.as_str());
}

pub(crate) async fn a_chosen_order_that_ended_is_not_handed_over_again(setup: Setup) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["order"], order.entitlement.as_str());
    let cancel = |stored: &mut store::Entitlement| stored.state = EntitlementState::Cancelled;
    function.change_order(&order.entitlement, cancel).await;
    let answer = function.browser().land(&token).await;
    is_spent(&function, &answer);
}

pub(crate) async fn a_token_whose_hand_off_is_over_leads_to_the_login_page(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    function.claims(&page).await;
    function.let_hand_off_expire(&token).await;
    let left = function.left(&order.account).await;
    let answer = function.browser().land(&token).await;
    is_spent(&function, &answer);
    assert_eq!(function.left(&order.account).await, left);
}

/// The hand-off of this token as sign-up records it, so many seconds ago.
async fn spent_at_sign_up(function: &TestFunction, token: &str, seconds: i64) -> HandOffRecord {
    let now = Timestamp::now().as_second();
    let at = |seconds: i64| Timestamp::from_second(now + seconds).unwrap();
    let record = HandOffRecord {
        token: fingerprint(token),
        jti: "5f0c6f1de0a94c1b8f9e6f".to_owned(),
        issued: at(-seconds),
        expires: at(60 - seconds),
        order: None,
        new_user: true,
        keep_until: at(3600),
    };
    function.stored(Commit::new().create(&record)).await;
    record
}

pub(crate) async fn a_token_spent_at_sign_up_gets_the_same_hand_off_at_login(setup: Setup) {
    let function = setup.with_orders().start().await;
    // With two orders: a token that was handed off asks for no choice.
    let [order, _] = function.with_two_orders().await;
    let token = function.buyers_token(&order);
    let record = spent_at_sign_up(&function, &token, 20).await;
    let left = function.left(&order.account).await;
    let page = function.browser().land(&token).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over-again");
    assert_eq!(claims["jti"], record.jti.as_str());
    assert_eq!(claims["iat"], record.issued.as_second());
    assert_eq!(claims["new_user"], true);
    assert_eq!(claims.get("order"), None);
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn a_token_spent_at_sign_up_long_ago_leads_to_the_login_page(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    spent_at_sign_up(&function, &token, 61).await;
    let answer = function.browser().land(&token).await;
    is_spent(&function, &answer);
    function.nobody_was_handed_over();
}

/// Sign-up finds by the token what login stored, and keeps it as long as any landing of the token
/// can last, at either function.
pub(crate) async fn a_token_spent_at_login_is_known_to_sign_up(setup: Setup) {
    let function = setup.start().await;
    let order: Order = function.registered().await;
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    let claims = function.claims(&page).await;
    let stored = function.replay(&token).await.unwrap().record;
    assert_eq!(json!(stored.jti), claims["jti"]);
    assert_eq!(json!(stored.issued.as_second()), claims["iat"]);
    assert_eq!(json!(stored.expires.as_second()), claims["exp"]);
    let longest = Timestamp::now() + SignedDuration::from_secs(300 + 30 * 60);
    assert!(stored.keep_until >= longest, "{}", stored.keep_until);
    // What is stored does not say who handed it off.
    assert_eq!(Purpose::Login.as_str(), claims["purpose"]);
}

pub(crate) async fn a_new_token_gets_a_new_hand_off(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let first = function.browser().arrive(&order).await;
    let first = function.claims(&first).await;
    let second = function
        .browser()
        .land(&function.another_token(&order, 1))
        .await;
    let second = function.claims(&second).await;
    assert_ne!(second["jti"], first["jti"]);
    assert_eq!(function.outcome(), "handed-over");
}
