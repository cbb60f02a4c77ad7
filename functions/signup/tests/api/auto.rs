//! Sign-up in one request.

use std::collections::BTreeMap;

use function_tests::records::{self, earlier};
use function_tests::visited::soon;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementState, Role};
use marketplace_simulator::{Fault, Matcher, Order};
use serde_json::json;
use store::{Account, Approval, Commit};

use crate::function::{Left, Setup};

pub(crate) async fn a_customer_who_bought_is_linked_approved_and_handed_over(setup: Setup) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    let since = Timestamp::now();
    let page = function.browser().arrive(&order).await;

    let mut claims = function.claims(&page).await;
    let claims = claims.as_object_mut().unwrap();
    let jti = claims.remove("jti").unwrap();
    assert_eq!(jti.as_str().unwrap().len(), 22);
    for verified in ["iss", "aud", "iat", "exp"] {
        claims.remove(verified).unwrap();
    }
    let expected = json!({
        "sub": order.account,
        "google": {
            "user_identity": order.user,
            "roles": ["account_admin"],
            "orders": [order.entitlement],
        },
        "purpose": "signup",
        "verified_user": false,
        "new_user": true,
        "access": "pending",
    });
    assert_eq!(claims, expected.as_object().unwrap());

    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let link = function.link(&order.account, &order.user).await.unwrap();
    assert_eq!(link.profile, BTreeMap::new());
    assert_eq!(link.roles, [Role::AccountAdmin]);
    assert_eq!(link.orders, [order.entitlement]);
    assert_eq!(link.first_seen, link.last_seen);
    assert!(link.first_seen >= since - SignedDuration::from_secs(1));
    let logged = function.log.last_request();
    assert_eq!(logged["message"], "POST /signup 200");
    assert_eq!(logged["severity"], "INFO");
    assert_eq!(logged["outcome"], "signed-up");
    assert_eq!(logged["accountId"], order.account.as_str());
    assert_eq!(function.log.lines().len(), 1, "{}", function.log.text());
}

pub(crate) async fn a_repeated_token_gets_the_same_hand_off(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    let first = function.browser().land(&token).await;
    let first = function.claims(&first).await;
    let again = function.browser().land(&token).await;
    assert_eq!(function.claims(&again).await, first);
    assert_eq!(function.outcome(), "handed-over-again");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_token_whose_hand_off_is_over_leads_to_the_login_page(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    assert_eq!(function.browser().land(&token).await.status, 200);
    function.let_hand_off_expire(&token).await;
    let answer = function.browser().land(&token).await;
    function.led_to_login(&answer, "token-spent");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_new_token_gets_a_new_hand_off(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let first = function.browser().arrive(&order).await;
    let first = function.claims(&first).await;
    // A second later, so that the tokens differ.
    let later = Timestamp::now() + SignedDuration::from_secs(1);
    let claims = function
        .simulator
        .token_claims(&order.account, &order.user)
        .set("iat", later.as_second());
    let second = function.simulator.sign(&claims);
    let second = function.browser().land(&second).await;
    let second = function.claims(&second).await;
    assert_ne!(second["jti"], first["jti"]);
    assert_eq!(
        (&first["new_user"], &second["new_user"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(function.outcome(), "handed-over");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let link = function.link(&order.account, &order.user).await.unwrap();
    assert!(link.last_seen > link.first_seen);
}

pub(crate) async fn a_colleague_joins_the_account_as_a_new_user(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    assert_eq!(function.browser().arrive(&order).await.status, 200);
    let created = function.account(&order.account).await.unwrap().created;
    let roles = vec![Role::ProjectEditor];
    let user = function.simulator.add_user(&order.account, roles).unwrap();
    let colleague = Order { user, ..order };
    let page = function.browser().arrive(&colleague).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["google"]["user_identity"], colleague.user.as_str());
    assert_eq!(claims["new_user"], true);
    let left = Left {
        links: 2,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&colleague.account).await, left);
    let account = function.account(&colleague.account).await.unwrap();
    assert_eq!(account.created, created);
    let approvals = Matcher::procurement().path(":approve");
    let approved = function.simulator.calls().matching(&approvals);
    let accounts = approved
        .iter()
        .filter(|call| call.path.contains("/accounts/"));
    assert_eq!(accounts.count(), 1);
}

pub(crate) async fn two_accounts_of_one_user_stay_apart(setup: Setup) {
    let function = setup.start().await;
    let (one, other) = (function.buyer(), function.buyer());
    let other = Order {
        user: one.user.clone(),
        ..other
    };
    let browser = function.browser();
    for order in [&one, &other] {
        let claims = function.claims(&browser.arrive(order).await).await;
        assert_eq!(claims["sub"], order.account.as_str());
        assert_eq!(claims["new_user"], true);
        assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    }
}

pub(crate) async fn the_application_is_notified_once(setup: Setup) {
    let (function, order) = setup.with_events_topic().start_with_customer().await;
    let token = function.buyers_token(&order);
    let browser = function.browser();
    for _ in 0..2 {
        assert_eq!(browser.land(&token).await.status, 200);
    }
    let user = function
        .simulator
        .add_user(&order.account, vec![Role::AccountAdmin]);
    let user = user.unwrap();
    let (account, entitlement) = (order.account.clone(), order.entitlement.clone());
    let colleague = Order { user, ..order };
    assert_eq!(browser.arrive(&colleague).await.status, 200);
    let waiting = function.store.outbox_batch(10, soon()).await.unwrap();
    assert!(waiting.is_empty());
    let news = function.simulator.published().all();
    let [message] = news.as_slice() else {
        panic!("{}", news.len());
    };
    let event = message.json();
    assert_eq!(event["type"], "portico.account.signed-up");
    assert_eq!(event["subject"], format!("accounts/{account}"));
    let data = &event["data"];
    assert_eq!(data["account"], account.as_str());
    assert_eq!(data["unverified_company"], json!(null));
    // The newest news says where the customer stands.
    assert_eq!(data["access"], "pending");
    assert_eq!(data["orders"][0]["entitlement"], entitlement.as_str());
}

pub(crate) async fn a_sign_up_is_no_news_before_google_has_approved_it(setup: Setup) {
    let (function, order) = setup.with_events_topic().start_with_customer().await;
    let token = function.buyers_token(&order);
    let approval = Matcher::procurement()
        .method(Method::POST)
        .path("/accounts/");
    let faults = function.simulator.faults();
    faults.always(approval, Fault::status(400));
    let page = function.browser().land(&token).await;
    function.answered(&page, 503, "registration-being-completed");
    assert_eq!(function.left(&order.account).await, Left::INTENT);
    assert_eq!(function.simulator.published().all().len(), 0);
    faults.clear();
    let page = function.browser().land(&token).await;
    function.claims(&page).await;
    let news = function.simulator.published().all();
    let kinds: Vec<_> = news
        .iter()
        .map(|news| news.json()["type"].clone())
        .collect();
    assert_eq!(kinds, ["portico.account.signed-up"]);
}

pub(crate) async fn an_account_known_from_an_event_is_signed_up(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let known = Account {
        company: None,
        ..records::account(&order, Approval::None, earlier())
    };
    function.stored(Commit::new().create(&known)).await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.created, earlier());
    assert!(account.updated > earlier());
    let entitlement = function.simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(entitlement.state, EntitlementState::Active);
}
