//! A hundred sign-ups of one account at the same time.

use std::collections::BTreeSet;
use std::time::Duration;

use function_tests::browser::TOKEN;
use function_tests::wire::{Answer, exchange, form_post};
use marketplace::{Role, UserIdentity};
use marketplace_simulator::Matcher;
use tokio::task::JoinSet;

use crate::function::{Left, Setup, TestFunction};

const CROWD: usize = 100;

/// How long a crowd may take on a small machine is not what is tested.
fn unhurried(setup: Setup) -> Setup {
    setup.within(Duration::from_secs(30))
}

async fn land_at_once(function: &TestFunction, tokens: &[String]) -> Vec<Answer> {
    let mut visits = JoinSet::new();
    for token in tokens {
        let request = form_post("/signup", &[(TOKEN, token)], "");
        visits.spawn(exchange(function.address, request));
    }
    visits.join_all().await
}

async fn claims_of(function: &TestFunction, pages: &[Answer]) -> Vec<serde_json::Value> {
    let mut claims = Vec::new();
    for page in pages {
        claims.push(function.claims(page).await);
    }
    claims
}

pub(crate) async fn a_hundred_sign_ups_by_one_token_are_one_hand_off(setup: Setup) {
    let (function, order) = unhurried(setup).start_with_customer().await;
    let tokens = vec![function.buyers_token(&order); CROWD];
    let pages = land_at_once(&function, &tokens).await;
    let claims = claims_of(&function, &pages).await;
    assert_eq!(claims.len(), CROWD);
    let first = &claims[0];
    assert_eq!(first["new_user"], true);
    for claims in &claims {
        assert_eq!(claims["jti"], first["jti"]);
        assert_eq!(claims["iat"], first["iat"]);
        assert_eq!(claims["new_user"], true);
    }
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_hundred_users_are_a_hundred_links_of_one_account(setup: Setup) {
    let (function, order) = unhurried(setup).start_with_customer().await;
    let mut users = vec![order.user.clone()];
    for _ in 1..CROWD {
        let roles = vec![Role::AccountAdmin];
        users.push(function.simulator.add_user(&order.account, roles).unwrap());
    }
    let tokens: Vec<_> = users
        .iter()
        .map(|user| function.token(&order.account, user))
        .collect();
    let pages = land_at_once(&function, &tokens).await;
    let claims = claims_of(&function, &pages).await;
    let of_users: BTreeSet<_> = claims
        .iter()
        .map(|claims| claims["google"]["user_identity"].as_str().unwrap())
        .collect();
    assert_eq!(of_users, users.iter().map(UserIdentity::as_str).collect());
    let ids: BTreeSet<_> = claims.iter().map(|claims| claims["jti"].as_str()).collect();
    assert_eq!(ids.len(), CROWD);
    assert!(claims.iter().all(|claims| claims["new_user"] == true));
    let left = Left {
        links: CROWD,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn a_hundred_customers_do_not_wait_for_each_other(setup: Setup) {
    let function = unhurried(setup).start().await;
    let orders: Vec<_> = (0..CROWD).map(|_| function.buyer()).collect();
    let tokens = orders.iter().map(|order| function.buyers_token(order));
    let tokens: Vec<_> = tokens.collect();
    let pages = land_at_once(&function, &tokens).await;
    assert_eq!(claims_of(&function, &pages).await.len(), CROWD);
    for order in &orders {
        let account = function.simulator.account(&order.account).unwrap();
        assert_eq!(account.times_approved, 1);
    }
    let keys = Matcher::marketplace_keys();
    assert_eq!(function.simulator.calls().count(&keys), 1);
    assert_eq!(
        function.simulator.calls().count(&Matcher::access_token()),
        1
    );
}
