//! Where a customer's purchase stands, in words.

use marketplace::{ApprovalState, EntitlementState};
use marketplace_simulator::{Entitlement, Settings};

use super::order_buttons::{self, OrderButton};
use super::page::Chip;

/// One of the three steps from looking to using.
pub(super) struct Step {
    pub(super) title: String,
    pub(super) text: String,
    /// `done`, `now` or `later`.
    pub(super) state: &'static str,
}

pub(super) struct OrderRow {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) state: Chip,
    pub(super) bought: String,
    pub(super) bought_at: String,
    pub(super) message: Option<String>,
    /// The plans it may change to now.
    pub(super) plans: Vec<(String, String)>,
    /// When it begins, if that is later.
    pub(super) starts: Option<String>,
    /// What else the customer may do with it now.
    pub(super) actions: Vec<OrderButton>,
    /// What the vendor's operator may decide about it now.
    pub(super) decisions: Vec<OrderButton>,
    /// What Google may do with it now, or happens by time.
    pub(super) transitions: Vec<OrderButton>,
}

pub(super) fn signup_chip(signup: &ApprovalState) -> Chip {
    let (text, tone) = match signup {
        ApprovalState::Approved => ("approved", "good"),
        ApprovalState::Rejected => ("rejected", "bad"),
        _ => ("not registered", "wait"),
    };
    Chip { text, tone }
}

pub(super) fn steps(vendor: &str, signup: &ApprovalState, bought: &[Entitlement]) -> [Step; 3] {
    let has_orders = bought.iter().any(Entitlement::has_not_ended);
    let is_live = bought.iter().any(|entitlement| entitlement.state.is_live());
    let purchase = if has_orders {
        ("done", "Google has your order.".to_owned())
    } else {
        ("now", "Choose a plan below.".to_owned())
    };
    let register = match (signup, has_orders) {
        (ApprovalState::Approved, _) => ("done", format!("{vendor} has approved your account.")),
        (ApprovalState::Rejected, _) => ("now", format!("{vendor} has rejected your account.")),
        (_, true) => ("now", format!("Introduce yourself to {vendor}.")),
        (_, false) => ("later", "Comes after the purchase.".to_owned()),
    };
    let using = match (signup, is_live) {
        (ApprovalState::Approved, true) => ("done", "Your order is active.".to_owned()),
        (ApprovalState::Approved, false) if has_orders => {
            ("now", "Your order waits to become active.".to_owned())
        }
        _ => ("later", "Starts with the approval.".to_owned()),
    };
    [
        ("Purchase", purchase),
        ("Register", register),
        ("Use", using),
    ]
    .map(|(title, (state, text))| Step {
        title: title.to_owned(),
        text,
        state,
    })
}

pub(super) fn order_row(
    settings: &Settings,
    signup: &ApprovalState,
    entitlement: &Entitlement,
) -> OrderRow {
    let is_to_start = entitlement.state == EntitlementState::ActivationRequested;
    let start = entitlement.start().filter(|_| is_to_start);
    OrderRow {
        id: entitlement.id.to_string(),
        title: title(settings, entitlement),
        state: order_chip(entitlement),
        bought: entitlement.create_time.to_string(),
        bought_at: entitlement
            .create_time
            .strftime("%Y-%m-%d %H:%M:%S UTC")
            .to_string(),
        message: entitlement.message_to_user.clone(),
        plans: other_plans(settings, entitlement),
        starts: start.map(order_buttons::day),
        actions: order_buttons::of_customer(&entitlement.state),
        decisions: order_buttons::of_vendor(signup, entitlement),
        transitions: order_buttons::of_google(settings.activation, entitlement),
    }
}

fn other_plans(settings: &Settings, entitlement: &Entitlement) -> Vec<(String, String)> {
    let products = settings.products.iter();
    let plans = products
        .filter(|product| {
            entitlement.state == EntitlementState::Active && product.id == entitlement.product
        })
        .flat_map(|product| &product.plans);
    let others = plans.filter(|plan| plan.id != entitlement.plan);
    others
        .map(|plan| (plan.id.to_string(), plan.title.clone()))
        .collect()
}

fn title(settings: &Settings, entitlement: &Entitlement) -> String {
    let product = settings
        .products
        .iter()
        .find(|p| p.id == entitlement.product);
    let plan = product.and_then(|p| p.plans.iter().find(|plan| plan.id == entitlement.plan));
    match (product, plan) {
        (Some(product), Some(plan)) => format!("{}, {}", product.title, plan.title),
        _ => format!("{}, {}", entitlement.product, entitlement.plan),
    }
}

fn order_chip(entitlement: &Entitlement) -> Chip {
    let (text, tone) = match &entitlement.state {
        EntitlementState::ActivationRequested if entitlement.is_approved => {
            ("approved, not active yet", "wait")
        }
        EntitlementState::ActivationRequested => ("waits for the vendor", "wait"),
        EntitlementState::Active => ("active", "good"),
        EntitlementState::PendingCancellation => ("active until the term ends", "wait"),
        EntitlementState::PendingPlanChange => ("active, new plan at the term’s end", "good"),
        EntitlementState::PendingPlanChangeApproval => ("active, new plan asked for", "wait"),
        EntitlementState::Suspended => ("suspended", "bad"),
        EntitlementState::Cancelled => ("ended", ""),
        EntitlementState::Other(_) => ("in a state not known here", ""),
    };
    Chip { text, tone }
}
