//! Why a call has no result.

use std::time::Duration;

use google_calls::{CallError, GoogleError};

use crate::UnusableResource;

/// Why a call of the Procurement API has no result, by what the caller can do about it.
///
/// Everything Google says in it is for the log, never for a customer.
#[derive(Debug, thiserror::Error)]
pub enum ProcurementError {
    /// The API says that there is no such resource, or no longer.
    #[error("find it in the Procurement API ({0})")]
    NotFound(GoogleError),
    /// The API refuses the call in the resource's present state (400, 409, 412). Read the resource
    /// again: most often somebody else has done what was asked.
    #[error("have the Procurement API accept it ({0})")]
    Refused(GoogleError),
    /// The API does not let this service account in (401, 403). Only the operator can cure it.
    #[error("be let in by the Procurement API; is this service account linked to it? ({0})")]
    Denied(GoogleError),
    /// There is no answer that could be used. Later there may be.
    #[error("get an answer from the Procurement API")]
    Unavailable(#[from] Unavailable),
}

/// Why there is no answer that could be used.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// The call failed on its way, was turned away by a limit, or Google is in trouble.
    #[error(transparent)]
    Call(CallError),
    /// Google answered with something that is not what was asked for.
    #[error(transparent)]
    Resource(#[from] UnusableResource),
    /// A list does not come to an end.
    #[error("come to the end of a list")]
    EndlessList,
}

impl ProcurementError {
    /// Whether the call may have taken effect all the same. Read the resource before deciding
    /// anything, and before calling again.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Unavailable(Unavailable::Call(error)) => error.may_have_taken_effect(),
            Self::NotFound(_) | Self::Refused(_) | Self::Denied(_) | Self::Unavailable(_) => false,
        }
    }

    /// The wait that Google asked for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(Unavailable::Call(CallError::Answered { retry_after, .. })) => {
                *retry_after
            }
            _ => None,
        }
    }
}

impl From<CallError> for ProcurementError {
    fn from(error: CallError) -> Self {
        let CallError::Answered { error: said, .. } = &error else {
            return Unavailable::Call(error).into();
        };
        match said.code {
            // A 404 that is not in Google's format comes from something on the way, and must not
            // pass for the news that a customer's record is gone.
            404 if said.is_googles() => Self::NotFound(said.clone()),
            400 | 409 | 412 => Self::Refused(said.clone()),
            401 | 403 => Self::Denied(said.clone()),
            _ => Unavailable::Call(error).into(),
        }
    }
}

impl From<UnusableResource> for ProcurementError {
    fn from(error: UnusableResource) -> Self {
        Unavailable::Resource(error).into()
    }
}
