//! How a customer leaves: with a signed hand-off, or to the application's login page without one.
//!
//! A hand-off is signed before it is recorded, so that a token whose hand-off could not be signed is
//! not spent. Sign-up and login post to the same address: its origin is the hand-off's `aud`, and
//! `purpose` says why the customer comes.

use function_runtime::{Response, redirect_303};
use http::{HeaderValue, StatusCode, header};
use marketplace::Deadline;
use store::HandOffRecord;

use crate::entrance::Entrance;
use crate::entry::{Answering, Entry};
use crate::hand_off_claims::HandOff;
use crate::hand_off_signer::HandOffError;
use crate::pages::{self, PageMessage};
use crate::with_outcome;

impl Entrance {
    /// The signed hand-off.
    pub async fn sign(
        &self,
        hand_off: &HandOff<'_>,
        deadline: Deadline,
    ) -> Result<String, HandOffError> {
        let claims = self.parties.claims(self.sessions.purpose(), hand_off)?;
        self.signer.sign(&claims, deadline).await
    }

    /// The page that posts a signed hand-off. A session that the landing had stays in the browser as
    /// long as the hand-off can be used.
    pub fn hand_off_page(
        &self,
        entry: &Entry,
        record: &HandOffRecord,
        token: &str,
        outcome: &'static str,
    ) -> Response {
        let settings = &self.settings;
        let page = pages::hand_off(&settings.branding, &settings.application_signup, token);
        let page = match entry.session() {
            Some(session) => self.sessions.keep_briefly(page, session, record),
            None => page,
        };
        with_outcome(page, outcome, entry.account())
    }

    /// To the application's login page, because the token's hand-off is over; where the browser would
    /// not follow a redirect, by a page with this message. The cookie of a landing that had a session
    /// is dropped: nothing follows from it any more.
    pub fn to_login_page(&self, entry: &Entry, message: &PageMessage<'_>) -> Response {
        let login = self.settings.application_login.as_str();
        let response = match entry.answering() {
            Answering::Navigation => redirect_303(login),
            Answering::OwnForm => {
                let page = pages::message(&self.settings.branding, StatusCode::OK, message);
                refresh_to(login, page)
            }
        };
        let response = match entry.session() {
            Some(session) => self.sessions.forget(response, session),
            None => response,
        };
        with_outcome(response, "token-spent", entry.account())
    }
}

/// The page, which the browser leaves by itself for this address.
fn refresh_to(location: &str, mut page: Response) -> Response {
    if let Ok(value) = HeaderValue::try_from(format!("0; url={location}")) {
        page.headers_mut().insert(header::REFRESH, value);
    }
    page
}
