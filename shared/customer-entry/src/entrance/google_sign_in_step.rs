//! Google sign-in as a step of a landing, where it is required.

use function_runtime::{Request, Response};
use http::Method;
use marketplace::At;
use store::Session;

use crate::entrance::Entrance;
use crate::entry::{Entry, PersonAtBrowser};
use crate::entry_fault::{EntryFault, Error};
use crate::landing_error::LandingError;
use crate::sign_in::SignInStep;
use crate::with_outcome;

impl Entrance {
    /// Whether the person at the browser has yet to sign in.
    pub fn sign_in_is_due(&self, session: Option<&Session>) -> bool {
        self.sign_in.is_some() && PersonAtBrowser::of(session) == PersonAtBrowser::Unproven
    }

    /// Sends a customer whose token has just come to Google. A session that has not signed in is
    /// of no landing.
    pub async fn begin_sign_in(&self, entry: &Entry, at: At) -> Result<Response, EntryFault> {
        match (&self.sign_in, entry.session()) {
            (Some(sign_in), None) => Ok(sign_in.begin(entry.customer(), at).await?),
            _ => Err(LandingError::Over.into()),
        }
    }

    /// Sends a customer who has not signed in yet from another page to where they do.
    pub fn send_to_sign_in(&self, session: &Session) -> Result<Response, EntryFault> {
        let sign_in = self.sign_in.as_ref().ok_or(EntryFault::NotFound)?;
        let account = session.customer.account();
        Ok(with_outcome(sign_in.go_on(session), "sign-in-due", account))
    }

    /// Answers both addresses of the sign-in: where Google sends the browser back to, and where a
    /// customer tries again.
    pub async fn sign_in(&self, request: &Request) -> Result<SignInStep, Error> {
        let sign_in = self.sign_in.as_ref().ok_or(EntryFault::NotFound)?;
        // A HEAD would use up the code without showing the customer the result.
        if request.method != Method::GET {
            return Err(EntryFault::Method("GET").into());
        }
        Ok(sign_in.step(request).await.map_err(EntryFault::SignIn)?)
    }
}
