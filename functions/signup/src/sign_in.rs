//! Google sign-in, between landing and form or hand-off, where it is required.

use customer_entry::{Answering, SignInPaths, SignInStep, noted};
use function_runtime::{Failure as _, Request, Response, redirect_303};
use http::Method;
use store::{Session, Stored};

use crate::config::Mode;
use crate::error::{Error, Kind};
use crate::handler::Handler;
use marketplace::At;

/// Where Google sends the browser back to, and where a customer tries again.
pub(crate) const PATHS: SignInPaths = SignInPaths {
    callback: "/signup/callback",
    again: "/signup/sign-in",
};

impl Handler {
    pub(crate) async fn sign_in(&self, request: Request) -> Result<Response, Error> {
        let Some(sign_in) = &self.sign_in else {
            return Err(Kind::NotFound.into());
        };
        // A HEAD would use up the code and show nobody what came of it.
        if request.method != Method::GET {
            return Err(Kind::Method("GET").into());
        }
        let step = match request.path() {
            path if path == PATHS.callback => {
                sign_in.callback(&request).await.map_err(Kind::SignIn)?
            }
            _ => sign_in.again(&request).await.map_err(Kind::SignIn)?,
        };
        let session = match step {
            SignInStep::Answer(response) => return Ok(response),
            SignInStep::Passed(session) => *session,
        };
        let account = session.record.customer.account().clone();
        let at = request.at();
        self.go_on(session, at)
            .await
            .map_err(|kind| kind.about(&account))
    }

    /// On to the form, for a customer whom the store does not know and who is asked for one; else to
    /// the hand-off.
    async fn go_on(&self, session: Stored<Session>, at: At) -> Result<Response, Kind> {
        let form = format!(
            "{}?landing={}",
            crate::register::PATH,
            session.record.handle
        );
        let passed = self.passed(session, Answering::Navigation)?;
        if matches!(self.mode, Mode::Auto) {
            return Box::pin(self.complete(passed, None, at)).await;
        }
        let landing = self.look(&passed, at).await?;
        if self.asks_for_form(&passed.entrant, &landing, at) {
            return Ok(noted(redirect_303(&form), passed.account(), "signed-in"));
        }
        Box::pin(self.complete(passed, Some(landing), at)).await
    }
}
