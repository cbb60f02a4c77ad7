//! `GET /signup/callback`, `GET /signup/sign-in`: Google sign-in, where it is required.

use customer_entry::{Answering, SignInStep};
use function_runtime::{Failure as _, Request, Response};
use marketplace::At;
use store::{Session, Stored};

use crate::handler::Handler;
use crate::paths;
use crate::sign_up_fault::{Error, SignUpFault};

impl Handler {
    pub(crate) async fn sign_in(&self, request: Request) -> Result<Response, Error> {
        if request.path() == paths::SIGN_IN_AGAIN {
            self.admit_again(&request).await?;
        }
        let step = self.entrance.sign_in(&request).await;
        let session = match step.map_err(SignUpFault::Entry)? {
            SignInStep::Answer(response) => return Ok(response),
            SignInStep::Passed(session) => *session,
        };
        let account = session.record.customer.account().clone();
        self.signed_in(session, request.at())
            .await
            .map_err(|fault| fault.about(&account))
    }

    /// A customer who is refused by now gets that answer, and is not sent to Google once more. What else is wrong with
    /// their visit, the step itself says.
    async fn admit_again(&self, request: &Request) -> Result<(), Error> {
        let Ok(session) = self.entrance.session_of_page(request).await else {
            return Ok(());
        };
        let account = session.record.customer.account().clone();
        let entry = self.entrance.resume(session, Answering::Navigation);
        let entry = entry.map_err(|error| SignUpFault::from(error).about(&account))?;
        let admitted = Box::pin(self.admitted(&entry, request.at())).await;
        match admitted {
            Ok(_) => Ok(()),
            Err(fault) => Err(fault.about(&account)),
        }
    }

    /// On to the form, for a new customer who is asked for one; else to the hand-off.
    async fn signed_in(&self, session: Stored<Session>, at: At) -> Result<Response, SignUpFault> {
        let entry = self.entrance.resume(session, Answering::Navigation)?;
        let landing = Box::pin(self.read_owned(&entry, at)).await?;
        if self.asks_for_form(&entry, &landing, at) {
            return Ok(self.entrance.send_to(paths::REGISTER, &entry, at).await?);
        }
        Box::pin(self.continue_sign_up(entry.into(), landing, at)).await
    }
}
