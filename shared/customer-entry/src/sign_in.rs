//! Google sign-in: proof that the person at the browser is the token's user.
//!
//! ```text
//! landing   session with state, nonce and verifier        → 303 to Google, with the user as login_hint
//! callback  cookie, state, code → ID token and UserInfo   → passed, or a page with another try
//! again     the attempt as it is stored                   → 303 to Google, with the account chooser
//! ```
//!
//! Every final answer of Google uses up its attempt: `passed` ends it, anything else replaces it by
//! a new one, whose `state` no earlier callback has. Where Google gave no answer, the attempt stays,
//! and reloading the page asks again. Another try is a link and no form, because browsers apply a
//! form's content policy to the redirect to Google; following it changes nothing that is stored, so
//! another site gains nothing by it.

mod attempt;
mod callback;
mod error;
mod exchange;
mod google;
mod judge;
pub(crate) mod settings;
mod user_info;
mod wire;

use function_runtime::{Base, Request, Response, redirect_303};
use google_calls::Http;
use jiff::Timestamp;
use marketplace::{Deadline, UserIdentity};
use store::{Session, SignIn, Stored};

use self::callback::UnverifiedCallback;
pub use self::error::SignInError;
use self::error::SignInFault;
use self::google::{Chooser, Google, NotProven};
pub use self::settings::{GoogleSignInSettings, OAuthClient};
use crate::Branding;
use crate::hand_off::PersonAtBrowser;
use crate::hand_over::noted;
use crate::landing::{Entrant, LandingError};
use crate::landings::Landings;
use crate::pages::{self, SignInTrouble};
use crate::session_cookie::LandingHandle;
use crate::settings::EntrySettings;

/// Google sign-in of one function's landings.
pub struct GoogleSignIn {
    google: Google,
    landings: Landings,
    paths: SignInPaths,
    branding: Branding,
}

/// Where a function serves its sign-in.
#[derive(Debug, Clone, Copy)]
pub struct SignInPaths {
    /// Where Google sends the browser back to: registered with the OAuth client.
    pub callback: &'static str,
    /// Where a customer tries again.
    pub again: &'static str,
}

/// How a request of the sign-in ended.
pub enum SignInStep {
    /// The person is proven to be the session's user, now or before: the session as it is stored.
    Passed(Box<Stored<Session>>),
    /// Not yet: what the browser gets.
    Answer(Response),
}

impl GoogleSignIn {
    /// The sign-in of these settings, if it is required.
    pub fn of(
        entry: &EntrySettings,
        base: &Base,
        (http, landings): (Http, Landings),
        paths: SignInPaths,
    ) -> Option<Self> {
        match &entry.google_sign_in {
            GoogleSignInSettings::Off => None,
            GoogleSignInSettings::Required(client) => Some(Self {
                google: Google::new(client, base, paths.callback, http),
                landings,
                paths,
                branding: entry.branding.clone(),
            }),
        }
    }

    /// Fetches Google's keys ahead of the first sign-in.
    pub async fn warm_up(&self) {
        self.google.warm_up().await;
    }

    /// Stores the session of a customer who has just landed, and sends the browser to Google.
    pub async fn begin(
        &self,
        entrant: &Entrant,
        (now, deadline): (Timestamp, Deadline),
    ) -> Result<Response, SignInError> {
        let customer = entrant.customer();
        let begun = async {
            let begin = |handle: &LandingHandle| attempt::new(handle).map(Some);
            let at = (now, deadline);
            let (_, session) = self.landings.begin_with(customer, begin, at).await?;
            let response = self.to_google(&session, Chooser::IfNeeded)?;
            let response = self.landings.keep(response, &session);
            Ok(noted(response, customer.account(), "sign-in-begun"))
        };
        let begun: Result<_, SignInFault> = begun.await;
        begun.map_err(|fault| fault.about(customer.account()))
    }

    /// Answers the browser that comes back from Google.
    pub async fn callback(&self, request: &Request) -> Result<SignInStep, SignInError> {
        let query = request.uri.query().unwrap_or_default();
        let callback = UnverifiedCallback::read(query).map_err(SignInFault::Callback)?;
        let handle = attempt::landing(&callback.state).ok_or(SignInFault::State)?;
        let session = self.session(Some(handle), request).await?;
        let account = session.record.customer.account().clone();
        let at = (request.now, request.deadline);
        let judged = self.judge(session, callback, at).await;
        judged.map_err(|fault| fault.about(&account))
    }

    /// Answers a customer who tries again: the query names the landing.
    pub async fn again(&self, request: &Request) -> Result<SignInStep, SignInError> {
        let query = request.uri.query().unwrap_or_default();
        let handle = query.strip_prefix("landing=");
        let handle = handle.and_then(LandingHandle::parse);
        let session = self.session(handle, request).await?;
        if !self.is_due(&session.record) {
            return Ok(SignInStep::Passed(Box::new(session)));
        }
        let account = session.record.customer.account();
        let response = self.to_google(&session.record, Chooser::Shown);
        let response = response.map_err(|fault| fault.about(account))?;
        let response = noted(response, account, "sign-in-again");
        Ok(SignInStep::Answer(response))
    }

    /// Whether this landing has yet to pass.
    pub fn is_due(&self, session: &Session) -> bool {
        PersonAtBrowser::of(Some(session)) != PersonAtBrowser::Proven
    }

    /// Sends the browser to where this landing signs in.
    pub fn go_on(&self, session: &Session) -> Response {
        redirect_303(&self.another_try(session))
    }

    async fn session(
        &self,
        handle: Option<LandingHandle>,
        request: &Request,
    ) -> Result<Stored<Session>, SignInFault> {
        let at = (request.now, request.deadline);
        let found = self.landings.find(handle, &request.headers, at).await?;
        let begun = |(_, session): &(_, Stored<Session>)| session.record.sign_in.is_some();
        let (_, session) = found.filter(begun).ok_or(LandingError::Over)?;
        Ok(session)
    }

    fn page(&self, session: &Session, trouble: SignInTrouble) -> SignInStep {
        let page = pages::sign_in(&self.branding, trouble, &self.another_try(session));
        SignInStep::Answer(noted(page, session.customer.account(), trouble.name()))
    }

    fn another_try(&self, session: &Session) -> String {
        format!("{}?landing={}", self.paths.again, session.handle)
    }

    fn to_google(&self, session: &Session, chooser: Chooser) -> Result<Response, SignInFault> {
        let (user, attempt) = current(session)?;
        let address = self.google.address(&attempt, &user, chooser);
        let address = address.map_err(NotProven::from)?;
        Ok(redirect_303(address.as_str()))
    }
}

/// Who must sign in, and the attempt under way.
fn current(session: &Session) -> Result<(UserIdentity, SignIn), LandingError> {
    let user = session.customer.user().cloned();
    user.zip(session.sign_in.clone()).ok_or(LandingError::Over)
}
