//! The line of the journal about a decision that Google carries out: written before Google is asked, and followed by
//! another one once it is known what came of it.

use crate::call_effect::CallEffect;
use crate::decision::DecisionOutcome;
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::Operations;

/// The line, and what was written of Google's answer.
pub(crate) struct AskedLine<'a> {
    operations: &'a Operations,
    asked: Note,
    /// Whether it is known what came of it.
    is_answered: bool,
    /// Why that could not be written. It must not hide what Google said.
    unwritten: Option<OperationError>,
}

impl<'a> AskedLine<'a> {
    /// Nothing is written yet.
    pub(crate) fn of(operations: &'a Operations, line: Note) -> Self {
        Self {
            operations,
            asked: line.asked(),
            is_answered: false,
            unwritten: None,
        }
    }

    /// The first line. It is written before Google is asked: whatever is cut off after Google took the call, it is
    /// known who asked for it.
    pub(crate) const fn note(&self) -> &Note {
        &self.asked
    }

    /// Writes the first line in a commit of its own.
    pub(crate) async fn write(&self) -> Result<(), OperationError> {
        self.operations.write_line(&self.asked).await
    }

    /// Writes what Google's answer says; nothing if that was lost.
    pub(crate) async fn answered(&mut self, effect: &CallEffect) {
        if effect.was_accepted() {
            self.taken().await;
        } else if effect.was_refused() {
            self.not_taken().await;
        }
    }

    /// Writes that Google took it, unless it is known already what came of it.
    pub(crate) async fn taken(&mut self) {
        let outcome = self.asked.taken(self.operations.clock.stored_now());
        self.write_outcome(&outcome).await;
    }

    /// Writes that Google did not take it, unless it is known already what came of it.
    pub(crate) async fn not_taken(&mut self) {
        let outcome = self.asked.not_taken(self.operations.clock.stored_now());
        self.write_outcome(&outcome).await;
    }

    /// How the decision ended, also if the journal could not be written.
    pub(crate) fn end(self, outcome: DecisionOutcome) -> DecisionOutcome {
        match self.unwritten {
            Some(error) => with_unwritten(outcome, error),
            None => outcome,
        }
    }

    async fn write_outcome(&mut self, outcome: &Note) {
        if self.is_answered {
            return;
        }
        self.is_answered = true;
        self.unwritten = self.operations.write_line(outcome).await.err();
    }
}

/// Why Google did not do it matters more than why that could not be written.
fn with_unwritten(mut outcome: DecisionOutcome, error: OperationError) -> DecisionOutcome {
    let says = "What came of it could not be written to the journal, where the decision keeps the outcome `asked`.";
    outcome.sentences.push(says.to_owned());
    outcome.error = outcome.error.or(Some(error));
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwritten() -> OperationError {
        OperationError::Overtaken("unwritten".to_owned())
    }

    #[test]
    fn what_google_said_stands_before_what_could_not_be_written() {
        let said = DecisionOutcome::from(Ok(vec!["Google says: done.".to_owned()]));
        let ended = with_unwritten(said, unwritten());
        assert_eq!(ended.sentences.len(), 2);
        assert_eq!(ended.sentences[0], "Google says: done.");
        assert!(matches!(ended.error, Some(OperationError::Overtaken(_))));
    }

    #[test]
    fn a_failure_of_google_is_not_replaced_by_one_of_the_journal() {
        let refused = OperationError::NoEffect("refused".to_owned());
        let failed = DecisionOutcome::from(Err::<Vec<String>, _>(refused));
        let ended = with_unwritten(failed, unwritten());
        assert_eq!(ended.sentences.len(), 1);
        assert!(matches!(ended.error, Some(OperationError::NoEffect(_))));
    }
}
