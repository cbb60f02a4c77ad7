//! What Google, time, and the vendor's operator do with an order or an account.

use std::time::Duration;

use marketplace::EntitlementId;
use marketplace_simulator::{NotPossible, Simulator};

use super::customer_actions::own_order;
use super::page::{Form, Refusal};
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
        "reject-order" => Simulator::reject_entitlement,
        "approve-plan" => Simulator::approve_plan_change,
        "reject-plan" => Simulator::reject_plan_change,
        _ => return None,
    })
}

/// Lets time pass until what it brings to this order next.
fn pass_time(simulator: &Simulator, order: &EntitlementId) -> Result<(), NotPossible> {
    let missing = NotPossible::UnknownEntitlement;
    let entitlement = simulator.entitlement(order).ok_or(missing)?;
    let change = entitlement.next_change(simulator.settings().activation);
    let at = change.ok_or(NotPossible::WrongState)?;
    let missing = at.duration_since(simulator.orders_now());
    simulator.pass_time(Duration::try_from(missing).unwrap_or_default());
    Ok(())
}
