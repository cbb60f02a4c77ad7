//! Which orders are billed by usage, and whether they are served: all from the events.

use marketplace::EntitlementState;
use marketplace_simulator::{Metric, Plan, Settings};

use super::super::cloud_event::{CloudEvent, KnownOrder};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order<'a> {
    pub(super) id: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) is_in_force: bool,
    /// Why it must not be served: Google's code.
    pub(super) stopped: Option<&'a str>,
}

impl Order<'_> {
    pub(super) fn is_served(&self) -> bool {
        self.is_in_force && self.stopped.is_none()
    }

    pub(super) fn metric(&self, id: &str) -> Option<&Metric> {
        self.plan.metrics.iter().find(|metric| metric.id == id)
    }
}

/// What the events say of an order.
#[derive(Default)]
struct OrderHistory<'a> {
    id: &'a str,
    plan: Option<&'a str>,
    is_in_force: bool,
    stopped: Option<&'a str>,
}

/// The orders that are, or were, billed by usage, in the order in which they came into force. The
/// events are those of one customer, oldest first.
pub(super) fn metered<'a>(settings: &'a Settings, events: &'a [CloudEvent]) -> Vec<Order<'a>> {
    let mut known: Vec<OrderHistory<'a>> = Vec::new();
    for event in events {
        if let Some(orders) = &event.data.orders {
            let is_live = event.data.access.as_deref() == Some("live");
            apply_orders(&mut known, orders, is_live);
        }
        let Some(id) = event.data.entitlement.as_deref() else {
            continue;
        };
        if !known.iter().any(|order| order.id == id) {
            known.push(OrderHistory {
                id,
                ..OrderHistory::default()
            });
        }
        if let Some(order) = known.iter_mut().find(|order| order.id == id) {
            order.apply(event);
        }
    }
    let orders = known.into_iter();
    orders.filter_map(|known| known.metered(settings)).collect()
}

/// What an event says of all orders: it makes up for each one that was lost before it.
fn apply_orders<'a>(known: &mut Vec<OrderHistory<'a>>, orders: &'a [KnownOrder], is_live: bool) {
    for order in known.iter_mut() {
        order.is_in_force = false;
    }
    for order in orders {
        let id = order.entitlement.as_str();
        let state = EntitlementState::from(order.state.clone());
        let is_in_force = is_live && state.is_live();
        if let Some(known) = known.iter_mut().find(|known| known.id == id) {
            known.is_in_force = is_in_force;
            known.plan = order.plan.as_deref();
        } else if is_in_force {
            known.push(OrderHistory {
                id,
                plan: order.plan.as_deref(),
                is_in_force,
                stopped: None,
            });
        }
    }
}

impl<'a> OrderHistory<'a> {
    fn apply(&mut self, event: &'a CloudEvent) {
        if let Some(plan) = &event.data.plan {
            self.plan = Some(plan);
        }
        // With all orders, the event has said already which are in force.
        let is_alone = event.data.orders.is_none();
        match event.kind.as_str() {
            "portico.access.granted" if is_alone => self.is_in_force = true,
            "portico.access.ended" | "portico.order.ended" if is_alone => self.is_in_force = false,
            "portico.usage.stop-serving" => {
                self.stopped = Some(event.data.reason.as_deref().unwrap_or("unknown"));
            }
            "portico.usage.resume-serving" => self.stopped = None,
            _ => {}
        }
    }

    fn metered(self, settings: &'a Settings) -> Option<Order<'a>> {
        let plans = settings.products.iter().flat_map(|product| &product.plans);
        let mut metered = plans.filter(|plan| !plan.metrics.is_empty());
        let plan = metered.find(|plan| Some(plan.id.as_str()) == self.plan)?;
        Some(Order {
            id: self.id,
            plan,
            is_in_force: self.is_in_force,
            stopped: self.stopped,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, entitlement: &str, plan: &str, reason: Option<&str>) -> CloudEvent {
        let event = json!({
            "id": "1", "type": format!("portico.{kind}"), "time": "2026-01-21T00:21:40Z",
            "data": {"account": "a", "entitlement": entitlement, "plan": plan, "reason": reason},
        });
        serde_json::from_value(event).unwrap()
    }

    /// Id, whether it is in force, and why it is not served.
    fn metered_after(events: &[CloudEvent]) -> Vec<(String, bool, Option<String>)> {
        let settings = Settings::default();
        let seen = |it: Order<'_>| {
            let stopped = it.stopped.map(str::to_owned);
            (it.id.to_owned(), it.is_in_force, stopped)
        };
        let orders = metered(&settings, events).into_iter();
        orders.map(seen).collect()
    }

    #[test]
    fn an_order_is_served_from_its_grant_to_its_end_and_not_while_it_is_stopped() {
        let usage = "usage-plan";
        let mut events = vec![
            event("access.granted", "fixed", "starter-plan", None),
            event("access.granted", "e", usage, None),
        ];
        let e = |is_in_force, stopped: Option<&str>| {
            vec![("e".to_owned(), is_in_force, stopped.map(str::to_owned))]
        };
        assert_eq!(metered_after(&events), e(true, None));
        let reason = Some("BILLING_DISABLED");
        events.push(event("usage.stop-serving", "e", usage, reason));
        assert_eq!(metered_after(&events), e(true, reason));
        events.push(event("usage.resume-serving", "e", usage, None));
        assert_eq!(metered_after(&events), e(true, None));
        events.push(event("order.ended", "e", usage, None));
        assert_eq!(metered_after(&events), e(false, None));
    }

    #[test]
    fn an_event_with_all_orders_makes_up_for_those_that_were_lost() {
        let with_orders = |access: &str, state: &str| {
            let event = json!({
                "id": "1", "type": "portico.account.state", "time": "2026-01-21T00:21:40Z",
                "data": {"account": "a", "access": access, "orders": [
                    {"entitlement": "e", "plan": "usage-plan", "state": format!("ENTITLEMENT_{state}")},
                ]},
            });
            serde_json::from_value::<CloudEvent>(event).unwrap()
        };
        let granted = event("access.granted", "moved", "usage-plan", None);
        let e = |is_in_force| ("e".to_owned(), is_in_force, None);
        let moved = ("moved".to_owned(), false, None);
        let mut events = vec![granted, with_orders("pending", "ACTIVATION_REQUESTED")];
        assert_eq!(metered_after(&events), std::slice::from_ref(&moved));
        events.push(with_orders("live", "ACTIVE"));
        assert_eq!(metered_after(&events), [moved.clone(), e(true)]);
        // The account is closed, whatever is said of the order.
        events.push(with_orders("ended", "ACTIVE"));
        assert_eq!(metered_after(&events), [moved, e(false)]);
    }

    #[test]
    fn an_order_is_metered_as_long_as_its_plan_is() {
        let mut events = vec![event("access.granted", "e", "starter-plan", None)];
        assert_eq!(metered_after(&events), []);
        events.push(event("plan.changed", "e", "usage-plan", None));
        assert_eq!(metered_after(&events), [("e".to_owned(), true, None)]);
        events.push(event("plan.changed", "e", "starter-plan", None));
        assert_eq!(metered_after(&events), []);
    }
}
