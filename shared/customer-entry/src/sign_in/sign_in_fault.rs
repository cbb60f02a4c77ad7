//! Why a sign-in cannot go on, and what the customer reads.

use function_runtime::{Failure, Rejection};
use store::{CommitError, Contended, StoreUnavailable};
use verification::VerificationError;

use super::not_proven::NotProven;
use crate::landing_error::{LandingError, unavailable};
use crate::unverified_form::FormProblem;

/// Why a sign-in cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SignInFault {
    /// The address the browser came back to is not one that Google writes.
    #[error("the callback was not readable")]
    Callback(#[source] FormProblem),
    /// Its `state` is not one of ours.
    #[error("the callback was not readable: its state is malformed")]
    State,
    /// Google answered with an error instead of a code.
    #[error("there is no code: Google answered {0}")]
    Refused(&'static str),
    /// There is no such landing in this browser, or no longer.
    #[error(transparent)]
    Landing(#[from] LandingError),
    /// Who signed in is not proven, or cannot be said now.
    #[error(transparent)]
    NotProven(#[from] NotProven),
    /// The store could not be asked.
    #[error("the store is not available")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the session.
    #[error("other requests kept changing the session")]
    Contended,
    /// There is no randomness.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
}

impl SignInFault {
    /// Whether asking again with the same code is of no use, and a new attempt may be.
    pub(super) fn is_final(&self) -> bool {
        matches!(
            self,
            Self::NotProven(
                NotProven::Code(_)
                    | NotProven::UserInfo(_)
                    | NotProven::IdToken(VerificationError::Rejected(_))
            )
        )
    }
}

impl Failure for SignInFault {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Callback(_) | Self::State => Rejection::bad_request(
                "unreadable-callback",
                "This page is opened by Google when you sign in. Please open the product in \
                 Google Cloud Marketplace again.",
            ),
            Self::Landing(error) => error.rejection(),
            Self::NotProven(NotProven::Unavailable(_) | NotProven::IdToken(_)) => unavailable(
                "sign-in-unavailable",
                "Google cannot be reached to finish your sign-in. Please reload this page in \
                     a moment.",
            ),
            Self::Store(_) | Self::Contended => unavailable(
                "store-unavailable",
                "We cannot go on at this moment. Please reload this page in a moment.",
            ),
            Self::NotProven(_) | Self::Refused(_) | Self::Random(_) => Rejection::internal(),
        }
    }
}

impl Contended for SignInFault {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Contended)
    }
}

impl From<CommitError> for SignInFault {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Contended,
            CommitError::Unavailable(error) => error.into(),
        }
    }
}
