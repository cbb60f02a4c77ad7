//! `GET /login/orders`, `POST /login/orders`: the choice among several orders, between landing and
//! hand-off.
//!
//! The landing leaves a session and nothing else. What can be chosen is decided from what is stored
//! when the page is shown, and again when the choice arrives.

use customer_entry::{Answering, EntryFault, Error, LandingError, OwnForm, with_outcome};
use function_runtime::{Failure as _, Request, Response, redirect_303};
use marketplace::At;
use store::{Session, Stored};

use crate::handler::Handler;
use crate::login::{Login, RequestedOrder};
use crate::next_step::{Next, next};

impl Handler {
    pub(crate) async fn show_orders(&self, request: Request) -> Result<Response, Error> {
        let session = self.entrance.session_of_page(&request).await?;
        let account = session.record.customer.account().clone();
        self.show(session, request.at())
            .await
            .map_err(|fault| fault.about(&account))
    }

    async fn show(&self, session: Stored<Session>, at: At) -> Result<Response, EntryFault> {
        let entry = self.entrance.resume(session, Answering::Navigation)?;
        let landing = self.entrance.read(&entry, at).await?;
        let orders = self.orders(&entry, &landing);
        let session = entry.session().ok_or(LandingError::Over)?;
        let (response, outcome) = match next(&landing, &orders, self.sign_in_state(&entry), at.now)?
        {
            Next::SignIn => return self.entrance.send_to_sign_in(session),
            Next::HandOff => (self.list(session, &orders, None), "orders-shown"),
            // Handed off already, here or in another tab: a GET of the list never does it.
            Next::HandOffAgain(_) | Next::Spent => {
                let login = self.entrance.settings.application_login.as_str();
                (redirect_303(login), "already-handed-over")
            }
        };
        Ok(with_outcome(response, outcome, entry.account()))
    }

    pub(crate) async fn take_order(&self, request: Request) -> Result<Response, Error> {
        let form = self.entrance.own_form(&request).await?;
        let account = form.session.record.customer.account().clone();
        self.take(form, request.at())
            .await
            .map_err(|fault| fault.about(&account))
    }

    async fn take(&self, form: OwnForm, at: At) -> Result<Response, EntryFault> {
        let OwnForm { fields, session } = form;
        let order = fields.at_most_once("order").map_err(LandingError::Form)?;
        let order = RequestedOrder::Unverified(order.map(ToOwned::to_owned));
        let entry = self.entrance.resume(session, Answering::OwnForm)?;
        Box::pin(self.continue_login(Login { entry, order }, at)).await
    }
}
