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
mod exchange;
mod google_client;
mod judge_callback;
mod not_proven;
mod oauth_types;
mod prove_identity;
mod sign_in_fault;
mod unverified_callback;
mod user_info;

use function_runtime::{Base, Failure as _, Request, Response, redirect_303};
use google_calls::Http;
use marketplace::{At, UserIdentity};
use store::{Session, SignIn, Stored};
use verification::VerifiedCustomer;

use self::google_client::{AccountChooser, GoogleClient};
use self::not_proven::NotProven;
pub use self::sign_in_fault::SignInFault;
use self::unverified_callback::UnverifiedCallback;
use crate::Branding;
use crate::entry::PersonAtBrowser;
use crate::entry_settings::EntrySettings;
use crate::google_sign_in_settings::GoogleSignInSettings;
use crate::landing_error::LandingError;
use crate::landing_handle::LandingHandle;
use crate::pages::{self, SignInTrouble};
use crate::sessions::Sessions;
use crate::with_outcome;

type Error = function_runtime::Error<SignInFault>;

/// Google sign-in of one function's landings.
pub(crate) struct GoogleSignIn {
    google: GoogleClient,
    sessions: Sessions,
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
    pub(crate) fn of(
        settings: &EntrySettings,
        base: &Base,
        http: Http,
        sessions: Sessions,
        paths: SignInPaths,
    ) -> Option<Self> {
        match &settings.google_sign_in {
            GoogleSignInSettings::Off => None,
            GoogleSignInSettings::Required(client) => Some(Self {
                google: GoogleClient::new(client, base, paths.callback, http),
                sessions,
                paths,
                branding: settings.branding.clone(),
            }),
        }
    }

    /// Fetches Google's keys ahead of the first sign-in.
    pub(crate) async fn warm_up(&self) {
        self.google.warm_up().await;
    }

    /// Stores the session of a customer who has just landed, and sends the browser to Google.
    pub(crate) async fn begin(
        &self,
        customer: &VerifiedCustomer,
        at: At,
    ) -> Result<Response, Error> {
        let account = customer.account();
        let started: Result<_, SignInFault> = async {
            let begin = |handle: &LandingHandle| attempt::new(handle).map(Some);
            let session = self.sessions.begin_with::<SignInFault>(customer, begin, at);
            let session = session.await?;
            let response = self.to_google(&session, AccountChooser::IfNeeded)?;
            Ok(self.sessions.keep(response, &session))
        }
        .await;
        let response = started.map_err(|fault| fault.about(account))?;
        Ok(with_outcome(response, "sign-in-begun", account))
    }

    /// Answers one of the two paths.
    pub(crate) async fn step(&self, request: &Request) -> Result<SignInStep, Error> {
        if request.path() == self.paths.callback {
            self.callback(request).await
        } else {
            self.again(request).await
        }
    }

    /// Answers the browser that comes back from Google.
    async fn callback(&self, request: &Request) -> Result<SignInStep, Error> {
        let query = request.uri.query().unwrap_or_default();
        let callback = UnverifiedCallback::read(query).map_err(SignInFault::Callback)?;
        let handle = attempt::landing(&callback.state).ok_or(SignInFault::State)?;
        let session = self.session(Some(handle), request).await?;
        let account = session.record.customer.account().clone();
        let judged = self.judge(session, callback, request.at()).await;
        judged.map_err(|fault| fault.about(&account))
    }

    /// Answers a customer who tries again: the query names the landing.
    async fn again(&self, request: &Request) -> Result<SignInStep, Error> {
        let handle = LandingHandle::in_query(request.uri.query());
        let session = self.session(handle, request).await?;
        if has_passed(&session.record) {
            return Ok(SignInStep::Passed(Box::new(session)));
        }
        let account = session.record.customer.account();
        let response = self.to_google(&session.record, AccountChooser::Shown);
        let response = response.map_err(|fault| fault.about(account))?;
        let response = with_outcome(response, "sign-in-again", account);
        Ok(SignInStep::Answer(response))
    }

    /// Sends the browser to where this landing signs in.
    pub(crate) fn go_on(&self, session: &Session) -> Response {
        redirect_303(&self.another_try(session))
    }

    async fn session(
        &self,
        handle: Option<LandingHandle>,
        request: &Request,
    ) -> Result<Stored<Session>, SignInFault> {
        let found = self.sessions.find(handle, &request.headers, request.at());
        let signing_in = |session: &Stored<Session>| session.record.sign_in.is_some();
        Ok(found.await?.filter(signing_in).ok_or(LandingError::Over)?)
    }

    fn page(&self, session: &Session, trouble: SignInTrouble) -> SignInStep {
        let page = pages::sign_in(&self.branding, trouble, &self.another_try(session));
        SignInStep::Answer(with_outcome(
            page,
            trouble.name(),
            session.customer.account(),
        ))
    }

    fn another_try(&self, session: &Session) -> String {
        format!("{}?landing={}", self.paths.again, session.handle)
    }

    fn to_google(
        &self,
        session: &Session,
        chooser: AccountChooser,
    ) -> Result<Response, SignInFault> {
        let Attempted { user, attempt } = Attempted::of(session)?;
        let address = self.google.address(&attempt, &user, chooser);
        let address = address.map_err(NotProven::from)?;
        Ok(redirect_303(address.as_str()))
    }
}

/// Who must sign in, and the attempt under way.
struct Attempted {
    user: UserIdentity,
    attempt: SignIn,
}

impl Attempted {
    fn of(session: &Session) -> Result<Self, LandingError> {
        let user = session.customer.user().cloned();
        let attempted = user.zip(session.sign_in.clone());
        let (user, attempt) = attempted.ok_or(LandingError::Over)?;
        Ok(Self { user, attempt })
    }
}

fn has_passed(session: &Session) -> bool {
    PersonAtBrowser::of(Some(session)) == PersonAtBrowser::Proven
}
