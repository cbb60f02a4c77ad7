//! A token with as many orders as it may name.

use marketplace_simulator::{Order, Simulator};
use serde_json::Value;

/// The token of this buyer with the order itself and 255 others, and the ids of all of them.
pub fn token_with_256_orders(simulator: &Simulator, order: &Order) -> (String, Vec<String>) {
    let others = (1..256).map(|number| format!("7d0e2f6a-93b1-4c55-8a7e-{number:012x}"));
    let orders: Vec<_> = std::iter::once(order.entitlement.to_string())
        .chain(others)
        .collect();
    let claims = simulator.token_claims(&order.account, &order.user);
    let token = simulator.sign(&claims.set_google("orders", orders.clone()));
    assert!(token.len() > 14_000, "{}", token.len());
    (token, orders)
}

/// These claims name the orders, all of them and in this order.
#[track_caller]
pub fn assert_names(claims: &Value, orders: &[String]) {
    let named = claims["google"]["orders"].as_array().expect("a list");
    let named: Vec<_> = named.iter().filter_map(Value::as_str).collect();
    assert_eq!(named, orders);
}

/// What HAND-OFF.md tells applications to allow, for the whole form.
#[track_caller]
pub fn assert_fits_an_application(hand_off: &str) {
    let form = "portico-token=".len() + hand_off.len();
    assert!(form <= 32 * 1024, "{form}");
}
