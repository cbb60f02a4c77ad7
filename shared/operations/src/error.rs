//! Why an operation was not done.

use std::io;

use google_calls::CallError;
use procurement::ProcurementError;
use store::{CommitError, Contended, StoreUnavailable};

use crate::next_step::NextStep;

/// Why an operation was not done, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// What was asked for does not fit what Google or the store says.
    #[error("nothing was done: {reason}")]
    NotApplicable {
        /// Why it does not fit.
        reason: String,
        /// What can be done instead.
        instead: Option<NextStep>,
    },
    /// Google accepted the call, and does not show its effect when it is read again.
    #[error("{0}")]
    NoEffect(String),
    /// Somebody else changed first what the operator was asked about.
    #[error("{0}")]
    Overtaken(String),
    /// Pub/Sub confirmed fewer messages than were published.
    #[error(
        "Pub/Sub did not say that it has all messages; none of the last batch was removed from \
         the subscription"
    )]
    NotPublished,
    /// Google's list refers back to a page that was read already.
    #[error("Google's list did not come to an end")]
    EndlessList,
    /// The CSV could not be written to where it should go.
    #[error("the CSV could not be written")]
    NotWritten(#[from] io::Error),
    /// Rows of the ledger cannot be read, so that a list that should be complete is not.
    #[error("{0} operations of the ledger cannot be read, and are not in the list")]
    RowsLeftOut(usize),
    /// The export could not be written to where it should go.
    #[error("the export could not be written")]
    ExportNotWritten(#[source] io::Error),
    /// A call of the Procurement API failed.
    #[error(transparent)]
    Procurement(#[from] ProcurementError),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreUnavailable),
    /// The store could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A call of Pub/Sub failed.
    #[error(transparent)]
    PubSub(#[from] CallError),
}

impl OperationError {
    pub(crate) fn not_applicable(reason: impl Into<String>) -> Self {
        Self::NotApplicable {
            reason: reason.into(),
            instead: None,
        }
    }

    pub(crate) fn instead(reason: impl Into<String>, step: NextStep) -> Self {
        Self::NotApplicable {
            reason: reason.into(),
            instead: Some(step),
        }
    }
}

impl Contended for OperationError {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Commit(error) if error.is_contended())
    }
}
