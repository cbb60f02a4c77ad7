//! Why something was not done, and what the operator can do about it.

use std::error::Error;
use std::io;

use function_runtime::Problems;
use function_runtime::start::EXIT_USAGE;
use google_calls::{CallError, GoogleError, Unsent};
use procurement::{ProcurementError, Unavailable};
use store::{CommitError, StoreUnavailable};

use crate::doctor::OutputsUnusable;

/// Something that is needed was not there: `EX_UNAVAILABLE` of `sysexits.h`.
const EXIT_UNAVAILABLE: u8 = 69;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the configuration is not complete")]
    Configuration(#[from] Problems),
    #[error("start")]
    Runtime(#[source] io::Error),
    /// There is no terminal to ask at, and no `--yes`.
    #[error("nothing was done: there is no terminal to ask at; add --yes if that is what you want")]
    NobodyToAsk,
    #[error("nothing was done")]
    Declined,
    /// What was asked for does not fit what Google says; with what to do instead.
    #[error("nothing was done: {0}")]
    Unfit(String),
    /// Google took the call, and says otherwise when read again.
    #[error("{0}; look again in a minute with `operator waiting`, and repeat the command")]
    NotSeen(String),
    /// Somebody else was first, and the operator was asked about something else than there is now.
    #[error("{0}")]
    Overtaken(String),
    /// Arguments that do not go together.
    #[error("{0}")]
    Arguments(&'static str),
    #[error("write to the standard output")]
    Output(#[from] io::Error),
    #[error(transparent)]
    Procurement(#[from] ProcurementError),
    #[error(transparent)]
    Store(#[from] StoreUnavailable),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    PubSub(#[from] CallError),
    #[error(transparent)]
    Outputs(OutputsUnusable),
    /// The doctor found problems, and did not know of other things.
    #[error("{}", found(*.problems, *.unknown))]
    Ill { problems: usize, unknown: usize },
    /// The doctor found no problem, and did not know of this many things.
    #[error("no problem was found, and {0} things could not be checked")]
    Unchecked(usize),
    /// A list of Google's goes round in circles.
    #[error("come to the end of Google's list; repeat the command")]
    EndlessList,
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_) | Self::NobodyToAsk | Self::Arguments(_) | Self::Outputs(_) => {
                EXIT_USAGE
            }
            Self::Unchecked(_) => EXIT_UNAVAILABLE,
            _ => 1,
        }
    }

    /// What is shown: what failed, why, and what to do.
    pub(crate) fn report(&self) -> String {
        match self {
            Self::Configuration(problems) => {
                let lines = problems
                    .0
                    .iter()
                    .map(|problem| format!("operator: {problem}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::NobodyToAsk
            | Self::Declined
            | Self::Unfit(_)
            | Self::NotSeen(_)
            | Self::Overtaken(_)
            | Self::Arguments(_)
            | Self::Ill { .. }
            | Self::Unchecked(_) => {
                format!("operator: {self}")
            }
            _ => {
                let advice = self.advice();
                format!("operator: failed to {}\n{advice}", chain(self))
            }
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Procurement(ProcurementError::Denied(_)) => {
                "Google does not let you in: link the service account that you act as to the \
                 Procurement API (Producer Portal → your product → Technical integration), or \
                 act as the one that is linked (gcloud auth application-default login \
                 --impersonate-service-account=…)."
            }
            Self::Procurement(ProcurementError::NotFound(_)) => {
                "Google knows no such resource, or no longer: compare the id with \
                 `operator waiting`, and PROCUREMENT_PROVIDER with Producer Portal."
            }
            Self::Procurement(ProcurementError::Refused(_)) => {
                "Somebody else may have decided meanwhile: look again with `operator waiting`."
            }
            Self::Procurement(ProcurementError::Unavailable(Unavailable::Call(error))) => {
                advice_on_call(error)
            }
            Self::Procurement(ProcurementError::Unavailable(_)) => {
                "Repeat the command later; it begins with what Google says then."
            }
            Self::PubSub(error) => advice_on_call(error),
            Self::Store(_) | Self::Commit(_) => {
                "Check GOOGLE_CLOUD_PROJECT and FIRESTORE_DATABASE, and that you have the role \
                 roles/datastore.user there. Then repeat the command: what Google was told stays."
            }
            Self::Outputs(_) => {
                "terraform -chdir=terraform output -json | operator doctor --outputs -"
            }
            _ => "Repeat the command.",
        }
    }
}

fn advice_on_call(error: &CallError) -> &'static str {
    match error {
        CallError::Answered {
            error: GoogleError {
                code: 401 | 403, ..
            },
            ..
        } => {
            "You need the role roles/pubsub.subscriber on the subscription and \
             roles/pubsub.publisher on the topic."
        }
        CallError::Answered {
            error: GoogleError { code: 404, .. },
            ..
        } => "There is no such subscription or topic: `gcloud pubsub subscriptions list`.",
        CallError::Unsent(Unsent::Credentials(_)) => {
            "There are no credentials to act with: gcloud auth application-default login."
        }
        _ if error.may_have_taken_effect() => {
            "It may have happened all the same: repeat the command, which looks first."
        }
        _ => "Repeat the command later.",
    }
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

/// An error with everything behind it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
