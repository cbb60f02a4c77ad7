//! `GET /login/callback`, `GET /login/sign-in`: Google sign-in, where it is required.

use customer_entry::{Answering, EntryFault, Error, SignInStep};
use function_runtime::{Failure as _, Request, Response};
use marketplace::At;
use store::{Session, Stored};

use crate::handler::Handler;

impl Handler {
    pub(crate) async fn sign_in(&self, request: Request) -> Result<Response, Error> {
        let session = match self.entrance.sign_in(&request).await? {
            SignInStep::Answer(response) => return Ok(response),
            SignInStep::Passed(session) => *session,
        };
        let account = session.record.customer.account().clone();
        Box::pin(self.signed_in(session, request.at()))
            .await
            .map_err(|fault| fault.about(&account))
    }

    async fn signed_in(&self, session: Stored<Session>, at: At) -> Result<Response, EntryFault> {
        let entry = self.entrance.resume(session, Answering::Navigation)?;
        Box::pin(self.continue_login(entry.into(), at)).await
    }
}
