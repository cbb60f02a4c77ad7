//! The sessions of one function: in the store, and as cookies in the browser.
//!
//! A landing, which begins when a customer's token comes, leaves nothing but a session if it needs
//! more than one request. The session's id is in a cookie, the landing's handle in the addresses and
//! forms that follow. A session that is given up expires.

use function_runtime::Response;
use http::{HeaderMap, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use marketplace::{At, Deadline};
use store::{
    Commit, CommitError, HandOffRecord, Purpose, Session, SessionId, SignIn, Store,
    StoreUnavailable, Stored, Version,
};
use verification::VerifiedCustomer;

use crate::landing_handle::LandingHandle;
use crate::session_cookie::SessionCookie;

/// How long a landing may stay open.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// How long after its expiry a token may still be accepted, for clocks that differ.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// The sessions of one function.
#[derive(Clone)]
pub(crate) struct Sessions {
    function: &'static str,
    purpose: Purpose,
    store: Store,
}

impl Sessions {
    /// The sessions of the function of this name, which stands in its cookies. Customers come to it
    /// for one purpose.
    pub(crate) fn new(function: &'static str, purpose: Purpose, store: Store) -> Self {
        Self {
            function,
            purpose,
            store,
        }
    }

    /// What customers come for.
    pub(crate) fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Stores the session of a customer who has just landed. The answer must
    /// [`keep`](Self::keep) it in the browser.
    pub(crate) async fn begin<E>(&self, customer: &VerifiedCustomer, at: At) -> Result<Session, E>
    where
        E: From<getrandom::Error> + From<CommitError>,
    {
        self.begin_with(customer, |_| Ok(None), at).await
    }

    /// As [`begin`](Self::begin), with a sign-in that is started for this handle.
    pub(crate) async fn begin_with<E>(
        &self,
        customer: &VerifiedCustomer,
        sign_in: impl FnOnce(&LandingHandle) -> Result<Option<SignIn>, getrandom::Error> + Send,
        at: At,
    ) -> Result<Session, E>
    where
        E: From<getrandom::Error> + From<CommitError>,
    {
        let handle = LandingHandle::random()?;
        let session = Session {
            id: SessionId::random(),
            handle: handle.as_str().to_owned(),
            purpose: self.purpose,
            customer: customer.clone(),
            created: at.now,
            expires: at.now.saturating_add(SESSION_LIFETIME).unwrap_or(at.now),
            completed: None,
            sign_in: sign_in(&handle)?,
        };
        let commit = Commit::new().create(&session);
        self.store.commit(commit, at.deadline).await?;
        Ok(session)
    }

    /// The session of a landing in this browser, unless it is over. Nothing is read for a browser
    /// without the landing's cookie.
    pub(crate) async fn find(
        &self,
        handle: Option<LandingHandle>,
        headers: &HeaderMap,
        at: At,
    ) -> Result<Option<Stored<Session>>, StoreUnavailable> {
        let Some(handle) = handle else {
            return Ok(None);
        };
        let Some(id) = self.cookie(&handle).read(headers) else {
            return Ok(None);
        };
        let session = self.store.session(&id, at).await?;
        let own = |session: &Stored<Session>| {
            session.record.handle == handle.as_str() && session.record.purpose == self.purpose
        };
        Ok(session.filter(own))
    }

    /// The session as it is stored now, unless it is over.
    pub(crate) async fn read_again(
        &self,
        session: &Session,
        at: At,
    ) -> Result<Option<Stored<Session>>, StoreUnavailable> {
        self.store.session(&session.id, at).await
    }

    /// Stores a session in place of the one that was read as `version`.
    pub(crate) async fn replace(
        &self,
        session: &Session,
        version: &Version,
        deadline: Deadline,
    ) -> Result<(), CommitError> {
        let commit = Commit::new().replace(session, version);
        self.store.commit(commit, deadline).await
    }

    /// The answer, with the cookie that keeps this session in the browser as long as it can last.
    pub(crate) fn keep(&self, response: Response, session: &Session) -> Response {
        self.keep_for(response, session, SESSION_LIFETIME)
    }

    /// Lets the session outlive its completion exactly as long as its hand-off can be used, so that
    /// a double click or a reload gets the same hand-off and nothing of ours is left after it.
    pub(crate) fn keep_briefly(
        &self,
        response: Response,
        session: &Session,
        record: &HandOffRecord,
    ) -> Response {
        let lifetime = record.expires.duration_since(record.issued);
        self.keep_for(response, session, lifetime)
    }

    /// The answer, which makes the browser forget the landing of this session.
    pub(crate) fn forget(&self, response: Response, session: &Session) -> Response {
        self.with_cookie(response, session, SessionCookie::forget)
    }

    fn keep_for(
        &self,
        response: Response,
        session: &Session,
        lifetime: SignedDuration,
    ) -> Response {
        self.with_cookie(response, session, |cookie| {
            cookie.keep(&session.id, lifetime.as_secs())
        })
    }

    fn with_cookie(
        &self,
        mut response: Response,
        session: &Session,
        value: impl FnOnce(&SessionCookie) -> Option<HeaderValue>,
    ) -> Response {
        let handle = LandingHandle::parse(&session.handle);
        let value = handle.and_then(|handle| value(&self.cookie(&handle)));
        if let Some(value) = value {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }

    fn cookie(&self, handle: &LandingHandle) -> SessionCookie {
        SessionCookie::new(self.function, handle)
    }
}

/// When the last session ends that a landing with this token can have started.
pub(crate) fn last_session_expires(customer: &VerifiedCustomer) -> Timestamp {
    let token_expires = customer.expires_at();
    token_expires
        .saturating_add(SESSION_LIFETIME.saturating_add(SKEW))
        .unwrap_or(token_expires)
}
