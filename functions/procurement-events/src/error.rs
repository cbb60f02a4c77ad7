//! Which answer Pub/Sub and the scheduler get.
//!
//! Pub/Sub takes 204 as the acknowledgement and delivers a message again after any other answer, with growing pauses.
//! So 204 means that the effect is stored, or that another delivery would have the same result.
//!
//! | what happened | answer | what follows |
//! |---|---|---|
//! | stored; or the same is stored already; or it waits for the customer or the operator | 204 | acknowledged |
//! | delivered before, and stored then | 204 | acknowledged |
//! | of a product that this deployment does not serve | 204 | acknowledged, with a receipt |
//! | of a type that is not documented, or none, with the id of an account or order | 204 or 503 | followed like any other, but never as a deletion; warned of |
//! | malformed: no envelope, no data, not base64, not JSON, no resource, not an id | 204 | kept in bounded form, warned of |
//! | of a type that is not documented, without any usable id | 204 | kept in bounded form, warned of |
//! | Google describes the resource in a way that is not documented, such as an order of no account | 204 | kept in bounded form, warned of; reconciliation follows it once Google has repaired it |
//! | Google does not find it, and the event says that it was deleted after the last sign-up or change | 204 | closed, or nothing to close |
//! | Google does not find it, for less than 15 minutes, and no such event says that it was deleted | 503 | delivered again |
//! | Google does not find it, for 15 minutes or longer | 204 | nothing is closed: reconciliation decides about it |
//! | Google refuses an approval for which the order still waits | 204 | warned of; reconciliation tries again |
//! | no identity token, or one that is refused | 401 | delivered again, dead-lettered in the end |
//! | the token could not be checked, because Google's keys could not be fetched | 503 | delivered again |
//! | the store belongs to another provider than `PROCUREMENT_PROVIDER` | 503 | error; delivered again until an operator has decided: `operator doctor` says what to do |
//! | Google's answer is older than the event announces | 503 | delivered again |
//! | Google: 400 or 409 to a read, 403, 429, 5xx, no answer | 503 | delivered again; dead-lettered in the end |
//! | the store: down or contended | 503 | delivered again |
//! | the account could not be approved now | 503 | delivered again |
//! | the service account could not be disabled | 503 | delivered again |
//! | the news for the application could not be published | 204 | the entry stays in the outbox |
//! | a body of more than 15 MiB, which no push has | 413 | dead-lettered in the end |

use std::time::Duration;

use callers::CallerError;
use function_runtime::{Failure, Rejection};
use lifecycle::SyncError;
use store::{NotOurStore, StoreUnavailable};
use verification::VerificationError;

/// Why a request failed, and whose account it was about.
pub type Error = function_runtime::Error<EventsFault>;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum EventsFault {
    /// There is nothing at this path.
    #[error("there is nothing at this path")]
    NotFound,
    /// The path does not answer to this method, only to these.
    #[error("the path does not take this method")]
    Method(&'static str),
    /// The caller was refused, or could not be checked.
    #[error("the caller was not admitted")]
    Caller(#[from] CallerError),
    /// The store belongs to another provider than `PROCUREMENT_PROVIDER`: nothing is done with it until an operator
    /// has decided.
    #[error(
        "the store belongs to another provider than PROCUREMENT_PROVIDER: `operator doctor` says what to do"
    )]
    OtherProvider,
    /// The account or order could not be brought up to date now.
    #[error("the resource could not be brought up to date")]
    Sync(#[from] SyncError),
    /// The store could not be asked about the message itself, or whose it is.
    #[error("the store did not answer about the message, or whose it is")]
    Store(#[from] StoreUnavailable),
}

impl From<NotOurStore> for EventsFault {
    fn from(error: NotOurStore) -> Self {
        match error {
            NotOurStore::OtherProvider => Self::OtherProvider,
            NotOurStore::Store(error) => Self::Store(error),
        }
    }
}

impl Failure for EventsFault {
    fn rejection(&self) -> Rejection {
        match self {
            EventsFault::NotFound => Rejection::not_found(),
            EventsFault::Method(allow) => Rejection::method_not_allowed(allow),
            EventsFault::Caller(CallerError::Token(VerificationError::Unavailable(_))) => {
                deliver_again("keys-unavailable").logged_apart()
            }
            EventsFault::Caller(_) => Rejection::unauthorized(
                "not-authenticated",
                "This address answers only to the service that was configured for it.",
            ),
            EventsFault::OtherProvider => deliver_again("other-provider"),
            EventsFault::Store(_) => deliver_again("store-unavailable"),
            EventsFault::Sync(error) => deliver_again(match error {
                SyncError::Older => "google-is-behind",
                SyncError::AbsenceUnconfirmed => "absence-unconfirmed",
                SyncError::Unreadable(_) => "unreadable-resource",
                SyncError::Procurement(_) => "google-unavailable",
                SyncError::Approval(_) => "not-approved-yet",
                SyncError::Store(_) => "store-unavailable",
                SyncError::Contended => "store-contended",
                SyncError::ServiceAccount(_) => "service-account-not-disabled",
            }),
        }
    }
}

/// Pub/Sub and the scheduler have pauses of their own; the header `Retry-After` is for people who read logs.
const fn deliver_again(code: &'static str) -> Rejection {
    Rejection::unavailable(code, Duration::from_secs(10))
}
