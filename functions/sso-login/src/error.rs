//! Why a login has no hand-off, and what the customer is told.
//!
//! | outcome | status | what is left behind |
//! |---|---|---|
//! | landing refused or over | see [`LandingError`] | nothing, or a session that expires |
//! | account rejected, deleted, unknown | 403 | nothing |
//! | account not approved yet | 403 | nothing |
//! | Google sign-in impossible or unproven | see [`SignInError`] | a session that expires |
//! | store unavailable, contended | 503 | nothing: a repeat begins anew |
//! | hand-off unavailable | 503 | nothing: the token is not spent |
//!
//! An account that is not approved yet is a 403 as the others are: nobody is let in, so it is no
//! success, and nothing has failed that somebody would have to be woken for.

use std::time::Duration;

use customer_entry::{
    FormProblem, HandOverError, LandingError, NotBegun, SignInError, SigningUnavailable,
};
use function_runtime::{Failure, Rejection};
use http::StatusCode;
use marketplace::ProcurementAccountId;
use store::{CommitError, StoreUnavailable};

use crate::decide::Refusal;

/// Why a login has no hand-off.
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
    /// The token, or what it came in, was refused or could not be checked; or the landing is over.
    #[error("admit the customer")]
    Landing(#[from] LandingError),
    /// The form with the chosen order could not be read.
    #[error("read the choice of an order")]
    Form(#[from] FormProblem),
    /// Nobody of this account is let in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The person at the browser could not be asked to sign in, or not be proven.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The store could not be asked.
    #[error("record the login")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the same documents.
    #[error("record the login before others changed it")]
    Contended,
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
            Self::Refused(refusal) => refused(*refusal),
            Self::Store(_) | Self::Contended => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "store-unavailable",
                "We cannot sign you in at this moment. Please reload this page in a moment.",
            )
            .with_retry_after(Duration::from_secs(5)),
            Self::HandOff(_) => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "hand-off-unavailable",
                "You are verified, but we cannot sign you in at this moment. Please reload this \
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

fn refused(refusal: Refusal) -> Rejection {
    match refusal {
        Refusal::Rejected => Rejection::forbidden(
            "account-rejected",
            "This account cannot be used here. Please contact us and we will sort it out.",
        ),
        Refusal::Deleted => Rejection::forbidden(
            "account-deleted",
            "This account was closed. To come back, choose a plan on the product's page in \
                 Google Cloud Marketplace and press the register button there.",
        ),
        Refusal::NotRegistered => Rejection::forbidden(
            "not-registered",
            "Your company is not registered with us yet. Open the product's page in Google \
                 Cloud Marketplace, choose a plan if you have none, and press the register button \
                 there.",
        ),
        Refusal::UnderWay => Rejection::forbidden(
            "approval-under-way",
            "Your company's account is being set up with Google; please try again in a few \
                 minutes. If nobody has registered yet, open the product's page in Google Cloud \
                 Marketplace and press the register button there.",
        ),
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
