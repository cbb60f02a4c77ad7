//! What customers do.

use function_runtime::{Response, redirect_303};
use marketplace::{PlanId, ProductId};

use crate::simulator::Simulator;
use crate::state::{Buyer, NotPossible};

use super::flaw::Flaw;
use super::form::Form;
use super::page::Refusal;
use super::post::{self, Occasion};
use super::storefront::Storefront;
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
        "colleague" => add_colleague(simulator, &me, form),
        "register" => {
            let customer = me.customer()?;
            let token = simulator.token(&customer.account.id, &customer.person.identity);
            Ok(post::page(store, &token, &Occasion::register(store, form)))
        }
        "manage" => {
            let customer = me.customer()?;
            let occasion = Occasion::manage(store, form).ok_or(Refusal::NOT_FOUND)?;
            let token = simulator.token(&customer.account.id, &customer.person.identity);
            Ok(post::page(store, &token, &occasion))
        }
        "bad-token" => {
            let flaw = Flaw::find(form.value("flaw")).ok_or(Refusal::NOT_FOUND)?;
            let token = flaw.token(simulator, me.visitor());
            Ok(post::page(store, &token, &Occasion::flawed(store, flaw)))
        }
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn purchase(simulator: &Simulator, me: &Me, form: &Form) -> Result<Response, Refusal> {
    let product = ProductId::parse(form.value("product")).map_err(|_| NotPossible::UnknownPlan)?;
    let plan = PlanId::parse(form.value("plan")).map_err(|_| NotPossible::UnknownPlan)?;
    let buyer = me.account().cloned().map_or(Buyer::New, Buyer::Existing);
    let order = simulator.purchase(buyer, &product, &plan)?;
    let number = me.visitor().map_or(1, |visitor| visitor.number);
    Ok(redirect_303(&visitor::path(&order.account, number)))
}

fn add_colleague(simulator: &Simulator, me: &Me, form: &Form) -> Result<Response, Refusal> {
    let account = &me.customer()?.account;
    simulator.add_user(&account.id, visitor::roles_of(form))?;
    Ok(redirect_303(&visitor::path(
        &account.id,
        account.users.len() + 1,
    )))
}
