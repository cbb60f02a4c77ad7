//! What the application is answered when there is no link for it. The README has the table.

use callers::CallerError;
use function_runtime::{Failure, Rejection};
use marketplace::service_account_page::InvalidPage;
use service_accounts::ServiceAccountError;
use store::{CommitError, StoreUnavailable};
use verification::VerificationError;

use crate::body::MalformedBody;
use crate::customer::NoAccess;
use crate::problem_texts::{self, SOON};

/// Why a request has no link, and for whose account.
pub type Error = function_runtime::Error<LinkFault>;

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum LinkFault {
    /// There is nothing at this path.
    #[error("there is nothing at this path")]
    NotFound,
    /// The path does not answer to this method.
    #[error("the path does not answer to this method")]
    Method,
    /// Who calls was refused, or could not be checked.
    #[error("the caller was not admitted")]
    Caller(#[from] CallerError),
    /// The body is not the documented one.
    #[error("the body is not the documented one")]
    Body(#[from] MalformedBody),
    /// A parameter may not stand in the page's address.
    #[error("a parameter may not stand in the address of Google's page")]
    Page(#[from] InvalidPage),
    /// The customer may not have a link.
    #[error("this customer gets no link")]
    NoAccess(#[from] NoAccess),
    /// Somebody has disabled the service account, and it was not Portico.
    #[error("somebody has disabled the service account")]
    Disabled,
    /// Somebody has deleted the service account.
    #[error("somebody has deleted the service account")]
    Deleted,
    /// Somebody has deleted the service account and made another one at its address.
    #[error("the unique id of the service account is not the stored one")]
    Replaced,
    /// There is a service account at this customer's address that was not made for this customer.
    #[error("the description of the service account does not name this customer")]
    NotOurs,
    /// The service account was made a moment ago, and Google does not know it everywhere yet.
    #[error("Google does not know the new service account everywhere yet")]
    NotKnownYet,
    /// Another request is making the service account, or was cut off before it could store it.
    #[error("the service account exists, and Google cannot show it yet")]
    BeingMade,
    /// What is configured or stored makes no address.
    #[error("the address of the service account cannot be read")]
    Unreadable,
    /// Google refused us, or could not be asked.
    #[error("the service account cannot be provided")]
    ServiceAccount(#[from] ServiceAccountError),
    /// The store could not be asked.
    #[error("the customer cannot be looked up")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the account.
    #[error("others kept changing the account")]
    Contended,
}

impl store::Contended for LinkFault {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Contended)
    }
}

impl From<CommitError> for LinkFault {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Contended,
            CommitError::Unavailable(error) => error.into(),
        }
    }
}

impl Failure for LinkFault {
    fn rejection(&self) -> Rejection {
        match self {
            LinkFault::NotFound => Rejection::not_found(),
            LinkFault::Method => Rejection::method_not_allowed("POST"),
            LinkFault::Caller(CallerError::Token(VerificationError::Unavailable(_))) => {
                Rejection::unavailable("keys-unavailable", SOON).logged_apart()
            }
            LinkFault::Caller(_) => Rejection::unauthorized(
                "not-authenticated",
                "Send a Google identity token of a configured caller, with the configured audience, \
                 as `Authorization: Bearer`.",
            ),
            LinkFault::Body(_) => Rejection::bad_request(
                "body-malformed",
                "The body must be one JSON object with `account` and `user` (identifiers as text), and \
                 nothing else but `single` (true or false), `hints` and `filter` (lists of text) and \
                 `redirect` (text), each at most once and not null.",
            ),
            LinkFault::Page(error) => problem_texts::invalid_page(*error),
            LinkFault::NoAccess(reason) => problem_texts::no_access(*reason),
            LinkFault::Disabled => problem_texts::DISABLED,
            LinkFault::Deleted => problem_texts::DELETED,
            LinkFault::Replaced => problem_texts::REPLACED,
            LinkFault::NotOurs => problem_texts::NOT_OURS,
            LinkFault::NotKnownYet | LinkFault::BeingMade => {
                Rejection::unavailable("service-account-not-known-yet", SOON)
            }
            LinkFault::Unreadable => Rejection::internal(),
            LinkFault::ServiceAccount(error) => problem_texts::of_service_account(error),
            LinkFault::Store(_) => Rejection::unavailable("store-unavailable", SOON),
            LinkFault::Contended => Rejection::unavailable("store-contended", SOON),
        }
    }
}
