//! Why a sign-up has no hand-off: what can happen to every customer, and what can happen to a sign-up alone.

use std::time::Duration;

use approval::ApprovalError;
use customer_entry::{EntryFault, HandOffError, LandingError, RefusedAccount};
use function_runtime::{Failure, Rejection};
use http::StatusCode;
use marketplace::ProcurementAccountId;
use store::{CommitError, Contended, NotOurStore, StoreUnavailable};

/// Nothing changes before a person has done something.
const AFTER_A_PERSON: Duration = Duration::from_mins(5);

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
    /// Everything is recorded, and Google neither has the account's approval nor takes it. Only a person can settle
    /// that, here or at Google.
    #[error("the account is recorded, and Google does not take its approval")]
    ApprovalUnclear,
    /// Nothing was stored or approved: what is in the store is another provider's.
    #[error(
        "the store belongs to another provider than PROCUREMENT_PROVIDER: `operator doctor` explains it"
    )]
    OtherProvider,
}

impl Failure for SignUpFault {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Entry(error) => error.rejection(),
            Self::NotApprovedYet(_) => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "registration-being-completed",
                "Your registration is recorded, and not yet completed with Google. Please reload \
                 this page to try again, or come back from the Marketplace later. About once an hour \
                 it is tried without you, too: nothing is lost.",
            )
            .with_retry_after(Duration::from_secs(30)),
            // 403, because neither time nor a reload changes anything.
            Self::ApprovalUnclear => Rejection::forbidden(
                "approval-unclear",
                "Your registration is recorded, but Google does not let us complete it, and waiting \
                 does not change that. We have been notified. Please contact us: nothing is lost, and \
                 once this is settled the register button in the Marketplace brings you in.",
            ),
            Self::OtherProvider => Rejection::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "other-provider",
                "We cannot register anybody until something is repaired on our side, and we have been \
                 notified. Please come back from the Marketplace later, or contact us.",
            )
            .with_retry_after(AFTER_A_PERSON),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::Entry(error) => error.account(),
            Self::NotApprovedYet(_) | Self::ApprovalUnclear | Self::OtherProvider => None,
        }
    }
}

/// Once the sign-up is recorded, what fails is completed later.
pub(crate) fn not_approved_yet(
    error: impl std::error::Error + Send + Sync + 'static,
) -> SignUpFault {
    SignUpFault::NotApprovedYet(Box::new(error))
}

impl Contended for SignUpFault {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Entry(error) if error.kind.is_contended())
    }
}

impl From<ApprovalError> for SignUpFault {
    fn from(error: ApprovalError) -> Self {
        match error {
            ApprovalError::Unclear => Self::ApprovalUnclear,
            error => Self::NotApprovedYet(Box::new(error)),
        }
    }
}

impl From<NotOurStore> for SignUpFault {
    fn from(error: NotOurStore) -> Self {
        match error {
            NotOurStore::OtherProvider => Self::OtherProvider,
            NotOurStore::Store(error) => error.into(),
        }
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
