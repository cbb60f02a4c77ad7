//! What can be done with an order now, and by whom.

use jiff::Timestamp;
use marketplace::{ApprovalState, EntitlementState};
use marketplace_simulator::{Activation, Entitlement};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrderButton {
    /// The last segment of its path.
    pub(super) code: &'static str,
    pub(super) label: String,
}

impl OrderButton {
    fn new(code: &'static str, label: impl Into<String>) -> Self {
        Self {
            code,
            label: label.into(),
        }
    }
}

/// What the customer may do with it, beside changing to another plan.
pub(super) fn of_customer(state: &EntitlementState) -> Vec<OrderButton> {
    let now = OrderButton::new("cancel", "Cancel now");
    let first = match state {
        EntitlementState::Active => ("cancel-later", "Cancel at the end of the term"),
        EntitlementState::PendingCancellation => ("revert", "Revert the cancellation"),
        EntitlementState::PendingPlanChange | EntitlementState::PendingPlanChangeApproval => {
            ("withdraw", "Keep the old plan")
        }
        EntitlementState::Cancelled => return Vec::new(),
        _ => return vec![now],
    };
    vec![OrderButton::new(first.0, first.1), now]
}

/// What the vendor's operator decides about it.
pub(super) fn of_vendor(signup: &ApprovalState, entitlement: &Entitlement) -> Vec<OrderButton> {
    match entitlement.state {
        // Google approves no order before its account.
        EntitlementState::ActivationRequested
            if !entitlement.is_approved && *signup == ApprovalState::Approved =>
        {
            vec![
                OrderButton::new("approve-order", "Approve the order"),
                OrderButton::new("reject-order", "Reject the order"),
            ]
        }
        EntitlementState::PendingPlanChangeApproval => vec![
            OrderButton::new("approve-plan", "Approve the new plan"),
            OrderButton::new("reject-plan", "Reject the new plan"),
        ],
        _ => Vec::new(),
    }
}

/// What Google does with it, or time.
pub(super) fn of_google(activation: Activation, entitlement: &Entitlement) -> Vec<OrderButton> {
    let mut actions = Vec::new();
    if let Some(at) = entitlement.next_change(activation) {
        let label = format!(
            "Let time pass until {}, {}",
            next_change(entitlement),
            day(at)
        );
        actions.push(OrderButton::new("pass-time", label));
    }
    match entitlement.state {
        EntitlementState::Active => {
            if entitlement.private_offer.is_some() {
                actions.push(OrderButton::new("end-offer", "End the offer"));
            }
            actions.push(OrderButton::new("renew", "Renew"));
            actions.push(OrderButton::new("suspend", "Suspend"));
        }
        EntitlementState::Suspended => actions.push(OrderButton::new("resume", "Resume")),
        EntitlementState::Cancelled => {
            actions.push(OrderButton::new("delete-order", "Delete the record"));
        }
        _ => {}
    }
    actions
}

/// A day by the clock of orders.
pub(super) fn day(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d").to_string()
}

fn next_change(entitlement: &Entitlement) -> &'static str {
    match entitlement.state {
        EntitlementState::ActivationRequested => "it begins",
        EntitlementState::Cancelled => "the record is deleted",
        EntitlementState::PendingCancellation | EntitlementState::PendingPlanChange => {
            "the term ends"
        }
        _ if entitlement.private_offer.is_some() => "the offer runs out",
        _ => "it renews",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use marketplace_simulator::{Buyer, PrivateOffer, Settings, Simulator};

    use super::*;

    fn codes(actions: &[OrderButton]) -> Vec<&'static str> {
        actions.iter().map(|action| action.code).collect()
    }

    /// What each of the three may do: customer, vendor, Google.
    #[track_caller]
    fn check(simulator: &Simulator, entitlement: &Entitlement, expected: [&[&str]; 3]) {
        let account = simulator.account(&entitlement.account).unwrap();
        let activation = simulator.settings().activation;
        let current = simulator.entitlement(&entitlement.id).unwrap();
        assert_eq!(codes(&of_customer(&current.state)), expected[0]);
        assert_eq!(codes(&of_vendor(account.signup(), &current)), expected[1]);
        assert_eq!(codes(&of_google(activation, &current)), expected[2]);
    }

    fn bought(offer: Option<PrivateOffer>) -> (Simulator, Entitlement) {
        let simulator = Simulator::new(Settings::default(), "http://127.0.0.1:1");
        let product = simulator.settings().products[0].clone();
        let (id, plan) = (&product.id, &product.plans[0].id);
        let order = match offer {
            None => simulator.purchase(Buyer::New, id, plan),
            Some(offer) => simulator.accept_offer(Buyer::New, id, plan, offer),
        };
        let entitlement = simulator.entitlement(&order.unwrap().entitlement).unwrap();
        (simulator, entitlement)
    }

    #[test]
    fn each_state_offers_what_it_allows() {
        let (simulator, order) = bought(None);
        check(&simulator, &order, [&["cancel"], &[], &[]]);
        simulator.approve_account(&order.account).unwrap();
        let decide: &[&str] = &["approve-order", "reject-order"];
        check(&simulator, &order, [&["cancel"], decide, &[]]);
        simulator.approve_entitlement(&order.id).unwrap();
        let active: &[&str] = &["pass-time", "renew", "suspend"];
        let cancel: &[&str] = &["cancel-later", "cancel"];
        check(&simulator, &order, [cancel, &[], active]);
        let other = &simulator.settings().products[0].plans[1].id;
        simulator.request_plan_change(&order.id, other).unwrap();
        let decide: &[&str] = &["approve-plan", "reject-plan"];
        let withdraw: &[&str] = &["withdraw", "cancel"];
        check(&simulator, &order, [withdraw, decide, &["pass-time"]]);
        simulator.cancel(&order.id).unwrap();
        let ended: &[&str] = &["pass-time", "delete-order"];
        check(&simulator, &order, [&[], &[], ended]);
    }

    #[test]
    fn an_offer_waits_for_its_start_and_can_be_ended() {
        let start = Timestamp::now() + Duration::from_hours(48);
        let (simulator, order) = bought(Some(PrivateOffer::months(12).starting(start)));
        simulator.approve_account(&order.account).unwrap();
        simulator.approve_entitlement(&order.id).unwrap();
        check(&simulator, &order, [&["cancel"], &[], &["pass-time"]]);
        let order = simulator.entitlement(&order.id).unwrap();
        let [wait] = of_google(Activation::AtOnce, &order).try_into().unwrap();
        let expected = format!("Let time pass until it begins, {}", day(start));
        assert_eq!(wait.label, expected);
        simulator.advance_orders(Duration::from_hours(49));
        let active: &[&str] = &["pass-time", "end-offer", "renew", "suspend"];
        let cancel: &[&str] = &["cancel-later", "cancel"];
        check(&simulator, &order, [cancel, &[], active]);
    }
}
