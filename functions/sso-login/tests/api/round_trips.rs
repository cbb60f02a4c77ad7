//! What a login costs at Firestore, counted on the wire.

use function_tests::emulator;
use marketplace::Role;
use marketplace_simulator::Matcher;

use crate::function::{Setup, TestFunction};
use crate::wiretap::{Cost, Wiretap};

/// A function whose calls to the store are counted, connected already.
async fn tapped() -> (TestFunction, Wiretap) {
    let wiretap = Wiretap::start().await;
    let store = emulator::store(&emulator::new_project(), &wiretap.address.to_string());
    let function = Setup::over(store).with_orders().start().await;
    (function, wiretap)
}

/// What it costs to log in with this token.
async fn cost_of(function: &TestFunction, wiretap: &Wiretap, token: &str) -> Cost {
    let before = wiretap.cost();
    let page = function.browser().land(token).await;
    let cost = wiretap.cost().since(before);
    function.claims(&page).await;
    assert_ne!(function.outcome(), "handed-over-again");
    cost
}

#[tokio::test]
async fn a_repeated_login_is_one_round_trip_of_reads_and_one_commit() {
    let (function, wiretap) = tapped().await;
    let order = function.registered().await;
    let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
    let reads_and_commit = Cost {
        // Account, link and replay by their ids; entitlements by a query; the commit.
        calls: 3,
        round_trips: 2,
    };
    for customer in [&order, &colleague] {
        let token = function.another_token(customer, 1);
        for token in [function.buyers_token(customer), token] {
            let cost = cost_of(&function, &wiretap, &token).await;
            assert_eq!(cost, reads_and_commit);
        }
    }
    // Beside them, the signature; key set and access token were fetched once.
    let calls = function.simulator.calls();
    assert_eq!(calls.count(&Matcher::sign_jwt()), 4);
    assert_eq!(calls.count(&Matcher::marketplace_keys()), 1);
    assert_eq!(calls.count(&Matcher::access_token()), 1);
    assert_eq!(calls.count(&Matcher::procurement()), 0);
}

#[tokio::test]
async fn an_order_that_is_not_stored_costs_nothing_more() {
    let (function, wiretap) = tapped().await;
    let [order, _] = function.with_two_orders().await;
    let before = wiretap.cost();
    assert_eq!(function.browser().arrive(&order).await.status, 303);
    let several = wiretap.cost().since(before);
    // The commit stores the session.
    assert_eq!((several.calls, several.round_trips), (3, 2));

    function.bought_again(&order, None).await;
    function.bought_again(&order, None).await;
    let before = wiretap.cost();
    assert_eq!(function.browser().arrive(&order).await.status, 303);
    let more = wiretap.cost().since(before);
    assert_eq!((more.calls, more.round_trips), (3, 2));
}
