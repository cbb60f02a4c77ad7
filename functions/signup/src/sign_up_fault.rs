//! Why a sign-up has no hand-off: what can happen to every customer, and what can happen to a sign-up alone.

use std::time::Duration;

use approval::ApprovalError;
use customer_entry::{EntryFault, HandOffError, LandingError, RefusedAccount};
use function_runtime::{Failure, Rejection};
use http::StatusCode;
use marketplace::ProcurementAccountId;
use store::{CommitError, Contended, StoreUnavailable};

/// Why a sign-up has no hand-off, and to whose account it happened.
pub type Error = function_runtime::Error<SignUpFault>;

/// What kept a customer from being handed off.
#[derive(Debug, thiserror::Error)]
pub enum SignUpFault {
    /// What can happen at login too.
    #[error(transparent)]
    Entry(#[from] customer_entry::Error),
    /// Everything is recorded, but the account could not be approved yet. Link and account, as
    /// `approving`, are stored: the next visit, event or reconciliation finishes it.
    #[error("the account is recorded and not approved yet")]
    NotApprovedYet(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Failure for SignUpFault {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Entry(error) => error.rejection(),
            Self::NotApprovedYet(_) => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "registration-being-completed",
                "Your registration is recorded and is being completed with Google. Please reload \
                 this page in a minute, or come back from the Marketplace later: nothing is lost.",
            )
            .with_retry_after(Duration::from_secs(30)),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::Entry(error) => error.account(),
            Self::NotApprovedYet(_) => None,
        }
    }
}

impl Contended for SignUpFault {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Entry(error) if error.kind.is_contended())
    }
}

impl From<ApprovalError> for SignUpFault {
    fn from(error: ApprovalError) -> Self {
        Self::NotApprovedYet(Box::new(error))
    }
}

impl From<EntryFault> for SignUpFault {
    fn from(fault: EntryFault) -> Self {
        Self::Entry(fault.into())
    }
}

/// By way of [`EntryFault`].
macro_rules! from_entry {
    ($($error:ty),+) => { $(
        impl From<$error> for SignUpFault {
            fn from(error: $error) -> Self {
                EntryFault::from(error).into()
            }
        }
    )+ };
}

from_entry!(
    CommitError,
    HandOffError,
    LandingError,
    RefusedAccount,
    StoreUnavailable
);
