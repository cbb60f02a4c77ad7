//! Many events, shuffled and repeated, many at a time.

use std::sync::{Arc, Mutex};

use link_store::LinkStore;
use marketplace::{EntitlementId, EntitlementState as State, PlanId};
use serde_json::Value;

use crate::function::TestFunction;

const ORDERS: usize = 100;
const EVENTS: usize = 2_000;
const DELIVERERS: usize = 16;

/// A small generator of its own, so that a run can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Messages on their way, and customers who change their minds meanwhile.
struct Traffic {
    chance: Chance,
    orders: Vec<EntitlementId>,
    messages: Vec<Value>,
    made: usize,
}

pub(crate) async fn a_shuffled_crowd_ends_at_what_google_says(store: LinkStore) {
    let function = Arc::new(TestFunction::start(store).await);
    let traffic = Arc::new(Mutex::new(Traffic::of_purchases(&function).await));
    let deliverers = (0..DELIVERERS).map(|_| {
        let (function, traffic) = (Arc::clone(&function), Arc::clone(&traffic));
        tokio::spawn(async move {
            loop {
                let next = traffic.lock().unwrap().next(&function);
                let Some(message) = next else { return };
                if function.deliver(&message).await != 204 {
                    traffic.lock().unwrap().messages.push(message);
                }
            }
        })
    });
    for deliverer in deliverers.collect::<Vec<_>>() {
        deliverer.await.unwrap();
    }
    function.reconcile().await;
    let mut plans_changed = 0;
    for order in function.simulator.entitlements() {
        assert!(function.is_in_step(&order.id).await);
        assert!(order.times_approved <= 1);
        assert!(order.state == State::Cancelled || order.state.is_live());
        plans_changed += usize::from(order.plan.as_str() != "starter-plan");
    }
    assert!(plans_changed > 0);
    for account in function.simulator.accounts() {
        assert_eq!(account.times_approved, 1);
    }
    let mut told: Vec<_> = function.published();
    told.sort_by_key(|event| event["id"].to_string());
    told.dedup_by_key(|event| event["id"].to_string());
    let granted = told
        .iter()
        .filter(|event| event["type"] == "portico.access.granted");
    assert!(granted.count() >= ORDERS / 2);
}

impl Traffic {
    /// Customers with two orders each, who have just signed up.
    async fn of_purchases(function: &TestFunction) -> Self {
        let mut orders = Vec::new();
        for _ in 0..ORDERS / 2 {
            let first = function.simulator.buy();
            function.begin_sign_up(&first).await;
            orders.push(function.simulator.buy_again(&first.account).entitlement);
            orders.push(first.entitlement);
        }
        let mut traffic = Self {
            chance: Chance(7),
            orders,
            messages: Vec::new(),
            made: 0,
        };
        for order in traffic.orders.clone() {
            let message = function.message("ENTITLEMENT_CREATION_REQUESTED", &order);
            traffic.send(&message);
        }
        traffic
    }

    /// A message at random, after something may have happened.
    fn next(&mut self, function: &TestFunction) -> Option<Value> {
        while self.made < EVENTS && (self.messages.is_empty() || self.chance.below(2) == 0) {
            self.change(function);
        }
        if self.messages.is_empty() {
            return None;
        }
        let next = self.chance.below(self.messages.len());
        Some(self.messages.swap_remove(next))
    }

    fn change(&mut self, function: &TestFunction) {
        let simulator = &function.simulator;
        let order = self.orders[self.chance.below(self.orders.len())].clone();
        let plan = ["standard-plan", "starter-plan"][self.chance.below(2)];
        let plan = PlanId::parse(plan).unwrap();
        let kind = match self.chance.below(8) {
            0 if simulator.cancel_at_term_end(&order).is_ok() => "ENTITLEMENT_PENDING_CANCELLATION",
            1 | 2 if simulator.request_plan_change(&order, &plan).is_ok() => {
                "ENTITLEMENT_PLAN_CHANGE_REQUESTED"
            }
            3 if self.chance.below(20) == 0 && simulator.cancel(&order).is_ok() => {
                "ENTITLEMENT_CANCELLED"
            }
            4 => "ENTITLEMENT_OFFER_ACCEPTED",
            5 => "ENTITLEMENT_ACTIVE",
            _ => "ENTITLEMENT_RENEWED",
        };
        let mut message = function.message(kind, &order);
        message["eventId"] = Value::from(self.made.to_string());
        self.send(&message);
    }

    /// One to three times.
    fn send(&mut self, message: &Value) {
        self.made += 1;
        for _ in 0..=self.chance.below(3) {
            self.messages.push(message.clone());
        }
    }
}
