//! Why a look at a resource has no end yet.

use procurement::ProcurementError;
use store::StoreUnavailable;

use crate::{ApprovalError, PublishError, ServiceAccountError};

/// Why a look at a resource has no end yet. In each case it is to be looked at again: what was
/// stored stays, and what was not done is done then.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// Google answered with something older than what the event announced.
    #[error("read what the event announces: Google's answer is older")]
    Older,
    /// Google does not find the resource, and nothing says that it should be gone.
    #[error("find the resource: its absence waits to be confirmed by reconciliation")]
    AbsenceUnconfirmed,
    /// Google could not be asked, or refused us.
    #[error("ask the Procurement API")]
    Procurement(#[from] ProcurementError),
    /// Something could not be approved.
    #[error("approve")]
    Approval(#[from] ApprovalError),
    /// The store could not be asked.
    #[error("store it")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the same documents.
    #[error("store it before others changed the same documents")]
    Contended,
    /// The customer's service account could not be disabled.
    #[error("end the customer's access")]
    ServiceAccount(#[from] ServiceAccountError),
    /// The outbox could not be looked after.
    #[error("tell the application")]
    Publish(#[from] PublishError),
    /// The request's time is up.
    #[error("finish in time")]
    TimedOut,
}
