//! Google sign-in, between landing and choice or hand-off.

use customer_entry::{Answering, GoogleSignIn, LandingError, SignInPaths, SignInStep};
use function_runtime::{Failure as _, Request, Response};
use store::{Session, Stored};

use crate::decide::SignIn;
use crate::error::{Error, Kind};
use crate::handler::Handler;
use crate::records::{Visit, Wish};
use marketplace::At;

/// Where Google sends the browser back to, and where a customer tries again.
pub(crate) const PATHS: SignInPaths = SignInPaths {
    callback: CALLBACK,
    again: AGAIN,
};

/// Where Google sends the browser back to.
pub(crate) const CALLBACK: &str = "/login/callback";

/// Where a customer tries again.
pub(crate) const AGAIN: &str = "/login/sign-in";

impl Handler {
    /// Whether this visit has still to pass.
    pub(crate) fn sign_in_of(&self, visit: &Visit) -> SignIn {
        let passed = |sign_in: &GoogleSignIn| {
            let session = visit.session();
            session.is_some_and(|session| !sign_in.is_due(session))
        };
        match &self.sign_in {
            Some(sign_in) if !passed(sign_in) => SignIn::Due,
            _ => SignIn::Settled,
        }
    }

    /// The answer to a landing. A form that comes without the sign-in is of no landing.
    pub(crate) async fn begin_sign_in(&self, visit: &Visit, at: At) -> Result<Response, Kind> {
        match (&self.sign_in, visit.session()) {
            (Some(sign_in), None) => {
                let begun = sign_in.begin(&visit.entrant, (at.now, at.deadline));
                Ok(begun.await?)
            }
            _ => Err(LandingError::Over.into()),
        }
    }

    /// Sends a landing that has not passed to where it does.
    pub(crate) fn go_on_to_sign_in(&self, session: &Session) -> Result<Response, Kind> {
        let sign_in = self.sign_in.as_ref().ok_or(Kind::NotFound)?;
        Ok(sign_in.go_on(session))
    }

    /// The browser comes back from Google.
    pub(crate) async fn called_back(&self, request: Request) -> Result<Response, Error> {
        let sign_in = self.sign_in.as_ref().ok_or(Kind::NotFound)?;
        let step = sign_in.callback(&request).await.map_err(Kind::SignIn)?;
        self.after(step, request.at()).await
    }

    /// The customer tries again.
    pub(crate) async fn sign_in_again(&self, request: Request) -> Result<Response, Error> {
        let sign_in = self.sign_in.as_ref().ok_or(Kind::NotFound)?;
        let step = sign_in.again(&request).await.map_err(Kind::SignIn)?;
        self.after(step, request.at()).await
    }

    async fn after(&self, step: SignInStep, at: At) -> Result<Response, Error> {
        let session = match step {
            SignInStep::Answer(response) => return Ok(response),
            SignInStep::Passed(session) => session,
        };
        let account = session.record.customer.account().clone();
        Box::pin(self.passed(*session, at))
            .await
            .map_err(|kind| kind.about(&account))
    }

    async fn passed(&self, session: Stored<Session>, at: At) -> Result<Response, Kind> {
        let visit = self.visit(session, Wish::Unasked, Answering::Navigation)?;
        self.enter(&visit, at).await
    }
}
