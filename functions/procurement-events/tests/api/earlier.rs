//! Customers who bought before Portico was there, and another integration beside it.

use marketplace::EntitlementState as State;
use marketplace_simulator::{Matcher, Order};
use store::{Approval, Store};

use crate::function::{ACTIVE, CANCELLED, EventsSetup, REQUESTED, TestFunction};
use crate::results::types;

/// As many as a small vendor has.
const CUSTOMERS: usize = 200;

impl TestFunction {
    /// So many customers whom another integration has approved, with an order in force each.
    fn customers_of_another(&self, count: usize) -> Vec<Order> {
        let bought = (0..count).map(|_| self.simulator.buy());
        let approved = bought.inspect(|order| self.approved_by_another(order));
        approved.collect()
    }

    fn approved_by_another(&self, order: &Order) {
        self.simulator.approve_account(&order.account).unwrap();
        let id = &order.entitlement;
        self.simulator.approve_entitlement(id).unwrap();
    }

    /// How often anything was decided or written at Google by the function.
    fn calls_that_change(&self) -> usize {
        let methods = [http::Method::POST, http::Method::PATCH];
        let calls = methods.map(|method| {
            let changing = Matcher::procurement().method(method);
            self.simulator.calls().count(&changing)
        });
        calls.into_iter().sum()
    }
}

pub(crate) async fn customers_from_before_come_in_without_news(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers_of_another(CUSTOMERS);
    // Bought, and nobody has signed up.
    let waiting = function.simulator.buy();
    function.reconcile().await;
    for order in &orders {
        // What login asks for.
        assert!(function.is_open(&order.account).await);
        assert!(function.is_in_force(&order.entitlement).await);
        assert!(function.is_up_to_date(&order.entitlement).await);
    }
    let approval = function.approval(&waiting.account).await;
    assert_eq!(approval, Approval::None);
    assert_eq!(function.notifications(), Vec::<String>::new());
    assert_eq!(function.calls_that_change(), 0);

    // From then on they are customers like any other.
    let ended = &orders[0];
    function.simulator.cancel(&ended.entitlement).unwrap();
    function.acknowledges(CANCELLED, &ended.entitlement).await;
    let again = function.simulator.buy_again(&orders[1].account);
    for kind in [REQUESTED, ACTIVE] {
        function.acknowledges(kind, &again.entitlement).await;
    }
    let told = function.told(&ended.account);
    assert_eq!(types(&told), ["portico.access.ended"]);
    let told = function.told(&again.account);
    assert_eq!(types(&told), ["portico.access.granted"]);
    assert_eq!(told[0]["data"]["orders"].as_array().unwrap().len(), 2);
    assert_eq!(function.notifications().len(), 2);
}

pub(crate) async fn the_application_is_told_of_customers_from_before_if_it_wants(store: Store) {
    let setup = EventsSetup::over(store).with("TELL_OF_EARLIER_ORDERS", "yes");
    let function = setup.start().await;
    let orders = function.customers_of_another(3);
    function.reconcile().await;
    for order in &orders {
        let told = function.told(&order.account);
        assert_eq!(types(&told), ["portico.access.granted"]);
    }
}

pub(crate) async fn what_another_integration_approves_later_is_news(store: Store) {
    let function = TestFunction::start(store).await;
    let earlier = function.customers_of_another(1).remove(0);
    function.reconcile().await;
    let later = function.customers_of_another(1).remove(0);
    // No message about it has arrived.
    function.reconcile().await;
    assert!(function.is_open(&later.account).await);
    let told = function.told(&later.account);
    assert_eq!(types(&told), ["portico.access.granted"]);
    assert_eq!(function.told(&earlier.account).len(), 0);
}

pub(crate) async fn an_event_before_the_first_round_is_news(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers_of_another(1).remove(0);
    function.acknowledges(ACTIVE, &order.entitlement).await;
    function.reconcile().await;
    let told = function.told(&order.account);
    assert_eq!(types(&told), ["portico.access.granted"]);
}

pub(crate) async fn beside_another_integration_nothing_is_approved_twice(store: Store) {
    let function = TestFunction::start(store).await;
    function.reconcile().await;
    // The other one is faster: each subscription has every event.
    let order = function.simulator.buy();
    function.approved_by_another(&order);
    for kind in [REQUESTED, ACTIVE, REQUESTED] {
        function.acknowledges(kind, &order.entitlement).await;
    }
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &order.account)
        .await;
    function.reconcile().await;
    assert_eq!(function.calls_that_change(), 0);
    assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));

    // The other one approves the account, and Portico the order.
    let order = function.simulator.buy();
    function.simulator.approve_account(&order.account).unwrap();
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &order.account)
        .await;
    for kind in [REQUESTED, ACTIVE] {
        function.acknowledges(kind, &order.entitlement).await;
    }
    // What the other one would do now changes nothing.
    _ = function.simulator.approve_entitlement(&order.entitlement);
    function.reconcile().await;
    assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
    let at_google = function.simulator.account(&order.account).unwrap();
    assert_eq!(at_google.times_approved, 1);
    let granted = function.changes("portico.access.granted").await;
    assert_eq!(granted, 2);
}

pub(crate) async fn with_the_manual_policy_the_other_integration_decides(store: Store) {
    let setup = EventsSetup::over(store).with("APPROVAL_POLICY", "manual");
    let function = setup.start().await;
    let order = function.simulator.buy();
    function.simulator.approve_account(&order.account).unwrap();
    function.reconcile().await;
    let waits = function.at_google(&order.entitlement);
    assert_eq!(waits, (State::ActivationRequested, 0));
    let id = &order.entitlement;
    function.simulator.approve_entitlement(id).unwrap();
    function.acknowledges(ACTIVE, id).await;
    assert!(function.is_in_force(id).await);
    let told = function.told(&order.account);
    assert_eq!(types(&told), ["portico.access.granted"]);
}
