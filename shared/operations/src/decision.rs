//! A decision: what was read for it, what it will do, and how it ended.

use crate::error::OperationError;
use crate::next_step::NextStep;

/// Something that is done once the operator has confirmed it.
pub trait Decision {
    /// Does it, and reads again what came of it.
    fn carry_out(self) -> impl Future<Output = DecisionOutcome> + Send;
}

/// What was read before anything is done. Nothing has been changed at Google so far.
#[derive(Debug)]
pub struct Prepared<D> {
    /// Sentences about what needs no decision.
    pub notes: Vec<String>,
    /// What is to be confirmed, if anything is left to do.
    pub proposal: Option<Proposal<D>>,
}

/// A decision that the operator has yet to confirm.
#[derive(Debug)]
pub struct Proposal<D> {
    /// What is about to be done.
    pub intention: String,
    /// Does it.
    pub decision: D,
}

/// How a decision ended. Some of it may be done although the rest failed.
#[derive(Debug, Default)]
pub struct DecisionOutcome {
    /// What was done, and what Google says now.
    pub sentences: Vec<String>,
    /// What the operator may want to decide next.
    pub next: Vec<NextStep>,
    /// Why it was not done, or not all of it.
    pub error: Option<OperationError>,
}

impl<D> Prepared<D> {
    /// There is nothing to decide, for the reasons in these sentences.
    pub(crate) fn nothing(notes: Vec<String>) -> Self {
        let proposal = None;
        Self { notes, proposal }
    }

    pub(crate) fn proposal(notes: Vec<String>, intention: String, decision: D) -> Self {
        let proposal = Some(Proposal {
            intention,
            decision,
        });
        Self { notes, proposal }
    }
}

impl From<Result<Vec<String>, OperationError>> for DecisionOutcome {
    fn from(result: Result<Vec<String>, OperationError>) -> Self {
        let mut outcome = Self::default();
        match result {
            Ok(sentences) => outcome.sentences = sentences,
            Err(error) => outcome.error = Some(error),
        }
        outcome
    }
}
