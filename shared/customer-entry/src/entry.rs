//! A customer in one request, after the token or a session showed who it is.

use jiff::Timestamp;
use marketplace::{ProcurementAccountId, Role, UserIdentity};
use store::{Commit, Session, Stored};
use verification::VerifiedCustomer;

use crate::landing_error::LandingError;

/// A verified customer with an accepted role, in one request.
#[derive(Debug, Clone)]
pub struct Entry {
    customer: VerifiedCustomer,
    user: UserIdentity,
    session: Option<Stored<Session>>,
    answering: Answering,
}

/// What an answer answers, because not every one may leave our origin by a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// A navigation, or a form of another origin.
    Navigation,
    /// A form of ours. Browsers apply its page's `form-action` to redirects too.
    OwnForm,
}

/// Whether Google sign-in proved that the person at the browser is the token's user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonAtBrowser {
    /// Google sign-in returned the same identity.
    Proven,
    /// Only the Marketplace's token says so.
    Unproven,
}

impl PersonAtBrowser {
    /// What the sign-in of this session proved. Without a session there was none.
    pub fn of(session: Option<&Session>) -> Self {
        let sign_in = session.and_then(|session| session.sign_in.as_ref());
        match sign_in.and_then(|sign_in| sign_in.passed) {
            Some(_) => Self::Proven,
            None => Self::Unproven,
        }
    }
}

impl Entry {
    /// Admits a customer whose token has just come, if it names a user with an accepted role.
    ///
    /// Without this check, anybody who may merely look at a product in a customer's console could
    /// link themselves to the customer's account.
    pub fn arrived(customer: VerifiedCustomer, accepted: &[Role]) -> Result<Self, LandingError> {
        let Some(user) = customer.user().cloned() else {
            return Err(LandingError::NoUser);
        };
        if !customer.roles().iter().any(|role| accepted.contains(role)) {
            return Err(LandingError::Role);
        }
        Ok(Self {
            customer,
            user,
            session: None,
            answering: Answering::Navigation,
        })
    }

    /// Admits the customer of a session. The role is checked again: the configuration may have
    /// changed while the session was open.
    pub fn resumed(
        session: Stored<Session>,
        answering: Answering,
        accepted: &[Role],
    ) -> Result<Self, LandingError> {
        let arrived = Self::arrived(session.record.customer.clone(), accepted)?;
        Ok(Self {
            session: Some(session),
            answering,
            ..arrived
        })
    }

    /// The customer as the token says.
    pub fn customer(&self) -> &VerifiedCustomer {
        &self.customer
    }

    /// The user the token names.
    pub fn user(&self) -> &UserIdentity {
        &self.user
    }

    /// The account the customer acts for.
    pub fn account(&self) -> &ProcurementAccountId {
        self.customer.account()
    }

    /// The session of this landing, open or completed, if it has one.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref().map(|session| &session.record)
    }

    /// The session, unless an earlier request has completed it.
    pub fn open_session(&self) -> Option<&Stored<Session>> {
        let session = self.session.as_ref();
        session.filter(|session| session.record.completed.is_none())
    }

    /// Whether it is proven who sits at the browser.
    pub fn person(&self) -> PersonAtBrowser {
        PersonAtBrowser::of(self.session())
    }

    /// Completes the session in this commit, if there is an open one.
    pub fn complete_session(&self, commit: Commit, now: Timestamp) -> Commit {
        let Some(session) = self.open_session() else {
            return commit;
        };
        let completed = Session {
            completed: Some(now),
            ..session.record.clone()
        };
        commit.replace(&completed, &session.version)
    }

    pub(crate) fn answering(&self) -> Answering {
        self.answering
    }

    /// The same with the session as it is stored now.
    pub(crate) fn with_session(&self, session: Option<Stored<Session>>) -> Self {
        Self {
            session,
            ..self.clone()
        }
    }
}
