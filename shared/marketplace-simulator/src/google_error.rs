//! Google's way to say no.

mod unauthenticated;

use serde_json::{Value, json};

pub(crate) use unauthenticated::Unauthenticated;

/// An error as Google's APIs answer it: `{"error": {"code", "message", "status", "details"}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GoogleError {
    pub(crate) code: u16,
    /// Name of the canonical code, such as `FAILED_PRECONDITION`.
    pub(crate) status: &'static str,
    /// Text for the reader of a log.
    pub(crate) message: String,
    /// What a program can read, each with its `@type`; often none.
    details: Vec<Value>,
    /// `WWW-Authenticate` of the answer.
    challenge: Option<&'static str>,
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

    /// 401: an access token that is not valid. Who knows more says it with [`Unauthenticated`].
    pub(crate) fn unauthenticated() -> Self {
        Unauthenticated::Expired.without_details()
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

    /// 429: a limit that does not pass by itself; the project is full.
    ///
    /// The text and the day in `RetryInfo` are IAM's, as programs that met it report them.
    pub(crate) fn too_many_service_accounts() -> Self {
        let text = "Maximum number of service accounts on project reached.";
        Self::new(429, "RESOURCE_EXHAUSTED", text).with_detail(json!({
            "@type": "type.googleapis.com/google.rpc.RetryInfo",
            "retryDelay": "86401s",
        }))
    }

    /// 403: the caller lacks this permission of IAM's.
    pub(crate) fn permission_missing(permission: &str) -> Self {
        let text = format!("Permission '{permission}' denied on resource (or it may not exist).");
        Self::new(403, "PERMISSION_DENIED", text).with_detail(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "IAM_PERMISSION_DENIED",
            "domain": "iam.googleapis.com",
            "metadata": {"permission": permission},
        }))
    }

    pub(crate) fn body(&self) -> String {
        let mut error = json!({
            "code": self.code, "message": self.message, "status": self.status
        });
        if let (false, Value::Object(error)) = (self.details.is_empty(), &mut error) {
            error.insert("details".to_owned(), self.details.clone().into());
        }
        format!("{:#}\n", json!({ "error": error }))
    }

    /// What the caller must bring instead, for the header `WWW-Authenticate`.
    pub(crate) fn challenge(&self) -> Option<&'static str> {
        self.challenge
    }

    fn with_detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            details: Vec::new(),
            challenge: None,
        }
    }
}
