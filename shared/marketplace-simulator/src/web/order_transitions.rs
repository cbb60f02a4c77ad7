//! What Google, time, and the vendor's operator do with an order or an account.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::EntitlementId;

use crate::google_error::GoogleError;
use crate::marketplace_state::{Entitlement, EventKinds, NotPossible};
use crate::simulator::Simulator;

use super::customer_actions::own_order;
use super::form::Form;
use super::page::Refusal;
use super::visitor::Me;

/// What the page says after some of these actions.
pub(super) const NOTICES: [(&str, &str); 4] = [
    (
        "done=suspend",
        "Google withholds access and sends no event of it. Portico learns of it when the scheduler runs.",
    ),
    (
        "done=resume",
        "Google gives access again and sends no event of it. Portico learns of it when the scheduler runs.",
    ),
    (
        "done=pass-time",
        "Time has passed for everybody, Portico included. The scheduler has run its jobs.",
    ),
    (
        "done=delete-account",
        "Google has deleted the account. Portico erases what it knew, and notifies the application, which does the same.",
    ),
];

/// Carries out the action; refuses one that does not exist.
pub(super) fn act(
    simulator: &Simulator,
    me: &Me,
    action: &str,
    form: &Form,
) -> Result<(), Refusal> {
    if action == "delete-account" {
        simulator.delete_account(&me.customer()?.account.id)?;
        return Ok(());
    }
    let transition = find(action).ok_or(Refusal::NOT_FOUND)?;
    let order = own_order(simulator, me, form)?;
    transition(simulator, &order)?;
    Ok(())
}

type Transition = fn(&Simulator, &EntitlementId) -> Result<(), NotPossible>;

fn find(action: &str) -> Option<Transition> {
    Some(match action {
        "renew" => Simulator::renew,
        "end-offer" => Simulator::end_offer,
        "suspend" => Simulator::suspend,
        "resume" => Simulator::resume,
        "delete-order" => Simulator::delete_entitlement,
        "pass-time" => pass_time,
        "approve-order" => Simulator::approve_entitlement,
        "reject-order" => |simulator, order| decide(simulator, order, Entitlement::reject),
        "approve-plan" => approve_plan,
        "reject-plan" => reject_plan,
        _ => return None,
    })
}

/// Lets time pass until what it brings to this order next.
fn pass_time(simulator: &Simulator, order: &EntitlementId) -> Result<(), NotPossible> {
    let missing = NotPossible::UnknownEntitlement;
    let entitlement = simulator.entitlement(order).ok_or(missing)?;
    let due = entitlement.due(simulator.settings().activation);
    let (at, _) = due.ok_or(NotPossible::WrongState)?;
    let missing = at.duration_since(simulator.orders_now());
    simulator.pass_time(Duration::try_from(missing).unwrap_or_default());
    Ok(())
}

fn approve_plan(simulator: &Simulator, order: &EntitlementId) -> Result<(), NotPossible> {
    let activation = simulator.settings().activation;
    decide(simulator, order, |it, at| {
        let plan = pending_plan(it);
        it.approve_plan_change(&plan, activation, at)
    })
}

fn reject_plan(simulator: &Simulator, order: &EntitlementId) -> Result<(), NotPossible> {
    decide(simulator, order, |it, at| {
        let plan = pending_plan(it);
        it.reject_plan_change(&plan, at)
    })
}

fn pending_plan(entitlement: &Entitlement) -> String {
    let plan = entitlement.new_pending_plan.as_ref();
    plan.map_or_else(String::new, ToString::to_string)
}

/// What the vendor's operator decides, as by the API.
fn decide(
    simulator: &Simulator,
    order: &EntitlementId,
    decision: impl FnOnce(&mut Entitlement, Timestamp) -> Result<EventKinds, GoogleError>,
) -> Result<(), NotPossible> {
    let (now, missing) = (simulator.now(), GoogleError::not_found());
    simulator
        .google()
        .change(|state| state.transition(order.as_str(), now, missing, decision))
        .map_err(|_| NotPossible::WrongState)
}
