//! The registration form, between landing and hand-off.
//!
//! The landing leaves a session and nothing else. Its id is in a cookie, its handle in the form's
//! address; a form abandoned leaves only a session that expires.

use customer_entry::{
    Answering, Entrant, FormTie, Input, LandingError, LandingHandle, UnverifiedForm, confirmation,
    confirms, noted, pages,
};
use function_runtime::{Failure as _, Request, Response, redirect_303};
use http::HeaderMap;
use store::{Landing, Session, Stored};

use crate::config::Mode;
use crate::decide::{Next, next};
use crate::error::{Error, Kind};
use crate::fields::FormFields;
use crate::handler::Handler;
use crate::records::Passed;
use marketplace::At;

/// Where the form is, and where it is posted.
pub(crate) const PATH: &str = "/signup/register";

impl Handler {
    /// A customer signs in where that is required, and gets the form if the store does not know him;
    /// everybody else goes on at once.
    pub(crate) async fn begin_or_complete(
        &self,
        entrant: Entrant,
        at: At,
    ) -> Result<Response, Kind> {
        let landing = self.store.landing(entrant.customer(), at).await?;
        let nothing_follows = matches!(
            next(&landing, &entrant, at.now),
            Next::Rejected | Next::Deleted | Next::Spent
        );
        match &self.sign_in {
            Some(sign_in) if !nothing_follows => {
                Ok(sign_in.begin(&entrant, (at.now, at.deadline)).await?)
            }
            None if self.asks_for_form(&entrant, &landing, at) => self.begin(&entrant, at).await,
            _ => self.complete(entrant.into(), Some(landing), at).await,
        }
    }

    /// Whether this customer is asked for a form: the store does not know him yet, and nobody
    /// refused his account.
    pub(crate) fn asks_for_form(&self, entrant: &Entrant, landing: &Landing, at: At) -> bool {
        let refused = matches!(
            next(landing, entrant, at.now),
            Next::Rejected | Next::Deleted
        );
        let known = landing.link.is_some() || landing.replay.is_some();
        matches!(self.mode, Mode::Form(_)) && !known && !refused
    }

    async fn begin(&self, entrant: &Entrant, at: At) -> Result<Response, Kind> {
        let customer = entrant.customer();
        let (handle, session) = self.landings.begin(customer, (at.now, at.deadline)).await?;
        let response = redirect_303(&format!("{PATH}?landing={}", handle.as_str()));
        let response = self.landings.keep(response, &session);
        Ok(noted(response, customer.account(), "landed"))
    }

    pub(crate) async fn show_form(&self, request: Request) -> Result<Response, Error> {
        let at = request.at();
        let query = request.uri.query().unwrap_or_default();
        let handle = query
            .strip_prefix("landing=")
            .and_then(LandingHandle::parse);
        let (handle, session) = self.session(handle, &request.headers, at).await?;
        if session.record.completed.is_some() {
            let response = redirect_303(self.entry.application_login.as_str());
            return Ok(outcome(response, &session, "already-registered"));
        }
        let sign_in = self.sign_in.as_ref();
        if let Some(sign_in) = sign_in.filter(|sign_in| sign_in.is_due(&session.record)) {
            return Ok(outcome(
                sign_in.go_on(&session.record),
                &session,
                "sign-in-due",
            ));
        }
        let response = self.form(&handle, &session, &self.fields()?.empty());
        Ok(outcome(response, &session, "form-shown"))
    }

    pub(crate) async fn take_form(&self, request: Request) -> Result<Response, Error> {
        let at = request.at();
        let form = UnverifiedForm::read(&request.headers, &request.body).map_err(Kind::Form)?;
        let handle = LandingHandle::parse(form.once("landing").map_err(Kind::Form)?);
        let (handle, session) = self.session(handle, &request.headers, at).await?;
        let account = session.record.customer.account().clone();
        self.submit(&form, (&handle, session), at)
            .await
            .map_err(|kind| kind.about(&account))
    }

    async fn submit(
        &self,
        form: &UnverifiedForm,
        (handle, session): (&LandingHandle, Stored<Session>),
        at: At,
    ) -> Result<Response, Kind> {
        if !confirms(&session.record.id, form.once("confirmation")?) {
            return Err(LandingError::NotConfirmed.into());
        }
        let profile = match session.record.completed {
            // A double click, or a repeat after a failure: what was typed is stored.
            Some(_) => None,
            None => match self.fields()?.check(form)? {
                Ok(profile) => Some(profile),
                Err(inputs) => {
                    let response = self.form(handle, &session, &inputs);
                    return Ok(outcome(response, &session, "form-corrected"));
                }
            },
        };
        let passed = Passed {
            profile,
            ..self.passed(session, Answering::OwnForm)?
        };
        Box::pin(self.complete(passed, None, at)).await
    }

    /// The roles are checked again: the configuration may have changed while the session was open.
    pub(crate) fn passed(
        &self,
        session: Stored<Session>,
        answering: Answering,
    ) -> Result<Passed, Kind> {
        let customer = session.record.customer.clone();
        let entrant = Entrant::admit(customer, &self.entry.accepted_roles)?;
        Ok(Passed {
            entrant,
            profile: None,
            session: Some(session),
            answering,
        })
    }

    async fn session(
        &self,
        handle: Option<LandingHandle>,
        headers: &HeaderMap,
        at: At,
    ) -> Result<(LandingHandle, Stored<Session>), Kind> {
        let found = self.landings.find(handle, headers, (at.now, at.deadline));
        Ok(found.await?.ok_or(LandingError::Over)?)
    }

    fn form(
        &self,
        handle: &LandingHandle,
        session: &Stored<Session>,
        inputs: &[Input],
    ) -> Response {
        let confirmation = confirmation(&session.record.id);
        let tie = FormTie {
            action: PATH,
            landing: handle.as_str(),
            confirmation: &confirmation,
        };
        pages::register(&self.entry.branding, tie, inputs)
    }

    fn fields(&self) -> Result<&FormFields, Kind> {
        match &self.mode {
            Mode::Form(fields) => Ok(fields),
            Mode::Auto => Err(Kind::NotFound),
        }
    }
}

fn outcome(response: Response, session: &Stored<Session>, name: &'static str) -> Response {
    noted(response, session.record.customer.account(), name)
}
