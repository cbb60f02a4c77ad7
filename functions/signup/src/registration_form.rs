//! `GET /signup/register`, `POST /signup/register`: the registration form, between landing and hand-off.
//!
//! The landing leaves a session and nothing else. Its id is in a cookie, its handle in the form's
//! address; a form abandoned leaves only a session that expires.

use customer_entry::pages::{self, FormTarget, Input};
use customer_entry::{Answering, Entry, EntryFault, LandingError, OwnForm, with_outcome};
use function_runtime::{Failure as _, Request, Response, redirect_303};
use marketplace::At;
use store::{Landing, Session, Stored};

use crate::config::Mode;
use crate::form_fields::FormFields;
use crate::handler::Handler;
use crate::next_step::{Next, next};
use crate::paths;
use crate::registration::Registration;
use crate::sign_up_fault::{Error, SignUpFault};

impl Handler {
    /// Whether this customer is asked for a form: nothing is stored of them yet, and their account is
    /// not refused.
    pub(crate) fn asks_for_form(&self, entry: &Entry, landing: &Landing, at: At) -> bool {
        let refused = matches!(next(landing, entry, at.now), Next::Refused(_));
        let known = landing.link.is_some() || landing.replay.is_some();
        matches!(self.mode, Mode::Form(_)) && !known && !refused
    }

    pub(crate) async fn show_form(&self, request: Request) -> Result<Response, Error> {
        let session = self.entrance.session_of_page(&request).await;
        let session = session.map_err(SignUpFault::from)?;
        let account = session.record.customer.account().clone();
        self.form_of_page(session, request.at())
            .await
            .map_err(|fault| fault.about(&account))
    }

    async fn form_of_page(
        &self,
        session: Stored<Session>,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let entry = self
            .entrance
            .resume(session.clone(), Answering::Navigation)?;
        self.admitted(&entry, at).await?;
        let session = session.record;
        let account = session.customer.account();
        if session.completed.is_some() {
            let response = redirect_303(self.entrance.settings.application_login.as_str());
            return Ok(with_outcome(response, "already-registered", account));
        }
        if self.entrance.sign_in_is_due(Some(&session)) {
            return Ok(self.entrance.send_to_sign_in(&session)?);
        }
        let response = self.form(&session, &self.fields()?.empty());
        Ok(with_outcome(response, "form-shown", account))
    }

    /// What is stored of a customer whose account is not refused: who is refused learns it before they fill in
    /// anything, also if it was decided while the form was open.
    pub(crate) async fn admitted(&self, entry: &Entry, at: At) -> Result<Landing, SignUpFault> {
        let landing = Box::pin(self.read_owned(entry, at)).await?;
        match next(&landing, entry, at.now) {
            Next::Refused(refused) => Err(refused.into()),
            _ => Ok(landing),
        }
    }

    pub(crate) async fn take_form(&self, request: Request) -> Result<Response, Error> {
        let form = self.entrance.own_form(&request).await;
        let form = form.map_err(SignUpFault::Entry)?;
        let account = form.session.record.customer.account().clone();
        self.register(form, request.at())
            .await
            .map_err(|fault| fault.about(&account))
    }

    async fn register(&self, form: OwnForm, at: At) -> Result<Response, SignUpFault> {
        let OwnForm { fields, session } = form;
        let entry = self.entrance.resume(session.clone(), Answering::OwnForm)?;
        let landing = self.admitted(&entry, at).await?;
        let typed = match session.record.completed {
            // A double click, or a repeat after a failure: what was typed is stored.
            Some(_) => None,
            None => match self.fields()?.check(&fields) {
                Ok(Ok(profile)) => Some(profile),
                Ok(Err(inputs)) => {
                    let response = self.form(&session.record, &inputs);
                    let account = session.record.customer.account();
                    return Ok(with_outcome(response, "form-corrected", account));
                }
                Err(problem) => return Err(LandingError::Form(problem).into()),
            },
        };
        let registration = Registration { entry, typed };
        Box::pin(self.continue_sign_up(registration, landing, at)).await
    }

    fn form(&self, session: &Session, inputs: &[Input]) -> Response {
        let target = FormTarget::new(paths::REGISTER, session);
        pages::register(&self.entrance.settings.branding, &target, inputs)
    }

    fn fields(&self) -> Result<&FormFields, EntryFault> {
        match &self.mode {
            Mode::Form(fields) => Ok(fields),
            Mode::Auto => Err(EntryFault::NotFound),
        }
    }
}
