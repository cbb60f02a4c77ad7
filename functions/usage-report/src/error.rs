//! The errors of this function, and how each is answered.

use std::time::Duration;

use callers::CallerError;
use function_runtime::{Failure, Rejection};
use http::StatusCode;
use store::{NotOurStore, StoreUnavailable};
use verification::VerificationError;

use crate::recording::InvalidBody;

/// After how long trying again makes sense.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// Why a request failed.
pub type Error = function_runtime::Error<UsageFault>;

/// What went wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum UsageFault {
    /// There is nothing at this path.
    #[error("there is nothing at this path")]
    NotFound,
    /// The path does not answer to this method.
    #[error("this path does not answer to this method")]
    Method,
    /// The caller was refused, or could not be verified.
    #[error("the caller was not admitted")]
    Caller(#[from] CallerError),
    /// The body is not a list of records.
    #[error("the request is malformed")]
    Body(#[from] InvalidBody),
    /// The store did not answer how far reporting has come.
    #[error("usage could not be reported now")]
    Store(#[from] StoreUnavailable),
    /// The store belongs to another provider, or did not answer whose it is.
    #[error("nothing is done with this store")]
    NotOurStore(#[from] NotOurStore),
}

impl Failure for UsageFault {
    fn rejection(&self) -> Rejection {
        match self {
            UsageFault::NotFound => Rejection::not_found(),
            UsageFault::Method => Rejection::method_not_allowed("POST"),
            UsageFault::Caller(CallerError::Token(VerificationError::Unavailable(_))) => {
                Rejection::unavailable("keys-unavailable", SOON).logged_apart()
            }
            UsageFault::Caller(_) => Rejection::unauthorized(
                "not-authenticated",
                "Send a Google identity token of an identity that may call this address, with the \
                 configured audience, as `Authorization: Bearer`.",
            ),
            UsageFault::Body(InvalidBody::Malformed { .. }) => Rejection::bad_request(
                "body-malformed",
                "The body must be one JSON object with one member, `records`, a list.",
            ),
            UsageFault::Body(InvalidBody::TooMany) => Rejection::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-many-records",
                "A request may have at most 10,000 records.",
            ),
            UsageFault::NotOurStore(NotOurStore::OtherProvider) => {
                Rejection::unavailable("other-provider", SOON)
            }
            UsageFault::Store(_) | UsageFault::NotOurStore(NotOurStore::Store(_)) => {
                Rejection::unavailable("store-unavailable", SOON)
            }
        }
    }
}
