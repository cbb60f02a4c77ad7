//! Choices that somebody made up.

use function_tests::refused::Refused;
use store::{Commit, Purpose};

use crate::function::Setup;
use crate::order_list::{OrderList, opened};

pub(crate) const OVER: Refused = Refused::new(
    410,
    "landing-over",
    "this browser has no open session of this landing",
);

const NOT_CONFIRMED: Refused = Refused::new(
    403,
    "form-not-confirmed",
    "the form does not belong to its session",
);

pub(crate) async fn a_choice_without_its_confirmation_changes_nothing(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    let [other, _] = function.with_two_orders().await;
    let foreign = OrderList::opened_by(&function.browser(), &other).await;
    let before = function.left(&order.account).await;
    let cookie = browser.session_id(&list.landing).cookie_value();
    for forged in ["", "AAAA", &foreign.confirmation, &list.landing, &cookie] {
        let forged = OrderList {
            confirmation: forged.to_owned(),
            ..list.clone()
        };
        let page = forged.choose(&browser, order.entitlement.as_str()).await;
        NOT_CONFIRMED.check(&function, &page, Some(&order));
    }
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    function.claims(&page).await;
}

pub(crate) async fn a_choice_in_another_browser_is_over(setup: Setup) {
    let (function, [order, _], _, list) = opened(setup).await;
    let [other, _] = function.with_two_orders().await;
    let stranger = function.browser();
    let own = OrderList::opened_by(&stranger, &other).await;
    let id = order.entitlement.as_str();
    OVER.check(&function, &list.choose(&stranger, id).await, None);
    OVER.check(&function, &stranger.get(&list.target()).await, None);

    // Not even under the name of the landing it is not of.
    let secret = stranger.session_id(&own.landing).cookie_value();
    stranger.take_cookie(&format!("__Host-login-{}", list.landing), &secret);
    let forged = OrderList {
        confirmation: own.confirmation.clone(),
        ..list
    };
    OVER.check(&function, &forged.choose(&stranger, id).await, None);
    function.nobody_was_handed_over();
}

pub(crate) async fn an_unknown_landing_is_over(setup: Setup) {
    let function = setup.with_orders().start().await;
    let browser = function.browser();
    let unknown = "AAAAAAAAAAA";
    for target in [
        "/login/orders",
        "/login/orders?",
        "/login/orders?landing=",
        "/login/orders?landing=AAAAAAAAAAA",
        "/login/orders?landing=AAAAAAAAAAA&landing=AAAAAAAAAAA",
        "/login/orders?landing=../../accounts",
        "/login/orders?x=1&landing=AAAAAAAAAAA",
    ] {
        OVER.check(&function, &browser.get(target).await, None);
    }
    let list = OrderList {
        landing: unknown.to_owned(),
        confirmation: "AAAA".to_owned(),
        orders: Vec::new(),
        page: String::new(),
    };
    OVER.check(&function, &list.choose(&browser, "order").await, None);
    let name = format!("__Host-login-{unknown}");
    for secret in ["", "x", "00000000000000000000000000000000", "%00", "../a"] {
        browser.take_cookie(&name, secret);
        OVER.check(&function, &list.choose(&browser, "order").await, None);
    }
    function.nobody_was_handed_over();
}

pub(crate) async fn a_session_that_expired_is_over(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    browser.let_session_expire(&list.landing).await;
    OVER.check(&function, &browser.get(&list.target()).await, None);
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    OVER.check(&function, &page, None);
    function.nobody_was_handed_over();
}

pub(crate) async fn a_session_of_sign_up_is_none_of_login(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    browser
        .change_session(&list.landing, |session| session.purpose = Purpose::Signup)
        .await;
    OVER.check(&function, &browser.get(&list.target()).await, None);
    let page = list.choose(&browser, order.entitlement.as_str()).await;
    OVER.check(&function, &page, None);
    function.nobody_was_handed_over();
}

pub(crate) async fn a_choice_is_read_strictly(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    let before = function.left(&order.account).await;
    let unreadable = Refused::new(
        400,
        "unreadable-form",
        "the posted form was not readable: a field",
    );
    let landing = ("landing", list.landing.as_str());
    let confirmation = ("confirmation", list.confirmation.as_str());
    let chosen = ("order", order.entitlement.as_str());
    for (fields, account) in [
        (vec![confirmation, chosen], None),
        (vec![landing, landing, confirmation, chosen], None),
        (vec![landing, chosen], Some(&order)),
        (
            vec![landing, confirmation, confirmation, chosen],
            Some(&order),
        ),
        (vec![landing, confirmation, chosen, chosen], Some(&order)),
    ] {
        let page = browser.post("/login/orders", &fields).await;
        unreadable.check(&function, &page, account);
    }
    // Only a choice is missing: the list asks again.
    let page = list.send(&browser, &[]).await;
    function.answered(&page, 422, "order-refused");
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
}

pub(crate) async fn an_order_that_is_not_in_the_token_is_not_opened(setup: Setup) {
    let (function, [order, _], browser, list) = opened(setup).await;
    let [other, _] = function.with_two_orders().await;
    // The account's own order, which it bought since.
    let later = function.bought_again(&order, Some("ACTIVE")).await;
    let before = function.left(&order.account).await;
    let upper = order.entitlement.as_str().to_uppercase();
    for forged in [
        other.entitlement.as_str(),
        later.entitlement.as_str(),
        &upper,
        "",
        "..",
        "a/b",
        "<script>",
    ] {
        let page = list.choose(&browser, forged).await;
        function.answered(&page, 422, "order-refused");
        let again = OrderList::on(&page);
        assert_eq!(again.orders, list.orders);
        assert_eq!(again.confirmation, list.confirmation);
        assert!(again.page.contains("Please choose another"));
        assert!(!again.page.contains("<script>"));
    }
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    let session = browser.session(&list.landing).await.unwrap();
    assert_eq!(session.record.completed, None);
    let delete = store::Document::entitlement(&later.entitlement);
    function.stored(Commit::new().delete(delete)).await;
}
