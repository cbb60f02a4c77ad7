//! What can go wrong with a service account.

use std::fmt;

use google_cloud_gax::error::Error;
use google_cloud_gax::error::rpc::StatusDetails;

/// A permission that each call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// To create.
    Create,
    /// To find.
    Get,
    /// To enable.
    Enable,
    /// To disable.
    Disable,
}

/// Why a call had no effect, or its effect is not known.
#[derive(Debug, thiserror::Error)]
pub enum ServiceAccountError {
    /// The client could not be built.
    #[error("the client of the IAM API could not be built")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such account; or it was created a moment ago, and is not known everywhere yet.
    #[error("there is no such service account")]
    NotFound,
    /// There is one with this id already, or another caller is creating it.
    #[error("there is a service account with this id already")]
    AlreadyExists,
    /// A permission is missing, until an operator grants it or turns the API on.
    #[error("the IAM API denied access: {permission} is missing on the project {project}")]
    Forbidden {
        /// What is missing.
        permission: Permission,
        /// Where it is missing.
        project: String,
        /// What Google said.
        #[source]
        source: Box<Error>,
    },
    /// The project cannot hold more accounts, until an operator raises its quota.
    #[error("the project {project} has as many service accounts as its quota allows")]
    Exhausted {
        /// Which project.
        project: String,
        /// What Google said.
        #[source]
        source: Box<Error>,
    },
    /// The API did not answer, or not as documented.
    #[error("the IAM API gave no usable answer")]
    Unavailable(#[source] Box<Error>),
    /// Google's answer lacks what every service account has.
    #[error("the service account that the IAM API returned has no address or no unique id")]
    Unclear,
    /// The request's time ran out.
    #[error("the IAM API did not answer in time")]
    TimedOut,
}

impl Permission {
    /// The permission's name at IAM.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "iam.serviceAccounts.create",
            Self::Get => "iam.serviceAccounts.get",
            Self::Enable => "iam.serviceAccounts.enable",
            Self::Disable => "iam.serviceAccounts.disable",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a refusal of a call in this project means.
pub(crate) fn understood(
    error: Error,
    permission: Permission,
    project: &str,
) -> ServiceAccountError {
    let project = project.to_owned();
    match error.http_status_code() {
        Some(403) => ServiceAccountError::Forbidden {
            permission,
            project,
            source: Box::new(error),
        },
        Some(404) => ServiceAccountError::NotFound,
        // Also `ABORTED`, when two create at once: what is there is to be read again.
        Some(409) if permission == Permission::Create => ServiceAccountError::AlreadyExists,
        Some(429) if permission == Permission::Create && !is_rate_limit(&error) => {
            ServiceAccountError::Exhausted {
                project,
                source: Box::new(error),
            }
        }
        _ => ServiceAccountError::Unavailable(Box::new(error)),
    }
}

/// Both the number of accounts and the number of calls a minute are quotas, and both are 429. Only
/// the latter comes with this reason. Source: <https://docs.cloud.google.com/docs/quotas/troubleshoot>.
fn is_rate_limit(error: &Error) -> bool {
    let details = error.status().map(|status| status.details.iter());
    details.into_iter().flatten().any(|detail| {
        matches!(detail, StatusDetails::ErrorInfo(info) if info.reason == "RATE_LIMIT_EXCEEDED")
    })
}

#[cfg(test)]
mod tests {
    use google_cloud_gax::error::rpc::Status;

    use super::*;

    fn refused(body: &str) -> ServiceAccountError {
        let details: Vec<StatusDetails> = serde_json::from_str(body).unwrap();
        let status = Status::default().set_details(details);
        let error = Error::service_with_http_metadata(status, Some(429), None);
        understood(error, Permission::Create, "vendor-customers")
    }

    #[test]
    fn too_many_calls_are_not_too_many_accounts() {
        let calls = r#"[{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com"}]"#;
        assert!(matches!(
            refused(calls),
            ServiceAccountError::Unavailable(_)
        ));
        for accounts in [
            "[]",
            r#"[{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "OTHER"}]"#,
        ] {
            let refused = refused(accounts);
            assert!(matches!(refused, ServiceAccountError::Exhausted { .. }));
        }
    }
}
