//! `POST /signup`: a customer comes with a token. `GET /signup`: somebody comes without one.

use customer_entry::pages::{self, PageMessage};
use customer_entry::{Entry, with_outcome};
use function_runtime::{Failure as _, Request, Response};
use http::StatusCode;
use marketplace::At;

use crate::handler::Handler;
use crate::next_step::{Next, next};
use crate::paths;
use crate::sign_up_fault::{Error, SignUpFault};

const WHERE_IT_STARTS: PageMessage<'_> = PageMessage {
    title: "Registration starts in the Marketplace",
    text: "Choose a plan in Google Cloud Marketplace and press the register button there. It brings \
           you back here with everything we need.",
};

impl Handler {
    pub(crate) async fn arrive(&self, request: Request) -> Result<Response, Error> {
        let arrived = self.entrance.arrive(&request).await;
        let entry = arrived.map_err(SignUpFault::Entry)?;
        let account = entry.account().clone();
        let started = Box::pin(self.begin(entry, request.at())).await;
        started.map_err(|fault| fault.about(&account))
    }

    /// A customer signs in where that is required, and gets the form if they are new; everybody else
    /// goes on at once.
    async fn begin(&self, entry: Entry, at: At) -> Result<Response, SignUpFault> {
        let landing = Box::pin(self.read_owned(&entry, at)).await?;
        let next = next(&landing, &entry, at.now);
        let nothing_follows = matches!(next, Next::Refused(_) | Next::Spent);
        if !nothing_follows && self.entrance.sign_in_is_due(entry.session()) {
            return Ok(self.entrance.begin_sign_in(&entry, at).await?);
        }
        if self.asks_for_form(&entry, &landing, at) {
            return Ok(self.entrance.send_to(paths::REGISTER, &entry, at).await?);
        }
        Box::pin(self.continue_sign_up(entry.into(), landing, at)).await
    }

    pub(crate) fn explain(&self) -> Response {
        let branding = &self.entrance.settings.branding;
        let page = pages::message(branding, StatusCode::OK, &WHERE_IT_STARTS);
        with_outcome(page, "explained", None)
    }
}
