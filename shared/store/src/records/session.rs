//! The session of a customer between two requests: what was verified, and which steps have passed.

use std::fmt;

use jiff::Timestamp;
use marketplace::{At, Deadline, ProcurementAccountId};
use verification::{CustomerParts, VerifiedCustomer};

use crate::documents::collections::SESSIONS;
use crate::documents::fields::{Fields, Reader};
use crate::documents::query::Query;
use crate::documents::record::Encode;
use crate::documents::value::{FromValue, Value};
use crate::{Document, SessionId, Store, StoreUnavailable, Stored};

/// A landing that needs more than one request. `Debug` shows neither customer nor secrets.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// The browser's secret.
    pub id: SessionId,
    /// What tells this landing's cookie from that of another tab.
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

impl Purpose {
    /// The purpose as it is stored, and as the hand-off says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "signup",
            Self::Login => "login",
        }
    }
}

impl FromValue for Purpose {
    fn from_value(value: &Value) -> Option<Self> {
        let text = String::from_value(value)?;
        let mut all = [Self::Signup, Self::Login].into_iter();
        all.find(|purpose| purpose.as_str() == text)
    }
}

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
        let record = Session::decode(*id, Reader::new(SESSIONS, &document.fields))?;
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
            .with("handle", self.handle.as_str())
            .with("purpose", self.purpose.as_str())
            .with("customer", encode_customer(&self.customer))
            // Beside the customer's other claims, so that an account's sessions can be found.
            .with("account", self.customer.account())
            .with("created", self.created)
            .with("expire_at", self.expires)
            .with("completed", self.completed)
            .with("sign_in", self.sign_in.as_ref().map(encode_sign_in))
    }
}

impl Session {
    /// The stored session knows only its id's hash, so the id comes from the caller.
    fn decode(id: SessionId, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        let customer = reader.nested("customer")?;
        let customer = customer.ok_or_else(|| reader.wrong("customer"))?;
        Ok(Self {
            id,
            handle: reader.required("handle")?,
            purpose: reader.required("purpose")?,
            customer: decode_customer(customer)?,
            created: reader.required("created")?,
            expires: reader.required("expire_at")?,
            completed: reader.optional("completed")?,
            sign_in: reader.nested("sign_in")?.map(decode_sign_in).transpose()?,
        })
    }
}

fn encode_customer(customer: &VerifiedCustomer) -> Value {
    let CustomerParts {
        account,
        user,
        roles,
        orders,
        fingerprint,
        issued_at,
        expires_at,
    } = customer.parts();
    Fields::new()
        .with("account", &account)
        .with("user", user.as_ref())
        .with("roles", roles.iter().collect::<Vec<_>>())
        .with("orders", orders.iter().collect::<Vec<_>>())
        .with("fingerprint", &fingerprint)
        .with("issued_at", issued_at)
        .with("expires_at", expires_at)
        .to_map()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that restores a verified customer: from a session stored here"
)]
fn decode_customer(reader: Reader<'_>) -> Result<VerifiedCustomer, StoreUnavailable> {
    Ok(VerifiedCustomer::restore(CustomerParts {
        account: reader.required("account")?,
        user: reader.optional("user")?,
        roles: reader.required("roles")?,
        orders: reader.required("orders")?,
        fingerprint: reader.required("fingerprint")?,
        issued_at: reader.required("issued_at")?,
        expires_at: reader.required("expires_at")?,
    }))
}

fn encode_sign_in(sign_in: &SignIn) -> Value {
    Fields::new()
        .with("state", sign_in.state.as_str())
        .with("nonce", sign_in.nonce.as_str())
        .with("verifier", sign_in.verifier.as_str())
        .with("passed", sign_in.passed)
        .to_map()
}

fn decode_sign_in(reader: Reader<'_>) -> Result<SignIn, StoreUnavailable> {
    Ok(SignIn {
        state: reader.required("state")?,
        nonce: reader.required("nonce")?,
        verifier: reader.required("verifier")?,
        passed: reader.optional("passed")?,
    })
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
