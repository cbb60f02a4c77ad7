//! Customers who may come in: known ones, colleagues, and what their tokens say.

use std::collections::BTreeMap;

use function_tests::records::earlier;
use function_tests::refused::Refused;
use function_tests::visited::soon;
use jiff::{SignedDuration, Timestamp};
use marketplace::Role;
use marketplace_simulator::Order;
use serde_json::json;
use store::{Account, Approval, Commit, Link};

use crate::customers::{entitlement, link_of};
use crate::function::{Left, Setup};

pub(crate) async fn a_known_customer_is_handed_over(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(page.header("set-cookie"), None);

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
            "orders": [],
        },
        "purpose": "login",
        "verified_user": false,
        "new_user": false,
        "access": "live",
        "unverified_profile": { "name": "Ada Keller" },
    });
    assert_eq!(claims, expected.as_object().unwrap());
    let logged = function.log.last_request();
    assert_eq!(logged["message"], "POST /login 200");
    assert_eq!(logged["severity"], "INFO");
    assert_eq!(logged["outcome"], "handed-over");
    assert_eq!(logged["accountId"], order.account.as_str());
    assert_eq!(function.log.lines().len(), 1, "{}", function.log.text());
}

pub(crate) async fn a_colleague_is_linked_at_the_first_login(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let colleague = function.colleague(&order, vec![Role::ProjectEditor]);
    let before = function.left(&order.account).await;
    let since = Timestamp::now();
    let page = function.browser().arrive(&colleague).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "linked");
    assert_eq!(claims["new_user"], true);
    assert_eq!(claims["google"]["user_identity"], colleague.user.as_str());
    // What the buyer typed is the buyer's.
    assert_eq!(claims.get("unverified_profile"), None);
    let link = function.link(&colleague).await.unwrap();
    assert_eq!(link.profile, BTreeMap::new());
    assert_eq!(link.roles, [Role::ProjectEditor]);
    assert_eq!(link.first_seen, link.last_seen);
    assert!(link.first_seen >= since - SignedDuration::from_secs(1));
    let after = function.left(&order.account).await;
    assert_eq!(after.links.len(), 2);
    assert!(after.links.contains(&link_of(&order)));
    let links = before.links.clone();
    assert_eq!(Left { links, ..after }, before);
}

pub(crate) async fn a_customer_from_before_signs_in_at_once(setup: Setup) {
    let function = setup.start().await;
    let order = function.simulator.buy();
    // As reconciliation and an operator's import bring them in: nobody has signed up here.
    let account = Account::new(&order.account, Approval::Approved, earlier());
    let imported = Link {
        roles: Vec::new(),
        ..link_of(&order)
    };
    let commit = Commit::new()
        .create(account)
        .create(imported)
        .create(entitlement(&function, &order, "ACTIVE"));
    function.stored(commit).await;
    let page = function.browser().arrive(&order).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["new_user"], false);
    assert_eq!(claims["access"], "live");
    let profile = json!({ "name": "Ada Keller" });
    assert_eq!(claims["unverified_profile"], profile);
}

pub(crate) async fn what_sign_up_once_stored_as_it_was_pasted_is_cleaned(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let stored = function.store.link(&order.account, &order.user, soon());
    let stored = stored.await.unwrap().unwrap();
    let as_pasted = |link: &mut Link| {
        let name = "\u{202d}Ada\u{a0}Kel\u{200b}ler\u{202c}".to_owned();
        let company = "\u{3164}\u{2800}".to_owned();
        link.profile = [("name".to_owned(), name), ("company".to_owned(), company)].into();
    };
    function.change(stored, as_pasted).await;
    let page = function.browser().arrive(&order).await;
    let claims = function.claims(&page).await;
    assert_eq!(
        claims["unverified_profile"],
        json!({ "name": "Ada Keller" })
    );
}

pub(crate) async fn a_login_changes_nothing_but_the_link(setup: Setup) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    let before = function.left(&order.account).await;
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let after = function.left(&order.account).await;
    let [link] = after.links.as_slice() else {
        panic!("{}", after.links.len());
    };
    assert!(link.last_seen > earlier());
    let expected = Link {
        orders: vec![order.entitlement.clone()],
        last_seen: link.last_seen,
        ..link_of(&order)
    };
    assert_eq!(link, &expected);
    let links = before.links.clone();
    assert_eq!(Left { links, ..after }, before);
}

pub(crate) async fn a_login_in_the_same_minute_leaves_the_link_as_it_is(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let first = function.link(&order).await.unwrap();
    let page = function
        .browser()
        .land(&function.another_token(&order, 1))
        .await;
    function.claims(&page).await;
    assert_eq!(function.link(&order).await.unwrap(), first);
    // Unless the token says something new.
    let roles = json!(["account_admin", "project_editor"]);
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let token = function.simulator.sign(&claims.set_google("roles", roles));
    function
        .claims(&function.browser().land(&token).await)
        .await;
    let link = function.link(&order).await.unwrap();
    assert_eq!(link.roles, [Role::AccountAdmin, Role::ProjectEditor]);
    assert!(link.last_seen >= first.last_seen);
}

pub(crate) async fn two_accounts_of_one_user_stay_apart(setup: Setup) {
    let function = setup.start().await;
    let (one, other) = (function.registered().await, function.registered().await);
    let other = Order {
        user: one.user.clone(),
        ..other
    };
    let browser = function.browser();
    for (order, new_user, links) in [(&one, false, 1), (&other, true, 2)] {
        let claims = function.claims(&browser.arrive(order).await).await;
        assert_eq!(claims["sub"], order.account.as_str());
        assert_eq!(claims["new_user"], new_user);
        assert_eq!(function.left(&order.account).await.links.len(), links);
    }
}

pub(crate) async fn the_page_for_a_role_that_is_not_accepted_says_whom_to_ask(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
    let before = function.left(&order.account).await;
    let role = Refused::new(403, "role-not-accepted", "the token has no accepted role");
    // The known user too: a link does not authorise by itself.
    for customer in [&order, &colleague] {
        function.keep_secret(customer.user.as_str());
        let claims = function
            .simulator
            .token_claims(&customer.account, &customer.user);
        for claims in [
            claims.clone().set_google("roles", vec!["project_viewer"]),
            claims.clone().set_google("roles", vec!["Account_Admin"]),
            claims.clone().set_google("roles", Vec::<String>::new()),
            claims.without_google("roles"),
        ] {
            let token = function.simulator.sign(&claims);
            let page = function.browser().land(&token).await;
            role.check(&function, &page, Some(customer));
            assert!(page.body.contains("administrator of your billing account"));
        }
    }
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
}

pub(crate) async fn a_token_without_a_user_is_refused(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let before = function.left(&order.account).await;
    let nobody = Refused::new(403, "no-user", "the token names no user");
    let claims = function.simulator.token_claims(&order.account, &order.user);
    for claims in [
        claims.clone().without_google("user_identity"),
        claims.set_google("user_identity", ""),
    ] {
        let token = function.simulator.sign(&claims);
        let page = function.browser().land(&token).await;
        nobody.check(&function, &page, Some(&order));
    }
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
}

pub(crate) async fn unknown_roles_are_carried_and_grant_nothing(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let roles = json!(["order_viewer", "project_editor", "x"]);
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let token = function
        .simulator
        .sign(&claims.set_google("roles", roles.clone()));
    let page = function.browser().land(&token).await;
    assert_eq!(function.claims(&page).await["google"]["roles"], roles);
    let link = function.link(&order).await.unwrap();
    assert_eq!(json!(link.roles), roles);
}

pub(crate) async fn the_accepted_roles_are_configured(setup: Setup) {
    let (function, order) = setup
        .with("ACCEPTED_ROLES", "billing_viewer")
        .start_with_customer()
        .await;
    assert_eq!(function.browser().arrive(&order).await.status, 403);
    let roles = vec![Role::Other("billing_viewer".to_owned())];
    let colleague = function.colleague(&order, roles);
    let page = function.browser().arrive(&colleague).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
}
