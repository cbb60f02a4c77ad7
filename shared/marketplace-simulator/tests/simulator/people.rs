//! The people of a customer, and the orders in their tokens.

use marketplace::{PlanId, ProcurementAccountId, ProductId, Role, UserIdentity};
use marketplace_simulator::{Buyer, NotPossible, OrdersInTokens};
use serde_json::json;

use crate::caller::Caller;
use crate::relying_party::payload;

#[tokio::test]
async fn a_token_for_a_product_lists_the_orders_of_that_product() {
    let caller = Caller::set(|settings| {
        settings.orders_in_tokens = OrdersInTokens::Listed;
        let mut other = settings.products[0].clone();
        other.id = ProductId::parse("other").unwrap();
        settings.products.push(other);
    })
    .await;
    let sim = &caller.sim;
    let [_, other] = sim.settings().products.as_slice() else {
        panic!("there are two products");
    };
    let order = sim.buy();
    let second = sim.buy_again(&order.account);
    let buyer = Buyer::Existing(order.account.clone());
    let plan = PlanId::parse("starter-plan").unwrap();
    let third = sim.purchase(buyer, &other.id, &plan).unwrap();
    let orders = |product: &ProductId| {
        let token = sim.product_token(&order.account, &order.user, product);
        payload(&token)["google"]["orders"].clone()
    };
    let first_product = &sim.settings().products[0].id;
    let expected = json!([order.entitlement.as_str(), second.entitlement.as_str()]);
    assert_eq!(orders(first_product), expected);
    assert_eq!(orders(&other.id), json!([third.entitlement.as_str()]));
    sim.cancel(&third.entitlement).unwrap();
    assert_eq!(orders(&other.id), json!([]));
}

#[tokio::test]
async fn a_person_can_belong_to_two_customers_in_different_roles() {
    let caller = Caller::start().await;
    let sim = &caller.sim;
    let (first, second) = (sim.buy(), sim.buy());
    let roles = vec![Role::ProjectEditor];
    sim.invite(&second.account, &first.user, roles.clone())
        .unwrap();
    let of_first = sim.account(&first.account).unwrap().users[0].clone();
    let of_second = sim.account(&second.account).unwrap().users[1].clone();
    assert_eq!(of_second.roles, [Role::ProjectEditor]);
    assert_eq!(of_first.roles, [Role::AccountAdmin]);
    assert_eq!(of_second.email, of_first.email);
    assert_eq!(
        sim.invite(&second.account, &first.user, roles),
        Err(NotPossible::WrongState)
    );
}

#[tokio::test]
async fn roles_change_with_the_next_token() {
    let caller = Caller::start().await;
    let sim = &caller.sim;
    let order = sim.buy();
    sim.set_roles(&order.account, &order.user, vec![]).unwrap();
    let token = sim.token(&order.account, &order.user);
    assert_eq!(payload(&token)["google"]["roles"], json!([]));
    let nobody = UserIdentity::parse("42").unwrap();
    assert_eq!(
        sim.set_roles(&order.account, &nobody, vec![]),
        Err(NotPossible::UnknownUser)
    );
    let nowhere = ProcurementAccountId::parse("E-1234").unwrap();
    for refused in [
        sim.set_roles(&nowhere, &order.user, vec![]),
        sim.invite(&nowhere, &order.user, vec![]),
    ] {
        assert_eq!(refused, Err(NotPossible::UnknownAccount));
    }
}
