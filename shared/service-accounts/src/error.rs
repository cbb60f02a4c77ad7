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

/// Why nothing is known of a call's effect, or that it had none.
#[derive(Debug, thiserror::Error)]
pub enum ServiceAccountError {
    /// The client could not be built.
    #[error("build the client of the IAM API")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such account; or it was made a moment ago, and is not known everywhere yet.
    #[error("find the service account")]
    NotFound,
    /// There is one with this id already, or somebody is making it.
    #[error("create the service account: there is one with this id")]
    AlreadyExists,
    /// We may not. It stays so until an operator grants the permission, or turns the API on.
    #[error("use the IAM API: {permission} is missing on the project {project}")]
    Forbidden {
        /// What is missing.
        permission: Permission,
        /// Where it is missing.
        project: String,
        /// What Google said.
        #[source]
        source: Box<Error>,
    },
    /// The project holds no more accounts. It stays so until an operator raises its quota.
    #[error("create the service account: the project {project} holds no more")]
    Exhausted {
        /// The project.
        project: String,
        /// What Google said.
        #[source]
        source: Box<Error>,
    },
    /// The API did not answer, or in another way than it should.
    #[error("call the IAM API")]
    Unavailable(#[source] Box<Error>),
    /// Google's answer lacks what every service account has.
    #[error("understand the IAM API: its answer has no address or no unique id")]
    Unclear,
    /// The request's time is up.
    #[error("call the IAM API in time")]
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
