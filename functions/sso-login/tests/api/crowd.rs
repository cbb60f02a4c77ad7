//! A hundred logins of one account at the same time.

use std::collections::BTreeSet;
use std::time::Duration;

use function_tests::browser::TOKEN;
use function_tests::wire::{exchange, form_post};
use marketplace::Role;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::function::{Setup, TestFunction};

const CROWD: usize = 100;

/// How long a crowd may take on a small machine is not what is tested.
fn unhurried(setup: Setup) -> Setup {
    setup.within(Duration::from_secs(30))
}

/// The claims of all that are handed over, which are all that land.
async fn land_at_once(function: &TestFunction, tokens: &[String]) -> Vec<Value> {
    let mut visits = JoinSet::new();
    for token in tokens {
        let request = form_post("/login", &[(TOKEN, token)], "");
        visits.spawn(exchange(function.address, request));
    }
    let mut claims = Vec::new();
    for page in visits.join_all().await {
        claims.push(function.claims(&page).await);
    }
    assert_eq!(claims.len(), CROWD);
    claims
}

fn ids(claims: &[Value]) -> BTreeSet<&str> {
    let ids = claims.iter().map(|claims| claims["jti"].as_str());
    ids.map(|id| id.expect("an id")).collect()
}

pub(crate) async fn a_hundred_logins_of_a_new_user_by_one_token_are_one_link_and_one_hand_off(
    setup: Setup,
) {
    let (function, order) = unhurried(setup).start_with_customer().await;
    let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
    let tokens = vec![function.buyers_token(&colleague); CROWD];
    let claims = land_at_once(&function, &tokens).await;
    assert_eq!(ids(&claims).len(), 1);
    assert!(claims.iter().all(|claims| claims["new_user"] == true));
    assert_eq!(function.left(&order.account).await.links.len(), 2);
}

pub(crate) async fn a_hundred_logins_of_a_new_user_by_a_hundred_tokens_are_one_link(setup: Setup) {
    let (function, order) = unhurried(setup).start_with_customer().await;
    let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
    let tokens: Vec<_> = (0..CROWD)
        .map(|n| {
            let claims = function
                .simulator
                .token_claims(&colleague.account, &colleague.user);
            // What nobody reads, so that the tokens differ.
            function.simulator.sign(&claims.set("x", n))
        })
        .collect();
    let claims = land_at_once(&function, &tokens).await;
    assert_eq!(ids(&claims).len(), CROWD, "each token has its hand-off");
    let new = claims.iter().filter(|claims| claims["new_user"] == true);
    assert_eq!(new.count(), 1, "one of them made the link");
    assert_eq!(function.left(&order.account).await.links.len(), 2);
}

pub(crate) async fn a_hundred_colleagues_are_a_hundred_links(setup: Setup) {
    let (function, order) = unhurried(setup).start_with_customer().await;
    let colleagues = (0..CROWD).map(|_| function.colleague(&order, vec![Role::ProjectEditor]));
    let tokens: Vec<_> = colleagues
        .map(|colleague| function.buyers_token(&colleague))
        .collect();
    let claims = land_at_once(&function, &tokens).await;
    assert_eq!(ids(&claims).len(), CROWD);
    assert!(claims.iter().all(|claims| claims["new_user"] == true));
    assert_eq!(function.left(&order.account).await.links.len(), CROWD + 1);
}
