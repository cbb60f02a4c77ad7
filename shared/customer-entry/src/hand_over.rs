//! The hand-off itself: signed, and the page that posts it.
//!
//! A hand-off is signed before it is recorded, so that a token whose hand-off could not be signed is
//! not spent. Sign-up and login post to the same address: its origin is the hand-off's `aud`, and
//! `purpose` says why the customer comes.

use function_runtime::{Outcome, Response, redirect_303};
use http::{HeaderValue, StatusCode, header};
use marketplace::{Deadline, ProcurementAccountId};
use store::{HandOffRecord, Session};
use url::Url;

use crate::Branding;
use crate::hand_off::{HandOff, Parties};
use crate::landings::Landings;
use crate::pages;
use crate::settings::EntrySettings;
use crate::signer::{Signer, SigningUnavailable};

/// Hands customers over to the application of one deployment.
pub struct HandOver {
    signer: Signer,
    parties: Parties,
    landings: Landings,
    application: Url,
    login: Url,
    branding: Branding,
}

/// A hand-off could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// The claims could not be written.
    #[error("write the claims")]
    Claims(#[from] serde_json::Error),
    /// The hand-off could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningUnavailable),
}

/// What an answer answers, because not every one may leave our origin by a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// A navigation, or a form of another origin.
    Navigation,
    /// A form of ours. Browsers apply its page's `form-action` to redirects too.
    OwnForm,
}

impl HandOver {
    /// What hands over to the application of these settings.
    pub fn new(entry: &EntrySettings, landings: Landings, signer: Signer) -> Self {
        Self {
            signer,
            parties: Parties::new(&entry.hand_off_signer, &entry.application_signup),
            landings,
            application: entry.application_signup.clone(),
            login: entry.application_login.clone(),
            branding: entry.branding.clone(),
        }
    }

    /// Gets ready to sign; what fails is tried again when needed.
    pub async fn warm_up(&self) {
        self.signer.warm_up().await;
    }

    /// The signed hand-off.
    pub async fn sign(
        &self,
        hand_off: &HandOff<'_>,
        deadline: Deadline,
    ) -> Result<String, HandOverError> {
        let claims = self.parties.claims(hand_off)?;
        Ok(self.signer.sign(claims, deadline).await?)
    }

    /// The page that posts a signed hand-off. A session that the landing had stays in the browser as
    /// long as the hand-off can be used.
    pub fn page(&self, session: Option<&Session>, record: &HandOffRecord, token: &str) -> Response {
        let response = pages::hand_off(&self.branding, &self.application, token);
        match session {
            Some(session) => self.landings.keep_briefly(response, session, record),
            None => response,
        }
    }

    /// On to the application's login page, without a hand-off; where the browser would not follow a
    /// redirect, by a page with this title and text. The cookie of a landing that had a session is
    /// dropped: nothing follows from it any more.
    pub fn as_nobody(
        &self,
        answering: Answering,
        session: Option<&Session>,
        (title, text): (&str, &str),
    ) -> Response {
        let response = match answering {
            Answering::Navigation => redirect_303(self.login.as_str()),
            Answering::OwnForm => {
                let page = pages::message(&self.branding, StatusCode::OK, title, text);
                refresh_to(self.login.as_str(), page)
            }
        };
        match session {
            Some(session) => self.landings.forget(response, session),
            None => response,
        }
    }
}

/// The answer, with how it came to be for the log.
pub fn noted(
    mut response: Response,
    account: &ProcurementAccountId,
    name: &'static str,
) -> Response {
    let account = Some(account.clone());
    response.extensions_mut().insert(Outcome { name, account });
    response
}

/// The page, which the browser leaves by itself for this address.
fn refresh_to(location: &str, mut page: Response) -> Response {
    if let Ok(value) = HeaderValue::try_from(format!("0; url={location}")) {
        page.headers_mut().insert(header::REFRESH, value);
    }
    page
}
