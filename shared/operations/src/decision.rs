//! A decision: what was read for it, what it will do, and how it ended.

use crate::error::OperationError;
use crate::next_step::NextStep;

/// Something that is done once the operator has confirmed it.
pub trait Decision {
    /// What is about to be done, for the operator to confirm.
    fn intention(&self) -> &str;

    /// Does it, and reads again what came of it.
    fn carry_out(self) -> impl Future<Output = DecisionOutcome> + Send;
}

/// What was read before anything is done. Nothing has been changed at Google so far.
#[derive(Debug)]
pub struct Prepared<D> {
    /// Sentences about what needs no decision.
    pub notes: Vec<String>,
    /// What is to be confirmed, if anything is left to do.
    pub decision: Option<D>,
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
    pub(crate) fn new(notes: Vec<String>, decision: Option<D>) -> Self {
        Self { notes, decision }
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
