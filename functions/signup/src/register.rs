//! The registration form, between landing and hand-off.
//!
//! The landing leaves a session and nothing else. Its id is in a cookie, its handle in the form's
//! address; a form abandoned leaves only a session that expires.

use customer_entry::{
    Entrant, FormTie, Input, LandingHandle, SessionCookie, UnverifiedForm, confirmation, confirms,
    pages,
};
use function_runtime::{Outcome, Request, Response, redirect_303};
use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use link_store::{Commit, HandOffRecord, Purpose, Session, SessionId, Stored};
use verification::VerifiedCustomer;

use crate::config::Mode;
use crate::decide::{Next, next};
use crate::error::{Error, Kind};
use crate::fields::{FormFields, Profile};
use crate::hand_over::noted;
use crate::handler::{At, Handler};
use crate::records::Passed;

/// Where the form is, and where it is posted.
pub(crate) const PATH: &str = "/signup/register";

/// The name of this function in cookies.
const FUNCTION: &str = "signup";

/// How long a form may stay open.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// When the last session ends that a landing with this token can have begun: tokens are accepted
/// for half a minute after they expire.
pub(crate) fn last_session_expires(customer: &VerifiedCustomer) -> Timestamp {
    let skew = SignedDuration::from_secs(30);
    let lifetime = SESSION_LIFETIME.saturating_add(skew);
    let token_expires = customer.expires_at();
    token_expires
        .saturating_add(lifetime)
        .unwrap_or(token_expires)
}

impl Handler {
    /// A customer whom the store does not know gets the form; everybody else goes on at once.
    pub(crate) async fn begin_or_complete(
        &self,
        entrant: Entrant,
        at: At,
    ) -> Result<Response, Kind> {
        let landing = self
            .store
            .landing(entrant.customer(), at.now, at.deadline)
            .await?;
        let refused = matches!(
            next(&landing, &entrant, at.now),
            Next::Rejected | Next::Deleted
        );
        if landing.link.is_some() || landing.replay.is_some() || refused {
            return self.complete(entrant.into(), Some(landing), at).await;
        }
        self.begin(&entrant, at).await
    }

    async fn begin(&self, entrant: &Entrant, at: At) -> Result<Response, Kind> {
        let handle = LandingHandle::random().map_err(|error| Kind::Internal(Box::new(error)))?;
        let session = Session {
            id: SessionId::random(),
            handle: handle.as_str().to_owned(),
            purpose: Purpose::Signup,
            customer: entrant.customer().clone(),
            created: at.now,
            expires: at.now.saturating_add(SESSION_LIFETIME).unwrap_or(at.now),
            completed: None,
            sign_in: None,
        };
        self.store
            .commit(Commit::new().create(&session), at.deadline)
            .await?;
        let response = redirect_303(&format!("{PATH}?landing={}", handle.as_str()));
        let cookie = SessionCookie::new(FUNCTION, &handle);
        let response = with_cookie(response, &cookie, &session.id, SESSION_LIFETIME);
        Ok(noted(response, entrant, "landed"))
    }

    pub(crate) async fn show_form(&self, request: Request) -> Result<Response, Error> {
        let at = At {
            now: request.now,
            deadline: request.deadline,
        };
        let query = request.uri.query().unwrap_or_default();
        let handle = query
            .strip_prefix("landing=")
            .and_then(LandingHandle::parse);
        let (handle, session) = self.session(handle, &request.headers, at).await?;
        if session.record.completed.is_some() {
            let response = redirect_303(self.entry.application_login.as_str());
            return Ok(outcome(response, &session, "already-registered"));
        }
        let response = self.form(&handle, &session, &self.fields()?.empty());
        Ok(outcome(response, &session, "form-shown"))
    }

    pub(crate) async fn take_form(&self, request: Request) -> Result<Response, Error> {
        let at = At {
            now: request.now,
            deadline: request.deadline,
        };
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
            return Err(Kind::NotConfirmed);
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
        let passed = self.passed(session, profile)?;
        Box::pin(self.complete(passed, None, at)).await
    }

    /// The roles are checked again: the configuration may have changed while the form was open.
    fn passed(&self, session: Stored<Session>, profile: Option<Profile>) -> Result<Passed, Kind> {
        let customer = session.record.customer.clone();
        let entrant = Entrant::admit(customer, &self.entry.accepted_roles)?;
        Ok(Passed {
            entrant,
            profile,
            session: Some(session),
        })
    }

    async fn session(
        &self,
        handle: Option<LandingHandle>,
        headers: &HeaderMap,
        at: At,
    ) -> Result<(LandingHandle, Stored<Session>), Kind> {
        let handle = handle.ok_or(Kind::LandingOver)?;
        let id = SessionCookie::new(FUNCTION, &handle)
            .read(headers)
            .ok_or(Kind::LandingOver)?;
        let session = self.store.session(&id, at.now, at.deadline).await?;
        let own = |session: &Stored<Session>| {
            session.record.handle == handle.as_str() && session.record.purpose == Purpose::Signup
        };
        match session.filter(own) {
            Some(session) => Ok((handle, session)),
            None => Err(Kind::LandingOver),
        }
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

/// Lets the session outlive its completion exactly as long as its hand-off can be used, so that a
/// double click or a reload gets the same hand-off and nothing of ours is left after it.
pub(crate) fn keep_briefly(
    response: Response,
    passed: &Passed,
    record: &HandOffRecord,
) -> Response {
    let Some(session) = passed.session.as_ref().map(|session| &session.record) else {
        return response;
    };
    let Some(handle) = LandingHandle::parse(&session.handle) else {
        return response;
    };
    let cookie = SessionCookie::new(FUNCTION, &handle);
    with_cookie(
        response,
        &cookie,
        &session.id,
        record.expires.duration_since(record.issued),
    )
}

fn with_cookie(
    mut response: Response,
    cookie: &SessionCookie,
    id: &SessionId,
    lifetime: SignedDuration,
) -> Response {
    if let Some(value) = cookie.keep(id, lifetime.as_secs()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn outcome(mut response: Response, session: &Stored<Session>, name: &'static str) -> Response {
    let account = Some(session.record.customer.account().clone());
    response.extensions_mut().insert(Outcome { name, account });
    response
}
