//! Google's way to say no.

use serde_json::json;

/// An error as Google's APIs answer it: `{"error": {"code", "message", "status"}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GoogleError {
    /// HTTP status.
    pub(crate) code: u16,
    /// Name of the canonical code, such as `FAILED_PRECONDITION`.
    pub(crate) status: &'static str,
    /// Text for whoever reads a log.
    pub(crate) message: String,
}

impl GoogleError {
    /// 400: the request is not one that the API knows.
    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    /// 400: the resource is in a state that does not allow this.
    pub(crate) fn failed_precondition() -> Self {
        Self::new(400, "FAILED_PRECONDITION", "Precondition check failed.")
    }

    /// 401: no access token, or one that is not valid.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            401,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
             cookie or other valid authentication credential.",
        )
    }

    /// 403: not for this caller, or not there.
    pub(crate) fn permission_denied() -> Self {
        Self::new(
            403,
            "PERMISSION_DENIED",
            "The caller does not have permission",
        )
    }

    /// 404: no such resource.
    pub(crate) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "Requested entity was not found.")
    }

    /// 404: no such method.
    pub(crate) fn method_not_found() -> Self {
        Self::new(404, "NOT_FOUND", "Method not found.")
    }

    /// 501: documented, but not there yet.
    pub(crate) fn unimplemented() -> Self {
        Self::new(
            501,
            "UNIMPLEMENTED",
            "Operation is not implemented, or supported, or enabled.",
        )
    }

    /// 409: there is one already.
    pub(crate) fn already_exists(message: impl Into<String>) -> Self {
        Self::new(409, "ALREADY_EXISTS", message)
    }

    /// The error that goes with this HTTP status.
    pub(crate) fn of_status(code: u16) -> Self {
        let (status, message) = match code {
            400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
            401 => return Self::unauthenticated(),
            403 => return Self::permission_denied(),
            404 => return Self::not_found(),
            409 => ("ABORTED", "The operation was aborted."),
            429 => (
                "RESOURCE_EXHAUSTED",
                "Resource has been exhausted (e.g. check quota).",
            ),
            500 => ("INTERNAL", "Internal error encountered."),
            501 => return Self::unimplemented(),
            503 => ("UNAVAILABLE", "The service is currently unavailable."),
            504 => (
                "DEADLINE_EXCEEDED",
                "Deadline expired before operation could complete.",
            ),
            _ => ("UNKNOWN", "Unknown Error."),
        };
        Self::new(code, status, message)
    }

    /// The body of the answer.
    pub(crate) fn body(&self) -> String {
        let error = json!({
            "error": {"code": self.code, "message": self.message, "status": self.status}
        });
        format!("{error:#}\n")
    }

    fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            status,
            message: message.into(),
        }
    }
}
