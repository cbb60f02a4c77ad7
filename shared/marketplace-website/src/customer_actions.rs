//! What customers do.

use function_runtime::{Response, redirect_303};
use marketplace::{EntitlementId, PlanId, ProductId};
use marketplace_simulator::{NotPossible, Simulator};

use super::bad_tokens::BadToken;
use super::login_options;
use super::page::{Form, Refusal};
use super::private_offer;
use super::storefront::Storefront;
use super::token_post::{self, TokenPost};
use super::visitor::{self, Me};

pub(super) fn act(
    simulator: &Simulator,
    store: &Storefront,
    action: &str,
    form: &Form,
) -> Result<Response, Refusal> {
    let me = Me::of(simulator, form)?;
    match action {
        "purchase" => purchase(simulator, &me, form),
        "accept-offer" => private_offer::accept(simulator, &me, form),
        "change-plan" | "cancel" | "cancel-later" | "revert" | "withdraw" => {
            change_order(simulator, &me, action, form)
        }
        "colleague" => add_colleague(simulator, &me, form),
        "register" => {
            let customer = me.customer()?;
            let token = simulator.token(&customer.account.id, &customer.person.identity);
            let post = TokenPost::register(store, form);
            Ok(token_post::page(store, &token, &post))
        }
        "manage" => {
            let customer = me.customer()?;
            let post = TokenPost::manage(store, form).ok_or(Refusal::NOT_FOUND)?;
            let token = login_options::token(simulator, customer, form);
            Ok(token_post::page(store, &token, &post))
        }
        "bad-token" => {
            let bad = BadToken::find(form.value("bad-token")).ok_or(Refusal::NOT_FOUND)?;
            let token = bad.token(simulator, me.visitor());
            Ok(token_post::page(store, &token, &TokenPost::bad(store, bad)))
        }
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn purchase(simulator: &Simulator, me: &Me, form: &Form) -> Result<Response, Refusal> {
    let product = ProductId::parse(form.value("product")).map_err(|_| NotPossible::UnknownPlan)?;
    let plan = PlanId::parse(form.value("plan")).map_err(|_| NotPossible::UnknownPlan)?;
    let order = simulator.purchase(me.buyer(), &product, &plan)?;
    Ok(redirect_303(&me.path_after(&order)))
}

/// What the customer does with an order of its own.
fn change_order(
    simulator: &Simulator,
    me: &Me,
    action: &str,
    form: &Form,
) -> Result<Response, Refusal> {
    let order = own_order(simulator, me, form)?;
    match action {
        "change-plan" => {
            let plan = PlanId::parse(form.value("plan")).map_err(|_| NotPossible::UnknownPlan)?;
            simulator.request_plan_change(&order, &plan)
        }
        "cancel" => simulator.cancel(&order),
        "cancel-later" => simulator.cancel_at_term_end(&order),
        "revert" => simulator.revert_cancellation(&order),
        _ => simulator.withdraw_plan_change(&order),
    }?;
    Ok(redirect_303(&me.path()))
}

/// The order that the form names, if it is this customer's.
pub(super) fn own_order(
    simulator: &Simulator,
    me: &Me,
    form: &Form,
) -> Result<EntitlementId, NotPossible> {
    let id = EntitlementId::parse(form.value("order"));
    let order = id.ok().and_then(|id| simulator.entitlement(&id));
    order
        .filter(|order| me.account() == Some(&order.account))
        .map(|order| order.id)
        .ok_or(NotPossible::UnknownEntitlement)
}

fn add_colleague(simulator: &Simulator, me: &Me, form: &Form) -> Result<Response, Refusal> {
    let account = &me.customer()?.account;
    simulator.add_user(&account.id, visitor::roles_of(form))?;
    let path = visitor::path(&account.id, account.users.len() + 1);
    Ok(redirect_303(&path))
}
