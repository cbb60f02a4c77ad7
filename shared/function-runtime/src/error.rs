//! The error of a request.

use std::error;
use std::fmt;

use marketplace::ProcurementAccountId;

use crate::{Failure, Rejection};

/// Why a request was not answered as it asked: what happened, and to whose account once that is verified.
///
/// Each function has its own kinds. As an error it is its kind, with the kind's message and causes.
#[derive(Debug)]
pub struct Error<K> {
    /// What happened.
    pub kind: K,
    /// Whose account it happened to.
    pub account: Option<ProcurementAccountId>,
}

impl<K: fmt::Display> fmt::Display for Error<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl<K: error::Error> error::Error for Error<K> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.kind.source()
    }
}

impl<K: Failure> Failure for Error<K> {
    fn rejection(&self) -> Rejection {
        self.kind.rejection()
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        self.account.as_ref().or_else(|| self.kind.account())
    }
}

impl<K: Failure> From<K> for Error<K> {
    fn from(kind: K) -> Self {
        Self {
            kind,
            account: None,
        }
    }
}
