//! Pages of ours between token and hand-off: the customer is sent there, opens one, posts its form.

use function_runtime::{Failure as _, Request, Response, redirect_303};
use http::HeaderMap;
use marketplace::At;
use store::{Session, Stored};

use crate::entrance::Entrance;
use crate::entry::Entry;
use crate::entry_fault::{EntryFault, Error};
use crate::form_confirmation::confirms;
use crate::landing_error::LandingError;
use crate::landing_handle::LandingHandle;
use crate::unverified_form::{FormProblem, UnverifiedForm};
use crate::with_outcome;

/// A form that a page of ours made for this session.
pub struct OwnForm {
    /// What was typed or chosen. It is not verified.
    pub fields: UnverifiedForm,
    /// The session.
    pub session: Stored<Session>,
}

impl Entrance {
    /// Sends a customer to the page at this path, in a new session if the landing has none yet.
    pub async fn send_to(&self, path: &str, entry: &Entry, at: At) -> Result<Response, EntryFault> {
        let to = |session: &Session| redirect_303(&format!("{path}?landing={}", session.handle));
        let (response, outcome) = if let Some(session) = entry.session() {
            (to(session), "signed-in")
        } else {
            let session = self.sessions.begin::<EntryFault>(entry.customer(), at);
            let session = session.await?;
            (self.sessions.keep(to(&session), &session), "landed")
        };
        Ok(with_outcome(response, outcome, entry.account()))
    }

    /// The session of the landing that a page's address names, in this browser.
    pub async fn session_of_page(&self, request: &Request) -> Result<Stored<Session>, EntryFault> {
        let handle = LandingHandle::in_query(request.uri.query());
        self.session(handle, &request.headers, request.at()).await
    }

    /// A posted form of ours, if this browser has its session and our page made it.
    pub async fn own_form(&self, request: &Request) -> Result<OwnForm, Error> {
        let fields = UnverifiedForm::read(&request.headers, &request.body);
        let fields = fields.map_err(unreadable)?;
        let handle = LandingHandle::parse(fields.once("landing").map_err(unreadable)?);
        let session = self.session(handle, &request.headers, request.at()).await?;
        let account = session.record.customer.account();
        let confirmation = fields.once("confirmation");
        let confirmation = confirmation.map_err(|problem| unreadable(problem).about(account))?;
        if !confirms(&session.record.id, confirmation) {
            return Err(EntryFault::from(LandingError::NotConfirmed).about(account));
        }
        Ok(OwnForm { fields, session })
    }

    async fn session(
        &self,
        handle: Option<LandingHandle>,
        headers: &HeaderMap,
        at: At,
    ) -> Result<Stored<Session>, EntryFault> {
        let found = self.sessions.find(handle, headers, at).await?;
        Ok(found.ok_or(LandingError::Over)?)
    }
}

fn unreadable(problem: FormProblem) -> EntryFault {
    LandingError::Form(problem).into()
}
