//! Why a sign-up has no hand-off, and what the customer is told.
//!
//! | outcome | status | what is left behind |
//! |---|---|---|
//! | landing refused or over | see [`LandingError`] | nothing, or a session that expires |
//! | sign-in not finished | see [`SignInError`] | a session that expires |
//! | account rejected or deleted | 403 | nothing changes |
//! | store unavailable, contended | 503 | nothing, or what a repeat finds and continues |
//! | completing | 503 | link and account `approving`: the next visit, event or reconciliation finishes |
//! | hand-off unavailable | 503 | everything but the hand-off: a repeat gets it |

use std::time::Duration;

use approval::ApprovalError;
use customer_entry::{
    FormProblem, HandOverError, LandingError, NotBegun, SignInError, SigningUnavailable,
};
use function_runtime::{Failure, Rejection};
use http::StatusCode;
use marketplace::ProcurementAccountId;
use store::{CommitError, StoreUnavailable};

/// Why a sign-up has no hand-off.
pub type Error = function_runtime::Error<Kind>;

/// What kept a customer from being handed over.
#[derive(Debug, thiserror::Error)]
pub enum Kind {
    /// There is nothing at this path.
    #[error("find the path")]
    NotFound,
    /// The path does not answer to this method, only to these.
    #[error("answer this method")]
    Method(&'static str),
    /// The token, or what it came in, was refused or could not be checked.
    #[error("admit the customer")]
    Landing(#[from] LandingError),
    /// The registration form could not be read.
    #[error("read the registration form")]
    Form(#[from] FormProblem),
    /// The customer could not sign in with Google.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// An operator refused the account.
    #[error("go on: the account was rejected")]
    AccountRejected,
    /// Google deleted the account.
    #[error("go on: the account was deleted")]
    AccountDeleted,
    /// The store could not be asked.
    #[error("record the sign-up")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the same documents.
    #[error("record the sign-up before others changed it")]
    Contended,
    /// Everything is recorded, but the account could not be approved yet.
    #[error("finish the approval")]
    Completing(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The hand-off could not be signed.
    #[error("sign the hand-off")]
    HandOff(#[from] SigningUnavailable),
    /// The claims could not be written, or there is no randomness.
    #[error("make the hand-off")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Failure for Kind {
    fn rejection(&self) -> Rejection {
        match self {
            Self::NotFound => Rejection::not_found(),
            Self::Method(allow) => Rejection::method_not_allowed(allow),
            Self::Landing(error) => error.rejection(),
            Self::Form(error) => LandingError::Form(*error).rejection(),
            Self::SignIn(error) => error.rejection(),
            Self::AccountRejected => Rejection::forbidden(
                "account-rejected",
                "This account cannot be registered. Please contact us and we will sort it out.",
            ),
            Self::AccountDeleted => Rejection::forbidden(
                "account-deleted",
                "This account was closed. Please open the product in Google Cloud Marketplace to \
                 register again.",
            ),
            Self::Store(_) | Self::Contended => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "store-unavailable",
                "We cannot register you at this moment. Please reload this page in a moment.",
            )
            .with_retry_after(Duration::from_secs(5)),
            Self::Completing(_) => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "registration-being-completed",
                "Your registration is recorded and is being completed with Google. Please reload \
                 this page in a minute, or come back from the Marketplace later: nothing is lost.",
            )
            .with_retry_after(Duration::from_secs(30)),
            Self::HandOff(_) => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "hand-off-unavailable",
                "You are registered, but we cannot sign you in at this moment. Please reload this \
                 page in a moment.",
            )
            .with_retry_after(Duration::from_secs(5)),
            Self::Internal(_) => Rejection::internal(),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::SignIn(error) => error.account(),
            _ => None,
        }
    }
}

impl From<CommitError> for Kind {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Contended,
            CommitError::Unavailable(error) => Self::Store(error),
        }
    }
}

impl From<NotBegun> for Kind {
    fn from(error: NotBegun) -> Self {
        match error {
            NotBegun::Store(error) => error.into(),
            NotBegun::Random(error) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<HandOverError> for Kind {
    fn from(error: HandOverError) -> Self {
        match error {
            HandOverError::Signing(error) => Self::HandOff(error),
            HandOverError::Claims(error) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<ApprovalError> for Kind {
    fn from(error: ApprovalError) -> Self {
        Self::Completing(Box::new(error))
    }
}
