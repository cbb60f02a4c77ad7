//! What callers are told when there is no answer for them.

use std::time::Duration;

use callers::CallerError;
use function_runtime::{Failure, Rejection};
use http::StatusCode;
use store::StoreUnavailable;
use verification::VerificationError;

use crate::body::InvalidBody;

/// After how long trying again makes sense.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// Why a request has not been answered as was asked.
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
    /// The body is no list of records.
    #[error("understand the request")]
    Body(#[from] InvalidBody),
    /// The store could not be asked how far reporting has come.
    #[error("go on with reporting")]
    Store(#[from] StoreUnavailable),
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
                "Send a Google identity token of the identity that is configured for this address, \
                 with the configured audience, as `Authorization: Bearer`.",
            ),
            Kind::Body(InvalidBody::Malformed { .. }) => Rejection::bad_request(
                "body-malformed",
                "The body must be one JSON object with one member, `records`, a list.",
            ),
            Kind::Body(InvalidBody::TooMany) => Rejection::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-many-records",
                "A request may have 10,000 records.",
            ),
            Kind::Store(_) => Rejection::unavailable("store-unavailable", SOON),
        }
    }
}
