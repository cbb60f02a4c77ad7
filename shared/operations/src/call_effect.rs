//! Whether a call took effect.

use procurement::ProcurementError;

use crate::error::OperationError;

/// A call that Google accepted, or one that may have taken effect, which only reading again shows.
pub(crate) struct CallEffect(Option<ProcurementError>);

impl CallEffect {
    /// A refusal may mean that somebody else was faster, and without an answer the call may have
    /// taken effect: Google knows which. Every other failure is final.
    pub(crate) fn of(result: Result<(), ProcurementError>) -> Result<Self, ProcurementError> {
        match result {
            Ok(()) => Ok(Self(None)),
            Err(error @ ProcurementError::Refused(_)) => Ok(Self(Some(error))),
            Err(error) if error.may_have_taken_effect() => Ok(Self(Some(error))),
            Err(error) => Err(error),
        }
    }

    /// Whether Google accepted the call.
    pub(crate) fn was_accepted(&self) -> bool {
        self.0.is_none()
    }

    /// Whether Google refused the call in the resource's present state.
    pub(crate) fn was_refused(&self) -> bool {
        matches!(self.0, Some(ProcurementError::Refused(_)))
    }

    /// The error if Google does not show the effect; `seen` says what it shows.
    pub(crate) fn missing(self, seen: String) -> OperationError {
        self.0
            .map_or(OperationError::NoEffect(seen), OperationError::from)
    }
}
