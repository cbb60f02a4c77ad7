//! Why a synchronization could not be finished.

use approval::ApprovalError;
use procurement::ProcurementError;
use service_accounts::ServiceAccountError;
use store::{CommitError, Contended, StoreUnavailable};

/// Why a synchronization could not be finished. It has to be repeated in each case: what was stored stays, and what
/// was not done is done then.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Google answered with something older than what the event announced.
    #[error("Google's answer is older than what the event announced")]
    Older,
    /// Google has not found the resource for a short while: the message may only be early.
    #[error("Google did not find the resource, and has not been asked for long")]
    AbsenceUnconfirmed,
    /// Google's answer about the resource is not as documented. No repetition can repair that.
    #[error("Google's answer about the resource is not as documented")]
    Unreadable(#[source] ProcurementError),
    /// Google could not be asked, or refused us.
    #[error("a call of the Procurement API failed")]
    Procurement(#[source] ProcurementError),
    /// An account or an order could not be approved.
    #[error("the approval could not be finished")]
    Approval(#[from] ApprovalError),
    /// The store could not be asked.
    #[error("the store did not answer")]
    Store(#[from] StoreUnavailable),
    /// Others kept changing the same documents.
    #[error("other requests kept changing the same documents")]
    Contended,
    /// The customer's access has ended, but their service account still works.
    #[error("the customer's service account could not be disabled")]
    ServiceAccount(#[from] ServiceAccountError),
}

impl From<ProcurementError> for SyncError {
    fn from(error: ProcurementError) -> Self {
        if error.is_unreadable() {
            Self::Unreadable(error)
        } else {
            Self::Procurement(error)
        }
    }
}

impl From<CommitError> for SyncError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Contended,
            CommitError::Unavailable(error) => Self::Store(error),
        }
    }
}

impl Contended for SyncError {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Contended)
    }
}
