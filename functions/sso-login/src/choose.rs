//! The choice among several orders, between landing and hand-off.
//!
//! The landing leaves a session and nothing else. What can be chosen is decided from what is stored
//! when the page is shown, and again when the choice arrives.

use customer_entry::{
    Answering, Entrant, FormTie, LandingError, LandingHandle, OrderRow, UnverifiedForm,
    confirmation, confirms, noted, pages,
};
use function_runtime::{Failure as _, Request, Response, redirect_303};
use http::HeaderMap;
use store::{Session, Stored};

use crate::decide::Next;
use crate::enter::View;
use crate::error::{Error, Kind};
use crate::handler::Handler;
use crate::orders::{Order, Orders, Standing};
use crate::records::{Visit, Wish};
use marketplace::At;

/// Where the orders are listed, and where the choice is posted.
pub(crate) const PATH: &str = "/login/orders";

/// What a customer reads whose choice is none.
const NOT_TO_BE_CHOSEN: &str = "This order cannot be opened any more. Please choose another.";

impl Handler {
    /// Sends the customer to the list, in the session of this landing.
    pub(crate) async fn begin_choice(&self, visit: &Visit, at: At) -> Result<Response, Kind> {
        let (response, outcome) = if let Some(session) = visit.session() {
            (to_the_list(session), "signed-in")
        } else {
            let customer = visit.entrant.customer();
            let begun = self.landings.begin(customer, (at.now, at.deadline));
            let (_, session) = begun.await?;
            let response = self.landings.keep(to_the_list(&session), &session);
            (response, "landed")
        };
        Ok(noted(response, visit.account(), outcome))
    }

    /// The list again, with what is wrong with the choice.
    pub(crate) fn choose_again(&self, visit: &Visit, view: &View) -> Result<Response, Kind> {
        let session = visit.session().ok_or(LandingError::Over)?;
        let page = self.list(session, &view.orders, Some(NOT_TO_BE_CHOSEN));
        Ok(noted(page, visit.account(), "order-refused"))
    }

    pub(crate) async fn show_orders(&self, request: Request) -> Result<Response, Error> {
        let at = request.at();
        let query = request.uri.query().unwrap_or_default();
        let handle = query
            .strip_prefix("landing=")
            .and_then(LandingHandle::parse);
        let session = self.session(handle, &request.headers, at).await?;
        let account = session.record.customer.account().clone();
        self.show(session, at)
            .await
            .map_err(|kind| kind.about(&account))
    }

    async fn show(&self, session: Stored<Session>, at: At) -> Result<Response, Kind> {
        let visit = self.visit(session, Wish::Unasked, Answering::Navigation)?;
        let view = self.look(visit.entrant.customer(), at).await?;
        let session = visit.session().ok_or(LandingError::Over)?;
        let (response, outcome) = match self.next(&visit, &view, at)? {
            Next::SignIn => (self.go_on_to_sign_in(session)?, "sign-in-due"),
            Next::HandOver => (self.list(session, &view.orders, None), "orders-shown"),
            // Handed over already, here or in another tab: a GET of the list never does it.
            Next::HandOverAgain(_) | Next::Spent => {
                let login = self.entry.application_login.as_str();
                (redirect_303(login), "already-handed-over")
            }
        };
        Ok(noted(response, visit.account(), outcome))
    }

    pub(crate) async fn take_order(&self, request: Request) -> Result<Response, Error> {
        let at = request.at();
        let form = UnverifiedForm::read(&request.headers, &request.body).map_err(Kind::Form)?;
        let handle = LandingHandle::parse(form.once("landing").map_err(Kind::Form)?);
        let session = self.session(handle, &request.headers, at).await?;
        let account = session.record.customer.account().clone();
        self.take(&form, session, at)
            .await
            .map_err(|kind| kind.about(&account))
    }

    async fn take(
        &self,
        form: &UnverifiedForm,
        session: Stored<Session>,
        at: At,
    ) -> Result<Response, Kind> {
        if !confirms(&session.record.id, form.once("confirmation")?) {
            return Err(LandingError::NotConfirmed.into());
        }
        let unverified_order = form.at_most_once("order")?.map(ToOwned::to_owned);
        let wish = Wish::Unverified(unverified_order);
        let visit = self.visit(session, wish, Answering::OwnForm)?;
        Box::pin(self.enter(&visit, at)).await
    }

    /// The roles are checked again: the configuration may have changed while the list was open.
    pub(crate) fn visit(
        &self,
        session: Stored<Session>,
        wish: Wish,
        answering: Answering,
    ) -> Result<Visit, Kind> {
        let customer = session.record.customer.clone();
        Ok(Visit {
            entrant: Entrant::admit(customer, &self.entry.accepted_roles)?,
            session: Some(session),
            answering,
            wish,
        })
    }

    async fn session(
        &self,
        handle: Option<LandingHandle>,
        headers: &HeaderMap,
        at: At,
    ) -> Result<Stored<Session>, Kind> {
        let found = self.landings.find(handle, headers, (at.now, at.deadline));
        let (_, session) = found.await?.ok_or(LandingError::Over)?;
        Ok(session)
    }

    fn list(&self, session: &Session, orders: &Orders, problem: Option<&'static str>) -> Response {
        let confirmation = confirmation(&session.id);
        let tie = FormTie {
            action: PATH,
            landing: &session.handle,
            confirmation: &confirmation,
        };
        let rows: Vec<_> = orders.listed().iter().map(row).collect();
        pages::orders(&self.entry.branding, tie, &rows, problem)
    }
}

fn to_the_list(session: &Session) -> Response {
    redirect_303(&format!("{PATH}?landing={}", session.handle))
}

fn row(order: &Order) -> OrderRow<'_> {
    let known = order.known.as_ref();
    OrderRow {
        id: order.id.as_str(),
        product: known.map(|known| known.product.as_str()),
        plan: known.and_then(|known| known.plan.as_ref().map(marketplace::PlanId::as_str)),
        state: order.state(),
        can_be_chosen: order.standing == Standing::Open,
    }
}
