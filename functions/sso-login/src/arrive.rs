//! `POST /login`: a customer comes with a token. `GET /login`: somebody comes without SSO.

use customer_entry::{Error, with_outcome};
use function_runtime::{Failure as _, Request, Response, redirect_303};

use crate::handler::Handler;

impl Handler {
    pub(crate) async fn arrive(&self, request: Request) -> Result<Response, Error> {
        let entry = self.entrance.arrive(&request).await?;
        let account = entry.account().clone();
        let entered = Box::pin(self.continue_login(entry.into(), request.at())).await;
        entered.map_err(|fault| fault.about(&account))
    }

    /// The application knows its users without the Marketplace too. Nothing of the request counts.
    pub(crate) fn without_sso(&self) -> Response {
        let login = self.entrance.settings.application_login.as_str();
        with_outcome(redirect_303(login), "without-sso", None)
    }
}
