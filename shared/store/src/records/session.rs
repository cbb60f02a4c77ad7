//! The session of a customer between two requests: what was verified, and which steps have passed.

use std::fmt;

use jiff::Timestamp;
use marketplace::{At, Deadline, ProcurementAccountId};
use verification::{CustomerParts, VerifiedCustomer};

use crate::documents::collections::SESSIONS;
use crate::documents::fields::{Fields, Reader};
use crate::documents::query::Query;
use crate::documents::record::{Encode, nested_record};
use crate::documents::value::stored_names;
use crate::{Document, SessionId, Store, StoreUnavailable, Stored};

/// A landing that needs more than one request. `Debug` shows neither customer nor secrets.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// The browser's secret.
    pub id: SessionId,
    /// What distinguishes this landing's cookie from that of another tab.
    pub handle: String,
    /// What the customer came for.
    pub purpose: Purpose,
    /// The customer, as the Marketplace's token named them.
    pub customer: VerifiedCustomer,
    /// When the customer landed.
    pub created: Timestamp,
    /// After this it is as if the session had never been.
    pub expires: Timestamp,
    /// When the last step passed: set by the commit that carries its effect.
    pub completed: Option<Timestamp>,
    /// Google sign-in, once it was started.
    pub sign_in: Option<SignIn>,
}

/// What a customer came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To register.
    Signup,
    /// To sign in.
    Login,
}

/// One Google sign-in of a session. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// `state` of the authorization request; independent of the session's id.
    pub state: String,
    /// `nonce` that the ID token must carry.
    pub nonce: String,
    /// The PKCE code verifier.
    pub verifier: String,
    /// When Google's answer proved that the person at the browser is the token's user.
    pub passed: Option<Timestamp>,
}

stored_names! {
    /// The purpose as it is stored, and as the hand-off says it.
    Purpose: Signup = "signup", Login = "login"
}

nested_record!(SignIn: state, nonce, verifier, passed);

nested_record!(CustomerParts: account, user, roles, orders, fingerprint, issued_at, expires_at);

impl Document {
    /// A session, under the hash of its id: a reader of the database cannot use it.
    pub fn session(id: &SessionId) -> Self {
        Self::new(SESSIONS, id.hash())
    }
}

impl Store {
    /// A session that has not expired.
    pub async fn session(
        &self,
        id: &SessionId,
        at: At,
    ) -> Result<Option<Stored<Session>>, StoreUnavailable> {
        let found = self.fetch(&[Document::session(id)], at.deadline).await?;
        let Some(document) = found.into_iter().next().flatten() else {
            return Ok(None);
        };
        let record = Session::decode(*id, Reader::new(SESSIONS, &document.id, &document.fields))?;
        let version = document.version;
        Ok((at.now < record.expires).then_some(Stored { record, version }))
    }

    /// Where an account's sessions are stored, expired ones too, to be deleted.
    pub async fn sessions_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Document>, StoreUnavailable> {
        let query = Query::of_account(SESSIONS, account);
        let found = self.select(query, deadline).await?;
        let documents = found.into_iter();
        Ok(documents
            .map(|session| Document::new(SESSIONS, session.id))
            .collect())
    }
}

impl Encode for Session {
    fn document(&self) -> Document {
        Document::session(&self.id)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("handle", &self.handle)
            .with("purpose", &self.purpose)
            .with("customer", &self.customer.parts())
            // Beside the customer's other claims, so that an account's sessions can be found.
            .with("account", self.customer.account())
            .with("created", &self.created)
            .with("expire_at", &self.expires)
            .with("completed", &self.completed)
            .with("sign_in", &self.sign_in)
    }
}

impl Session {
    /// The stored session knows only its id's hash, so the id comes from the caller.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that restores a verified customer: from a session stored here"
    )]
    fn decode(id: SessionId, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            id,
            handle: reader.read("handle")?,
            purpose: reader.read("purpose")?,
            customer: VerifiedCustomer::restore(reader.read("customer")?),
            created: reader.read("created")?,
            expires: reader.read("expire_at")?,
            completed: reader.read("completed")?,
            sign_in: reader.read("sign_in")?,
        })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("purpose", &self.purpose)
            .field("created", &self.created)
            .field("expires", &self.expires)
            .field("completed", &self.completed)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("passed", &self.passed)
            .finish_non_exhaustive()
    }
}
