//! What a failed call means.

use std::error::Error;

use gcloud_sdk::tonic::{Code, ConnectError, Status};

use super::Repeat;
use crate::{CommitError, StoreUnavailable};

/// The longest text of Firestore's that is carried on, in characters.
const DETAIL: usize = 200;

/// Why a call failed, and what that says about its effect.
pub(super) struct CallFailure {
    class: Class,
    error: StoreUnavailable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A precondition does not hold: nothing was written.
    Precondition,
    /// Other requests used the same documents: nothing was written, and trying again may work.
    Contended,
    /// It was not sent, or turned away unread: nothing was written.
    NotCarriedOut,
    /// Nobody knows whether it was carried out.
    Lost,
    /// It is wrong or forbidden, and will be the next time.
    Refused,
}

impl CallFailure {
    pub(super) fn timed_out() -> Self {
        Self {
            class: Class::Lost,
            error: StoreUnavailable::TimedOut,
        }
    }

    pub(super) fn unreachable(detail: impl Into<String>) -> Self {
        Self {
            class: Class::NotCarriedOut,
            error: StoreUnavailable::Unreachable {
                detail: detail.into(),
            },
        }
    }

    /// Firestore answered what its interface does not allow.
    pub(super) fn unexpected(detail: &str) -> Self {
        Self {
            class: Class::Lost,
            error: StoreUnavailable::Failed {
                code: "Unexpected".to_owned(),
                detail: detail.to_owned(),
            },
        }
    }

    /// Whether a precondition did not hold.
    pub(super) fn is_precondition(&self) -> bool {
        self.class == Class::Precondition
    }

    pub(super) fn may_be_repeated(&self, repeat: Repeat) -> bool {
        match self.class {
            Class::Contended | Class::NotCarriedOut => true,
            Class::Lost => repeat == Repeat::Safe,
            Class::Precondition | Class::Refused => false,
        }
    }
}

impl From<Status> for CallFailure {
    fn from(status: Status) -> Self {
        let class = match status.code() {
            _ if was_not_sent(&status) => Class::NotCarriedOut,
            Code::AlreadyExists | Code::NotFound | Code::FailedPrecondition => Class::Precondition,
            Code::Aborted => Class::Contended,
            Code::ResourceExhausted => Class::NotCarriedOut,
            Code::Unavailable
            | Code::DeadlineExceeded
            | Code::Cancelled
            | Code::Internal
            | Code::Unknown => Class::Lost,
            _ => Class::Refused,
        };
        let error = StoreUnavailable::Failed {
            code: format!("{:?}", status.code()),
            detail: detail_of(&status),
        };
        Self { class, error }
    }
}

impl From<CallFailure> for StoreUnavailable {
    fn from(failure: CallFailure) -> Self {
        failure.error
    }
}

impl From<CallFailure> for CommitError {
    fn from(failure: CallFailure) -> Self {
        match failure.class {
            Class::Precondition | Class::Contended => Self::Conflict,
            Class::NotCarriedOut | Class::Lost | Class::Refused => Self::Unavailable(failure.error),
        }
    }
}

/// What led to the status, outermost first.
fn causes(status: &Status) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(status.source(), |cause| (*cause).source())
}

fn was_not_sent(status: &Status) -> bool {
    causes(status).any(<dyn Error>::is::<ConnectError>)
}

/// The status' message and its innermost cause, unless they may name a document: the names of
/// links hold user identities, and an error goes into the log.
fn detail_of(status: &Status) -> String {
    let cause = causes(status).last().map(ToString::to_string);
    let detail = match cause {
        Some(cause) => format!("{}: {cause}", status.message()),
        None => status.message().to_owned(),
    };
    if detail.contains("/documents") {
        return "(its message names a document)".to_owned();
    }
    detail.chars().take(DETAIL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: Code) -> CallFailure {
        CallFailure::from(Status::new(code, "why"))
    }

    #[test]
    fn only_what_was_not_written_for_another_writer_is_a_conflict() {
        for (code, conflict) in [
            (Code::AlreadyExists, true),
            (Code::NotFound, true),
            (Code::FailedPrecondition, true),
            (Code::Aborted, true),
            (Code::Unavailable, false),
            (Code::DeadlineExceeded, false),
            (Code::PermissionDenied, false),
            (Code::InvalidArgument, false),
        ] {
            let error = CommitError::from(failure(code));
            assert_eq!(matches!(error, CommitError::Conflict), conflict, "{code:?}");
        }
    }

    #[test]
    fn what_may_have_been_written_is_repeated_only_if_that_is_safe() {
        for (code, safe, unsafe_too) in [
            (Code::Aborted, true, true),
            (Code::ResourceExhausted, true, true),
            (Code::Unavailable, true, false),
            (Code::Internal, true, false),
            (Code::AlreadyExists, false, false),
            (Code::PermissionDenied, false, false),
            (Code::InvalidArgument, false, false),
        ] {
            let failure = failure(code);
            assert_eq!(failure.may_be_repeated(Repeat::Safe), safe, "{code:?}");
            let repeated = failure.may_be_repeated(Repeat::IfNotCarriedOut);
            assert_eq!(repeated, unsafe_too, "{code:?}");
        }
    }

    #[test]
    fn firestores_message_is_kept_unless_it_names_a_document() {
        let refused = CallFailure::from(Status::permission_denied("Missing permissions."));
        assert_eq!(
            StoreUnavailable::from(refused).to_string(),
            "the store answered with an error: PermissionDenied: Missing permissions."
        );
        let name = "projects/p/databases/(default)/documents/links/account-1:user-1";
        let named = CallFailure::from(Status::invalid_argument(format!("bad document {name}")));
        assert_eq!(
            StoreUnavailable::from(named).to_string(),
            "the store answered with an error: InvalidArgument: (its message names a document)"
        );
    }
}
