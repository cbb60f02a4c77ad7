//! Why a command failed, and how that is shown.

use std::io;

use function_runtime::start::EXIT_USAGE;
use function_runtime::variables::FIRESTORE_EMULATOR_HOST;
use function_runtime::{Env, Problems};
use marketplace::ErrorChain;
use operations::OperationError;
use store::{CommitError, StoreUnavailable};

use crate::advice;

/// Something that is needed was not there: `EX_UNAVAILABLE` of `sysexits.h`.
const EXIT_UNAVAILABLE: u8 = 69;

#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("the configuration is not complete")]
    Configuration(#[from] Problems),
    #[error("the program could not be started")]
    Runtime(#[source] io::Error),
    #[error("nothing was done: there is no terminal to ask at; add --yes if that is what you want")]
    NoTerminal,
    #[error("nothing was done")]
    Declined,
    /// The credentials name no person, and nobody has given a name.
    #[error(
        "nothing was done: the credentials name no person, and the journal records who decides; add --as NAME"
    )]
    Nobody,
    /// Arguments that do not go together.
    #[error("{0}")]
    Arguments(&'static str),
    #[error(transparent)]
    Operation(#[from] OperationError),
    #[error("Terraform's outputs could not be read")]
    OutputsUnreadable(#[source] io::Error),
    #[error(
        "Terraform's outputs must be what `terraform output -json` writes; these are not (line \
         {line}, column {column})"
    )]
    OutputsMalformed { line: usize, column: usize },
    #[error("the file could not be read")]
    FileUnreadable(#[source] io::Error),
    /// So many documents cannot be read.
    #[error(
        "the export is not complete: {0} stored documents cannot be read, and everything else was written"
    )]
    NotAllExported(usize),
    /// What stands in for Google or for its database on this machine is not there; with the variable that leads to it.
    #[error("{0} does not answer at the address in {1}: is it running?")]
    NotRunning(&'static str, &'static str),
    /// The doctor found problems, and could not check other things.
    #[error("{}", found(*.problems, *.unknown))]
    ProblemsFound { problems: usize, unknown: usize },
    /// The doctor found no problem, and could not check this many things.
    #[error("no problem was found, and {0} things could not be checked")]
    Unchecked(usize),
}

impl CommandError {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_)
            | Self::NoTerminal
            | Self::Nobody
            | Self::Arguments(_)
            | Self::OutputsUnreadable(_)
            | Self::OutputsMalformed { .. }
            | Self::FileUnreadable(_) => EXIT_USAGE,
            Self::Unchecked(_) => EXIT_UNAVAILABLE,
            _ => 1,
        }
    }

    /// What failed, why, and what to do. The environment says which variable leads to the store.
    pub(crate) fn report(&self, env: &dyn Env) -> String {
        let error = ErrorChain(self).in_full();
        match self {
            Self::Configuration(problems) => {
                let lines = problems.0.iter();
                let lines = lines.map(|problem| format!("operator: {problem}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::Operation(OperationError::NotApplicable { instead, .. }) => {
                let command = instead.as_ref().map(advice::command);
                let command = command.map_or_else(String::new, |it| format!(": {it}"));
                format!("operator: {error}{command}")
            }
            Self::Operation(OperationError::NoEffect(_)) => format!(
                "operator: {error}; look again in a minute with `operator waiting`, and repeat the \
                 command"
            ),
            Self::Operation(operation)
                if is_no_answer_of_the_store(operation)
                    && env.get(FIRESTORE_EMULATOR_HOST.name).is_some() =>
            {
                format!(
                    "operator: failed: the Firestore emulator gave no usable answer\n{}",
                    advice::EMULATOR
                )
            }
            Self::Operation(operation) if !matches!(operation, OperationError::Overtaken(_)) => {
                format!("operator: failed: {error}\n{}", advice::on(operation))
            }
            Self::OutputsUnreadable(_) | Self::OutputsMalformed { .. } => {
                format!("operator: {error}\n{}", advice::OUTPUTS)
            }
            _ => format!("operator: {error}"),
        }
    }
}

/// What the libraries say of it is of use only where Google's own database is asked.
fn is_no_answer_of_the_store(error: &OperationError) -> bool {
    let (OperationError::Store(cause) | OperationError::Commit(CommitError::Unavailable(cause))) =
        error
    else {
        return false;
    };
    matches!(
        cause,
        StoreUnavailable::TimedOut
            | StoreUnavailable::Unreachable { .. }
            | StoreUnavailable::Failed { .. }
    )
}

fn found(problems: usize, unknown: usize) -> String {
    let problems = match problems {
        1 => "1 problem was found".to_owned(),
        problems => format!("{problems} problems were found"),
    };
    match unknown {
        0 => problems,
        unknown => format!("{problems}, and {unknown} things could not be checked"),
    }
}
