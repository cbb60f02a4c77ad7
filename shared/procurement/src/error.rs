//! Why a call has no result, by what the caller can do about it.

use std::time::Duration;

use google_calls::{CallError, GoogleError};

use crate::UnusableResource;

/// Why a call of the Procurement API has no result. Google's words in it are for the log, never for a customer.
#[derive(Debug, thiserror::Error)]
pub enum ProcurementError {
    /// The API says that there is no such resource, or no longer.
    #[error("the Procurement API does not know the resource ({0})")]
    NotFound(GoogleError),
    /// The API refuses the call in the resource's present state (400, 409, 412). Read the resource again: most often
    /// another caller has done the same already.
    #[error("the Procurement API refused the call ({0})")]
    Refused(GoogleError),
    /// The API denies access to this service account (401, 403). Only the operator can fix that.
    #[error("the Procurement API denied access; is this service account linked to it? ({0})")]
    Denied(GoogleError),
    /// There is no usable answer. Later there may be one.
    #[error("the Procurement API gave no usable answer")]
    Unavailable(#[from] Unavailable),
}

/// Why there is no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// The call failed on its way, exceeded a limit, or Google has a problem.
    #[error(transparent)]
    Call(CallError),
    /// Google answered with something other than what was asked for.
    #[error(transparent)]
    Resource(#[from] UnusableResource),
    /// A list does not end.
    #[error("a list of the Procurement API did not end")]
    EndlessList,
}

impl ProcurementError {
    /// Whether the call may have taken effect nevertheless. Read the resource before deciding anything, and before
    /// calling again.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Unavailable(Unavailable::Call(error)) => error.may_have_taken_effect(),
            Self::NotFound(_) | Self::Refused(_) | Self::Denied(_) | Self::Unavailable(_) => false,
        }
    }

    /// Whether Google's answer arrived whole and is not as documented. No repetition repairs that: it takes another
    /// version of this program, or Google.
    ///
    /// A resource of another provider is not meant: that is repaired by an operator who corrects the provider id.
    pub fn is_unreadable(&self) -> bool {
        let Self::Unavailable(Unavailable::Resource(why)) = self else {
            return false;
        };
        *why != UnusableResource::OtherProvider
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
            // A 404 that is not in Google's format comes from something between us and Google, and must not be taken
            // for the news that a customer's record is gone.
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

#[cfg(test)]
mod tests {
    use google_calls::Unanswered;

    use super::*;

    fn answered(code: u16) -> ProcurementError {
        let body = br#"{"error":{"status":"X"}}"#;
        ProcurementError::from(CallError::Answered {
            error: GoogleError::parse(code, body),
            retry_after: None,
        })
    }

    #[test]
    fn a_resource_that_is_not_as_documented_is_unreadable() {
        for why in [
            UnusableResource::Name,
            UnusableResource::Account,
            UnusableResource::OtherResource,
            UnusableResource::Fields,
        ] {
            assert!(ProcurementError::from(why).is_unreadable(), "{why:?}");
        }
    }

    #[test]
    fn what_time_or_an_operator_can_mend_is_not_unreadable() {
        let garbage = Unanswered::Malformed { line: 1, column: 1 };
        let others = [
            ProcurementError::from(CallError::from(garbage)),
            ProcurementError::from(Unavailable::EndlessList),
            ProcurementError::from(UnusableResource::OtherProvider),
        ];
        let codes = [400, 401, 403, 404, 409, 412, 418, 429, 500, 503];
        for error in codes.map(answered).into_iter().chain(others) {
            assert!(!error.is_unreadable(), "{error:?}");
        }
    }
}
