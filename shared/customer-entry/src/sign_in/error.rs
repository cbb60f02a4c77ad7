//! Why a sign-in cannot go on, and what the customer is told.

use std::time::Duration;

use function_runtime::{Failure, Rejection};
use http::StatusCode;
use marketplace::ProcurementAccountId;
use store::{CommitError, StoreUnavailable};
use verification::VerificationError;

use super::google::NotProven;
use crate::form::FormProblem;
use crate::landing::LandingError;
use crate::landings::NotBegun;

/// Why a sign-in cannot go on.
#[derive(Debug, thiserror::Error)]
#[error("sign in with Google")]
pub struct SignInError {
    #[source]
    fault: SignInFault,
    account: Option<ProcurementAccountId>,
}

/// What happened.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignInFault {
    /// The address the browser came back to is not one that Google writes.
    #[error("read the callback")]
    Callback(#[source] FormProblem),
    /// Its `state` is not one of ours.
    #[error("read the callback: the state is malformed")]
    State,
    /// Google answered with an error instead of a code.
    #[error("get a code: Google answered {0}")]
    Refused(&'static str),
    /// There is no such landing in this browser, or no longer.
    #[error(transparent)]
    Landing(#[from] LandingError),
    /// Who signed in is not proven, or cannot be said now.
    #[error(transparent)]
    NotProven(#[from] NotProven),
    /// The store could not be asked.
    #[error("store the sign-in")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the session.
    #[error("store the sign-in before others changed the session")]
    Contended,
    /// There is no randomness.
    #[error("make up a secret")]
    Random(#[from] getrandom::Error),
}

impl SignInFault {
    pub(super) fn about(self, account: &ProcurementAccountId) -> SignInError {
        SignInError {
            fault: self,
            account: Some(account.clone()),
        }
    }

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

impl Failure for SignInError {
    fn rejection(&self) -> Rejection {
        match &self.fault {
            SignInFault::Callback(_) | SignInFault::State => Rejection::bad_request(
                "unreadable-callback",
                "This page is opened by Google when you sign in. Please open the product in \
                 Google Cloud Marketplace again.",
            ),
            SignInFault::Landing(error) => error.rejection(),
            SignInFault::NotProven(NotProven::Unavailable(_) | NotProven::IdToken(_)) => {
                unavailable(
                    "sign-in-unavailable",
                    "Google cannot be reached to finish your sign-in. Please reload this page in \
                     a moment.",
                )
            }
            SignInFault::Store(_) | SignInFault::Contended => unavailable(
                "store-unavailable",
                "We cannot go on at this moment. Please reload this page in a moment.",
            ),
            SignInFault::NotProven(_) | SignInFault::Refused(_) | SignInFault::Random(_) => {
                Rejection::internal()
            }
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        self.account.as_ref()
    }
}

fn unavailable(code: &'static str, message: &'static str) -> Rejection {
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
        .with_retry_after(Duration::from_secs(5))
}

impl From<SignInFault> for SignInError {
    fn from(fault: SignInFault) -> Self {
        Self {
            fault,
            account: None,
        }
    }
}

impl From<NotBegun> for SignInFault {
    fn from(error: NotBegun) -> Self {
        match error {
            NotBegun::Random(error) => Self::Random(error),
            NotBegun::Store(CommitError::Unavailable(error)) => Self::Store(error),
            NotBegun::Store(CommitError::Conflict) => Self::Contended,
        }
    }
}
