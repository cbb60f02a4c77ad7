//! What the application is told when there is no link for it. The README has the table.

use callers::CallerError;
use function_runtime::{Failure, Rejection};
use marketplace::service_account_page::InvalidPage;
use service_accounts::ServiceAccountError;
use store::StoreUnavailable;
use verification::VerificationError;

use crate::body::MalformedBody;
use crate::customer::NoAccess;
use crate::rejections::{self, SOON};

/// Why a request has no link.
pub type Error = function_runtime::Error<Kind>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Kind {
    /// There is nothing at this path.
    #[error("find the path")]
    NotFound,
    /// The path does not answer to this method.
    #[error("answer this method")]
    Method,
    /// Who calls was refused, or could not be checked.
    #[error("admit the caller")]
    Caller(#[from] CallerError),
    /// The body is not the documented one.
    #[error("understand the request")]
    Body(#[from] MalformedBody),
    /// A parameter may not stand in the page's address.
    #[error("write the address")]
    Page(#[from] InvalidPage),
    /// The customer may not have a link.
    #[error("give this customer a link")]
    NoAccess(#[from] NoAccess),
    /// Somebody has disabled the service account, and it was not Portico.
    #[error("use the service account: somebody has disabled it")]
    Disabled,
    /// Somebody has deleted the service account.
    #[error("use the service account: somebody has deleted it")]
    Gone,
    /// Somebody has deleted the service account and made another one at its address.
    #[error("use the service account: its unique id is not the stored one")]
    Replaced,
    /// There is a service account at this customer's address that was not made for this customer.
    #[error("use the service account: its description does not name this customer")]
    NotOurs,
    /// The service account was made a moment ago, and Google does not know it everywhere yet.
    #[error("use the service account: it is not known everywhere yet")]
    NotKnownYet,
    /// What is configured or stored makes no address.
    #[error("read the stored address of the service account")]
    Unreadable,
    /// Google refused us, or could not be asked.
    #[error("provide the service account")]
    ServiceAccount(#[from] ServiceAccountError),
    /// The store could not be asked.
    #[error("look the customer up")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the account.
    #[error("store the service account before others changed its account")]
    Contended,
}

impl Failure for Kind {
    fn rejection(&self) -> Rejection {
        match self {
            Kind::NotFound => Rejection::not_found(),
            Kind::Method => Rejection::method_not_allowed("POST"),
            Kind::Caller(CallerError::Token(VerificationError::Unavailable(_))) => {
                Rejection::unavailable("keys-unavailable", SOON)
            }
            Kind::Caller(_) => Rejection::unauthorized(
                "not-authenticated",
                "Send a Google identity token of a configured caller, with the configured audience, \
                 as `Authorization: Bearer`.",
            ),
            Kind::Body(_) => Rejection::bad_request(
                "body-malformed",
                "The body must be one JSON object with `account` and `user` (identifiers as text), and \
                 nothing else but `single` (true or false), `hints` and `filter` (lists of text) and \
                 `redirect` (text), each at most once and not null.",
            ),
            Kind::Page(error) => rejections::invalid_page(*error),
            Kind::NoAccess(reason) => rejections::no_access(*reason),
            Kind::Disabled => rejections::DISABLED,
            Kind::Gone => rejections::GONE,
            Kind::Replaced => rejections::REPLACED,
            Kind::NotOurs => rejections::NOT_OURS,
            Kind::NotKnownYet => Rejection::unavailable("service-account-not-known-yet", SOON),
            Kind::Unreadable => Rejection::internal(),
            Kind::ServiceAccount(error) => rejections::of_service_account(error),
            Kind::Store(_) => Rejection::unavailable("store-unavailable", SOON),
            Kind::Contended => Rejection::unavailable("store-contended", SOON),
        }
    }
}
