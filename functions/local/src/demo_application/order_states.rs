//! What is true of each order, as far as the events say: that one order is in force says nothing of another
//! one that waits.

use marketplace::EntitlementState;

use super::cloud_event::{CloudEvent, KnownOrder};
use super::hand_off::Claims;

const UNPUBLISHED: &str = "The Marketplace’s token names it, and no event lists it yet: it waits for approval or \
                           activation, or it has ended.";

/// An order of the customer's, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrderState {
    pub(super) id: String,
    /// Empty where no event named it.
    pub(super) plan: String,
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
    pub(super) text: String,
}

/// The orders of the last event that lists them; then those that only the hand-off names.
pub(super) fn of(claims: &Claims, events: &[CloudEvent]) -> Vec<OrderState> {
    let listed = events.iter().rev().find_map(|event| {
        let orders = event.data.orders.as_deref()?;
        Some((orders, event.data.access.as_deref() == Some("live")))
    });
    let (orders, has_access) = listed.unwrap_or_default();
    let mut states: Vec<OrderState> = orders
        .iter()
        .map(|order| published(order, has_access))
        .collect();
    for id in claims.google.orders.iter().chain(&claims.order) {
        if !states.iter().any(|known| known.id == *id) {
            states.push(unpublished(id));
        }
    }
    states
}

fn published(order: &KnownOrder, has_access: bool) -> OrderState {
    let state = EntitlementState::from(order.state.clone());
    let verb = if state == EntitlementState::Cancelled {
        "ended"
    } else {
        "ends"
    };
    let (state, tone, text) = if state.is_live() && !has_access {
        ("no access", "bad", "The account is closed.")
    } else {
        in_words(&state)
    };
    let end = order.subscription_end;
    let end = end.map(|end| format!(" It {verb} on {}.", end.strftime("%Y-%m-%d")));
    OrderState {
        id: order.entitlement.clone(),
        plan: order.plan.clone().unwrap_or_default(),
        state,
        tone,
        text: format!("{text}{}", end.unwrap_or_default()),
    }
}

fn in_words(state: &EntitlementState) -> (&'static str, &'static str, &'static str) {
    match state {
        EntitlementState::ActivationRequested => (
            "waits",
            "wait",
            "It is not active yet. It waits for the vendor’s approval; or it is approved and waits for \
             Google, which takes up to twenty minutes; or it is a private offer and waits for the day \
             on which it begins.",
        ),
        EntitlementState::Active => ("active", "good", "It can be used."),
        EntitlementState::PendingCancellation => (
            "active until the term ends",
            "wait",
            "It can be used until then. The customer has cancelled it.",
        ),
        EntitlementState::PendingPlanChange => (
            "active, new plan later",
            "wait",
            "It can be used under this plan. The new plan is approved and begins with the next term.",
        ),
        EntitlementState::PendingPlanChangeApproval => (
            "active, new plan waits",
            "wait",
            "It can be used under this plan. The new plan waits for the vendor’s approval.",
        ),
        EntitlementState::Suspended => (
            "suspended",
            "bad",
            "It cannot be used until Google resumes it.",
        ),
        EntitlementState::Cancelled => ("ended", "bad", "It cannot be used any more."),
        EntitlementState::Other(_) => (
            "in a state not known here",
            "wait",
            "This application does not know whether it can be used.",
        ),
    }
}

/// An order that the Marketplace's token named, and no event.
fn unpublished(id: &str) -> OrderState {
    OrderState {
        id: id.to_owned(),
        plan: String::new(),
        state: "not known to be active",
        tone: "wait",
        text: UNPUBLISHED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(orders: &[&str]) -> Claims {
        let claims = json!({
            "sub": "a", "google": {"user_identity": "1", "orders": orders}, "jti": "j", "iat": 0,
            "exp": 60, "purpose": "login", "order": null, "verified_user": false, "new_user": false,
            "access": "live",
        });
        serde_json::from_value(claims).unwrap()
    }

    fn event(access: &str, states: &[&str]) -> CloudEvent {
        let order = |(number, state): (usize, &&str)| json!({"entitlement": format!("o-{number}"), "state": state});
        let orders: Vec<_> = states.iter().enumerate().map(order).collect();
        let event = json!({
            "id": "1", "type": "portico.access.granted", "time": "2026-01-21T00:21:40Z",
            "data": {"account": "a", "access": access, "orders": orders},
        });
        serde_json::from_value(event).unwrap()
    }

    #[track_caller]
    fn check(access: &str, state: &str, expected: &str) {
        let [order] = of(&claims(&[]), &[event(access, &[state])])
            .try_into()
            .unwrap();
        assert_eq!(order.state, expected, "{state}");
    }

    #[test]
    fn an_order_that_waits_is_never_called_active() {
        check("pending", "ENTITLEMENT_ACTIVATION_REQUESTED", "waits");
        check("live", "ENTITLEMENT_ACTIVATION_REQUESTED", "waits");
        check("live", "ENTITLEMENT_ACTIVE", "active");
        let later = "active until the term ends";
        check("live", "ENTITLEMENT_PENDING_CANCELLATION", later);
        let later = "active, new plan later";
        check("live", "ENTITLEMENT_PENDING_PLAN_CHANGE", later);
        let waits = "active, new plan waits";
        check("live", "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL", waits);
        check("ended", "ENTITLEMENT_SUSPENDED", "suspended");
        check("ended", "ENTITLEMENT_CANCELLED", "ended");
        check("live", "ENTITLEMENT_NEW", "in a state not known here");
    }

    #[test]
    fn no_order_of_a_closed_account_is_called_active() {
        check("ended", "ENTITLEMENT_ACTIVE", "no access");
    }

    #[test]
    fn an_order_that_no_event_lists_is_named_as_such() {
        let events = [event("live", &["ENTITLEMENT_ACTIVE"])];
        let known = of(&claims(&["o-0", "o-7"]), &events);
        let said: Vec<_> = known.iter().map(|it| (&*it.id, it.state)).collect();
        let expected = [("o-0", "active"), ("o-7", "not known to be active")];
        assert_eq!(said, expected);
    }

    #[test]
    fn the_last_event_that_lists_orders_counts() {
        let before = event("pending", &["ENTITLEMENT_ACTIVATION_REQUESTED"]);
        let after = event("live", &["ENTITLEMENT_ACTIVE"]);
        let [order] = of(&claims(&[]), &[before, after]).try_into().unwrap();
        assert_eq!((order.state, order.tone), ("active", "good"));
    }
}
