//! The decision about an order.

use marketplace::{ApprovalState, EntitlementId, EntitlementState};
use procurement::Entitlement;

use crate::accounts::sign_up;
use crate::desk::{Desk, Made, soon};
use crate::failure::Failure;
use crate::terminal;

/// What Google says of an entitlement, if this deployment serves its product.
pub(crate) async fn served(desk: &Desk, id: &EntitlementId) -> Result<Entitlement, Failure> {
    let entitlement = desk.procurement.entitlement(id, soon()).await?;
    if desk.serves(&entitlement) {
        return Ok(entitlement);
    }
    let product = entitlement.product_id();
    let product = product.map_or_else(|| "unknown".to_owned(), |product| product.to_string());
    Err(Failure::Unfit(format!(
        "entitlement {id} is of the product {product}, which is not among PRODUCTS"
    )))
}

pub(crate) async fn approve(desk: &Desk, id: &EntitlementId) -> Result<(), Failure> {
    let entitlement = served(desk, id).await?;
    if entitlement.state.is_live() {
        let state = entitlement.state.as_str();
        terminal::say(&format!(
            "Entitlement {id} needs no approval: it is {state}."
        ));
        return Ok(());
    }
    expect_waiting(&entitlement)?;
    let account = &entitlement.account;
    let approval = sign_up(desk, account).await?;
    if approval != ApprovalState::Approved {
        return Err(Failure::Unfit(format!(
            "the account {account} of this entitlement is {} at Google and must be approved \
             before: wait until the customer has signed up, or run `operator approve account \
             {account}`",
            approval.as_str()
        )));
    }
    let order = order(&entitlement);
    desk.assent.agree(&format!("This approves {order}."))?;
    let made = Made::of(desk.procurement.approve_entitlement(id, soon()).await)?;
    let now = desk.procurement.entitlement(id, soon()).await?;
    // Google may put activation off; then an accepted call is all there is to see.
    let done = now.state.is_live() || made.was_accepted();
    settle(&now, made, done)
}

pub(crate) async fn reject(desk: &Desk, id: &EntitlementId, reason: &str) -> Result<(), Failure> {
    let entitlement = served(desk, id).await?;
    expect_waiting(&entitlement)?;
    let order = order(&entitlement);
    desk.assent
        .agree(&format!("This rejects {order}, for the reason: {reason}"))?;
    let made = Made::of(
        desk.procurement
            .reject_entitlement(id, reason, soon())
            .await,
    )?;
    match desk.procurement.entitlement(id, soon()).await {
        Ok(now) => {
            let done = now.state == EntitlementState::Cancelled;
            settle(&now, made, done)
        }
        // Google removes rejected orders, sooner or later.
        Err(procurement::ProcurementError::NotFound(_)) => {
            terminal::say(&format!("Google has removed entitlement {id}."));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Says what Google says now, or why that is not what was wanted.
pub(crate) fn settle(now: &Entitlement, made: Made, done: bool) -> Result<(), Failure> {
    let (id, state) = (&now.id, now.state.as_str());
    let plan = now.plan.as_ref();
    let plan = plan.map_or_else(String::new, |plan| format!(", plan {plan}"));
    let says = format!("Google says of entitlement {id} now: {state}{plan}");
    if !done {
        return Err(made.without_effect(says));
    }
    terminal::say(&format!("{says}."));
    Ok(())
}

fn expect_waiting(entitlement: &Entitlement) -> Result<(), Failure> {
    if entitlement.state == EntitlementState::ActivationRequested {
        return Ok(());
    }
    let (id, state) = (&entitlement.id, entitlement.state.as_str());
    Err(Failure::Unfit(format!(
        "entitlement {id} does not wait for approval: it is {state}"
    )))
}

fn order(entitlement: &Entitlement) -> String {
    let Entitlement { id, account, .. } = entitlement;
    let plan = entitlement.plan.as_ref();
    let plan = plan.map_or_else(String::new, |plan| format!(", plan {plan}"));
    let product = entitlement.product_id();
    let product = product.map_or_else(String::new, |product| format!(" of {product}"));
    format!("the order {id}{product}{plan}, of account {account}")
}
