//! Accepting a private offer.

use std::time::Duration;

use function_runtime::{Response, redirect_303};
use jiff::Timestamp;
use marketplace::{PlanId, ProductId};
use marketplace_simulator::{NotPossible, PrivateOffer, Simulator};

use super::page::{Form, Refusal};
use super::visitor::Me;

/// How long the offers of the page last.
const MONTHS: u16 = 12;
/// How far off a later start is.
const LATER: Duration = Duration::from_hours(30 * 24);

/// Accepts the offer that the form describes.
pub(super) fn accept(simulator: &Simulator, me: &Me, form: &Form) -> Result<Response, Refusal> {
    let plan = PlanId::parse(form.value("plan")).map_err(|_| NotPossible::UnknownPlan)?;
    let product = product_of(simulator, &plan).ok_or(NotPossible::UnknownPlan)?;
    let offer = described(form, simulator.orders_now())?;
    let order = simulator.accept_offer(me.buyer(), &product, &plan, offer)?;
    Ok(redirect_303(&me.path_after(&order)))
}

fn described(form: &Form, now: Timestamp) -> Result<PrivateOffer, NotPossible> {
    let offer = PrivateOffer::months(MONTHS);
    let offer = match form.value("start") {
        "later" => {
            let start = now.checked_add(LATER);
            offer.starting(start.map_err(|_| NotPossible::WrongState)?)
        }
        _ => offer,
    };
    Ok(match form.value("end") {
        "goes-on" => offer.going_on(),
        _ => offer,
    })
}

fn product_of(simulator: &Simulator, plan: &PlanId) -> Option<ProductId> {
    let products = &simulator.settings().products;
    let sold = products
        .iter()
        .find(|product| product.plans.iter().any(|candidate| &candidate.id == plan));
    sold.map(|product| product.id.clone())
}

#[cfg(test)]
mod tests {
    use marketplace_simulator::OfferEnd;

    use super::*;

    #[test]
    fn the_form_says_when_it_starts_and_what_its_end_brings() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let read = |body: &str| described(&Form::read(body.as_bytes()), now).unwrap();
        let plain = read("start=now&end=cancels");
        assert_eq!(plain, PrivateOffer::months(12));
        let later = read("start=later&end=goes-on");
        assert_eq!(later.start, Some(now + LATER));
        assert_eq!(later.at_end, OfferEnd::GoesOnAtListPrice);
    }
}
