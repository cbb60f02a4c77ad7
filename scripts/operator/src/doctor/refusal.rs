//! Why Google answers 403, as far as the text of its refusal says.

use google_calls::GoogleError;

/// Why Google refused a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefusalReason {
    /// The API is not enabled in the project that is charged for the call (`SERVICE_DISABLED`).
    ApiDisabled,
    /// The caller may not have calls charged to that project (`USER_PROJECT_DENIED`).
    ProjectDenied,
    /// A person's own credentials, without a project to charge.
    NoQuotaProject,
    /// The access token was made for something else (`ACCESS_TOKEN_SCOPE_INSUFFICIENT`).
    Scope,
    /// It is not there, or the caller may not see it: Google does not say which.
    AbsentOrHidden,
    /// The caller lacks a permission, and Google does not say which.
    Permission,
}

impl RefusalReason {
    /// Reads the text. Source of the texts: Google's documentation of the error reasons of its APIs
    /// (`google.api.ErrorReason`) and of application default credentials.
    pub(super) fn of(error: &GoogleError) -> Self {
        let says = |part: &str| error.message.to_ascii_lowercase().contains(part);
        let is_disabled = error.reason == "SERVICE_DISABLED" || says("it is disabled");
        if is_disabled || says("has not been used in project") {
            Self::ApiDisabled
        } else if says("requires a quota project") {
            Self::NoQuotaProject
        } else if says("required permission to use project") {
            Self::ProjectDenied
        } else if says("insufficient authentication scopes") {
            Self::Scope
        } else if says("may not exist") {
            Self::AbsentOrHidden
        } else {
            Self::Permission
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_read_from_the_text_of_a_refusal() {
        use RefusalReason::{
            AbsentOrHidden, ApiDisabled, NoQuotaProject, Permission, ProjectDenied, Scope,
        };
        let disabled = "Cloud Run Admin API has not been used in project 1 before or it is disabled. \
                        Enable it";
        let quota = "Your application is authenticating by using local Application Default Credentials. \
                     The run.googleapis.com API requires a quota project, which is not set by default.";
        let denied = "Caller does not have required permission to use project vendor-1. Grant the caller \
                      the roles/serviceusage.serviceUsageConsumer role";
        let hidden = "Permission denied on 'locations/europe-west99' (or it may not exist).";
        for (message, refusal) in [
            ("The caller does not have permission", Permission),
            ("", Permission),
            (disabled, ApiDisabled),
            (quota, NoQuotaProject),
            (denied, ProjectDenied),
            (hidden, AbsentOrHidden),
            ("Request had insufficient authentication scopes.", Scope),
        ] {
            let error = GoogleError {
                code: 403,
                status: "PERMISSION_DENIED".to_owned(),
                reason: String::new(),
                message: message.to_owned(),
            };
            assert_eq!(RefusalReason::of(&error), refusal, "{message}");
        }
        let error = GoogleError {
            code: 403,
            status: "PERMISSION_DENIED".to_owned(),
            reason: "SERVICE_DISABLED".to_owned(),
            message: String::new(),
        };
        assert_eq!(RefusalReason::of(&error), ApiDisabled);
    }
}
