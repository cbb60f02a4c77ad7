//! The page that lists the orders of a customer who has several.

use customer_entry::pages::{self, FormTarget, OrderRow};
use customer_entry::{Entry, EntryFault, LandingError, with_outcome};
use function_runtime::Response;
use store::{Landing, Session};

use crate::handler::Handler;
use crate::orders::{Order, Orders, Standing};
use crate::paths;

/// What a customer reads whose choice is none.
const NOT_TO_BE_CHOSEN: &str = "This order cannot be opened any more. Please choose another.";

impl Handler {
    /// The orders in the customer's token, by what is stored of them.
    pub(crate) fn orders(&self, entry: &Entry, landing: &Landing) -> Orders {
        let stored = landing.entitlements.iter().chain(&landing.other_orders);
        let stored = stored.map(|stored| &stored.record);
        Orders::of(entry.customer(), &stored, &self.products)
    }

    pub(crate) fn list(
        &self,
        session: &Session,
        orders: &Orders,
        problem: Option<&'static str>,
    ) -> Response {
        let target = FormTarget::new(paths::ORDERS, session);
        let plans: Vec<_> = orders.listed().iter().map(shown_plan).collect();
        let rows = orders.listed().iter().zip(&plans);
        let rows: Vec<_> = rows
            .map(|(order, plan)| row(order, plan.as_deref()))
            .collect();
        pages::orders(&self.entrance.settings.branding, &target, &rows, problem)
    }

    /// The list again, with what is wrong with the choice.
    pub(crate) fn refuse_order(
        &self,
        entry: &Entry,
        orders: &Orders,
    ) -> Result<Response, EntryFault> {
        let session = entry.session().ok_or(LandingError::Over)?;
        let page = self.list(session, orders, Some(NOT_TO_BE_CHOSEN));
        Ok(with_outcome(page, "order-refused", entry.account()))
    }
}

/// The plan's name as Google wrote it may have what cannot be seen.
fn shown_plan(order: &Order) -> Option<String> {
    let plan = order.stored.as_ref()?.plan.as_ref()?;
    Some(plan.shown())
}

fn row<'a>(order: &'a Order, plan: Option<&'a str>) -> OrderRow<'a> {
    let stored = order.stored.as_ref();
    OrderRow {
        id: order.id.as_str(),
        product: stored.map(|stored| stored.product.as_str()),
        plan,
        state: order.state(),
        can_be_chosen: order.standing == Standing::Open,
    }
}
