//! Why a customer who comes gets no hand-off, and what their browser gets instead.
//!
//! | what happened | status | what is left behind |
//! |---|---|---|
//! | landing refused or over | see [`LandingError`] | nothing, or a session that expires |
//! | sign-in not finished | see [`SignInFault`] | a session that expires |
//! | the account is refused | see [`RefusedAccount`] | nothing changes |
//! | store unavailable, contended | 503 | nothing, or what a repeat finds and continues |
//! | hand-off unavailable | 503 | the token is not spent: a repeat gets the hand-off |

use function_runtime::{Failure, Rejection};
use marketplace::ProcurementAccountId;
use store::{CommitError, Contended, StoreUnavailable};

use crate::hand_off_signer::HandOffError;
use crate::landing_error::{LandingError, unavailable};
use crate::rejected_account_page::RefusedAccount;
use crate::sign_in::SignInFault;

/// Why a customer has no hand-off, and to whose account it happened.
pub type Error = function_runtime::Error<EntryFault>;

/// What kept a customer from being handed off.
#[derive(Debug, thiserror::Error)]
pub enum EntryFault {
    /// There is nothing at this path.
    #[error("nothing has this path")]
    NotFound,
    /// The path does not answer to this method, only to these.
    #[error("the path does not accept this method")]
    Method(&'static str),
    /// The token, or what it came in, was refused or could not be checked; or the landing is over.
    #[error(transparent)]
    Landing(#[from] LandingError),
    /// Customers of this account are not let in.
    #[error(transparent)]
    Account(#[from] RefusedAccount),
    /// The person could not be asked to sign in, or is not proven.
    #[error("the sign-in with Google is not finished")]
    SignIn(#[from] function_runtime::Error<SignInFault>),
    /// The store could not be asked.
    #[error("the store is not available")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the same documents.
    #[error("other requests kept changing the same documents")]
    Contended,
    /// The hand-off could not be signed.
    #[error("the hand-off was not signed")]
    HandOff(#[from] HandOffError),
    /// There is no randomness.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
}

impl Failure for EntryFault {
    fn rejection(&self) -> Rejection {
        match self {
            Self::NotFound => Rejection::not_found(),
            Self::Method(allow) => Rejection::method_not_allowed(allow),
            Self::Landing(error) => error.rejection(),
            Self::Account(refused) => refused.rejection(),
            Self::SignIn(error) => error.rejection(),
            Self::Store(_) | Self::Contended => unavailable(
                "store-unavailable",
                "We cannot go on at this moment. Please reload this page in a moment.",
            ),
            Self::HandOff(HandOffError::Claims(_)) | Self::Random(_) => Rejection::internal(),
            Self::HandOff(_) => unavailable(
                "hand-off-unavailable",
                "You are verified, but we cannot sign you in at this moment. Please reload this \
                 page, and contact us if that does not help.",
            ),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::SignIn(error) => error.account(),
            _ => None,
        }
    }
}

impl Contended for EntryFault {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Contended)
    }
}

impl From<CommitError> for EntryFault {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Contended,
            CommitError::Unavailable(error) => error.into(),
        }
    }
}
