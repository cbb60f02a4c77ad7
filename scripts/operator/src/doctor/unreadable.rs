//! What could not be read, and why.

use google_calls::{CallError, Unsent};

use super::apis::Api;
use super::finding::Finding;
use super::refusal::RefusalReason;
use crate::advice;

/// What was read of something; `None` if there is no such thing.
pub(super) type ReadOption<T> = Result<Option<T>, Unread>;

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unread {
    /// It hangs on one of Terraform's outputs, which was not given.
    NoOutput(&'static str),
    /// It hangs on something that is not there, which another check reports.
    Absent(String),
    /// Google does not let the caller read it.
    Refused {
        host: &'static str,
        why: RefusalReason,
        role: &'static str,
        project: String,
    },
    /// There are no credentials.
    NoCredentials,
    /// Google was not reached, or gave no usable answer.
    NoAnswer { host: &'static str },
}

impl Unread {
    /// What a failed call says about something in this project.
    pub(super) fn of(api: Api, project: &str, error: &CallError) -> Self {
        let Api { host, role } = api;
        match error {
            CallError::Answered { error, .. } if matches!(error.code, 401 | 403) => Self::Refused {
                host,
                why: RefusalReason::of(error),
                role,
                project: project.to_owned(),
            },
            CallError::Unsent(Unsent::Credentials(_)) => Self::NoCredentials,
            _ => Self::NoAnswer { host },
        }
    }

    /// That something, such as `the scheduler's jobs`, could not be read, and what would help.
    pub(super) fn finding(&self, what: &str) -> Finding {
        let (why, fix) = match self {
            Self::NoOutput(output) => (
                format!("Terraform's output {output} is not known"),
                advice::OUTPUTS.to_owned(),
            ),
            Self::Absent(missing) => (
                format!("{missing} could not be read"),
                "see what is reported about it".to_owned(),
            ),
            Self::Refused {
                host,
                why,
                role,
                project,
            } => refused(Api { host, role }, *why, project),
            Self::NoCredentials => (
                "there are no credentials to act with".to_owned(),
                "gcloud auth application-default login".to_owned(),
            ),
            Self::NoAnswer { host } => (
                format!("{host} gave no usable answer"),
                "look again later; does this machine reach Google?".to_owned(),
            ),
        };
        Finding::unknown(format!("{what}: {why}"), fix)
    }
}

/// What was found, or that it could not be read.
pub(super) fn or_unread(found: Result<Vec<Finding>, Unread>, what: &str) -> Vec<Finding> {
    found.unwrap_or_else(|unread| vec![unread.finding(what)])
}

fn refused(api: Api, why: RefusalReason, project: &str) -> (String, String) {
    let Api { host, role } = api;
    match why {
        RefusalReason::ApiDisabled => (
            format!("the API {host} is not enabled"),
            format!("gcloud services enable {host} --project={project}"),
        ),
        RefusalReason::NoQuotaProject => (
            "your own credentials name no project that is charged".to_owned(),
            format!("gcloud auth application-default set-quota-project {project}"),
        ),
        RefusalReason::ProjectDenied => (
            "you may not have calls charged to the project".to_owned(),
            grant(project, "roles/serviceusage.serviceUsageConsumer"),
        ),
        RefusalReason::Scope => (
            "your credentials were made for something else".to_owned(),
            "gcloud auth application-default login".to_owned(),
        ),
        RefusalReason::AbsentOrHidden => (
            format!("it is not there, or you may not see it, for which {role} is enough"),
            grant(project, role),
        ),
        RefusalReason::Permission => (
            format!("you lack the role {role}, or another that has its permissions"),
            grant(project, role),
        ),
    }
}

fn grant(project: &str, role: &str) -> String {
    format!("gcloud projects add-iam-policy-binding {project} --member=user:YOU --role={role}")
}

#[cfg(test)]
mod tests {
    use google_calls::GoogleError;

    use super::super::apis::RUN;
    use super::*;

    #[test]
    fn a_refusal_says_what_would_let_the_caller_in() {
        let read = |code, message: &str| {
            let error = CallError::Answered {
                error: GoogleError {
                    code,
                    status: "X".to_owned(),
                    reason: String::new(),
                    message: message.to_owned(),
                },
                retry_after: None,
            };
            match Unread::of(RUN, "vendor", &error).finding("the service") {
                Finding::Unknown(advice) => (advice.cause, advice.fix),
                other => panic!("{other:?}"),
            }
        };
        let (cause, fix) = read(403, "The caller does not have permission");
        assert!(cause.contains("roles/run.viewer") && fix.contains("--role=roles/run.viewer"));
        let (cause, fix) = read(403, "API has not been used in project 1 before");
        assert!(cause.contains("not enabled"), "{cause}");
        assert_eq!(
            fix,
            "gcloud services enable run.googleapis.com --project=vendor"
        );
        assert!(read(503, "").0.contains("no usable answer"));
    }
}
