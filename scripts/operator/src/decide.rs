//! A decision at the terminal: shown, confirmed, carried out.

use operations::{Decision, NextStep, Prepared, Proposal};

use crate::advice;
use crate::confirmation::Confirmation;
use crate::error::CommandError;
use crate::terminal::say;

/// Shows what was read, and carries out what is left to decide once the operator confirms it.
pub(crate) async fn decide<D: Decision>(
    prepared: Prepared<D>,
    confirmation: Confirmation,
) -> Result<(), CommandError> {
    for note in &prepared.notes {
        say(note);
    }
    let Some(Proposal {
        intention,
        decision,
    }) = prepared.proposal
    else {
        return Ok(());
    };
    confirmation.ask(&intention)?;
    let outcome = decision.carry_out().await;
    for sentence in &outcome.sentences {
        say(sentence);
    }
    for step in &outcome.next {
        let command = advice::command(step);
        say(&match step {
            NextStep::ApproveOrder(_) => format!("If APPROVAL_POLICY is `manual`: {command}"),
            _ => command,
        });
    }
    outcome.error.map_or(Ok(()), |error| Err(error.into()))
}
