//! Why Google says 403: some reasons are told by the text of the refusal.

use google_calls::GoogleError;

/// What can be told of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The API is not enabled in the project that is charged for the call (`SERVICE_DISABLED`).
    ApiDisabled,
    /// The caller may not have calls charged to that project (`USER_PROJECT_DENIED`).
    ProjectDenied,
    /// A person's own credentials, without a project to charge.
    NoQuotaProject,
    /// The access token was made for something else (`ACCESS_TOKEN_SCOPE_INSUFFICIENT`).
    Scope,
    /// The caller is not let in, and Google does not say why.
    Permission,
}

impl Refusal {
    /// Reads the text. Source of the texts: Google's documentation of the error reasons of its APIs
    /// (`google.api.ErrorReason`) and of application default credentials.
    pub(super) fn of(error: &GoogleError) -> Self {
        let says = |part: &str| error.message.to_ascii_lowercase().contains(part);
        if says("has not been used in project") || says("it is disabled") {
            Self::ApiDisabled
        } else if says("requires a quota project") {
            Self::NoQuotaProject
        } else if says("required permission to use project") {
            Self::ProjectDenied
        } else if says("insufficient authentication scopes") {
            Self::Scope
        } else {
            Self::Permission
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_refusal_tells_why() {
        for (text, refusal) in [
            ("The caller does not have permission", Refusal::Permission),
            ("", Refusal::Permission),
            (
                "Cloud Run Admin API has not been used in project 1 before or it is disabled. Enable it",
                Refusal::ApiDisabled,
            ),
            (
                "Your application is authenticating by using local Application Default Credentials. \
                 The run.googleapis.com API requires a quota project, which is not set by default.",
                Refusal::NoQuotaProject,
            ),
            (
                "Caller does not have required permission to use project vendor-1. Grant the caller \
                 the roles/serviceusage.serviceUsageConsumer role",
                Refusal::ProjectDenied,
            ),
            (
                "Request had insufficient authentication scopes.",
                Refusal::Scope,
            ),
        ] {
            let error = GoogleError {
                code: 403,
                status: "PERMISSION_DENIED".to_owned(),
                reason: String::new(),
                message: text.to_owned(),
            };
            assert_eq!(Refusal::of(&error), refusal, "{text}");
        }
    }
}
