//! What a caller reads when there is no answer for them.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::Response;
use crate::response::with_type;

/// A refusal as the caller sees it.
///
/// Its texts are `&'static str`, so that nothing internal can slip into an answer. What is not constant stands in
/// `member`, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// 4xx or 5xx.
    pub status: StatusCode,
    /// A stable name for programs, logs and metrics, such as `body-too-large`.
    pub code: &'static str,
    /// One sentence for a person.
    pub message: &'static str,
    /// After how long trying again makes sense; becomes `Retry-After` in whole seconds.
    pub retry_after: Option<Duration>,
    /// The methods that are allowed, for a 405; becomes `Allow`.
    pub allow: Option<&'static str>,
    /// What a problem document says besides.
    pub member: Option<Member>,
    /// Whether what is wrong on our side is logged as an error by itself, once for all requests that it fails. Then the
    /// line of each request is a warning, or whoever sends many would write as many errors.
    pub is_logged_apart: bool,
}

/// One extension member of a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

impl Rejection {
    /// A refusal without further advice.
    pub const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            retry_after: None,
            allow: None,
            member: None,
            is_logged_apart: false,
        }
    }

    /// The same, with the advice to try again after this long.
    #[must_use]
    pub const fn with_retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// The same, of something that is logged as an error by itself.
    #[must_use]
    pub const fn logged_apart(mut self) -> Self {
        self.is_logged_apart = true;
        self
    }

    /// The same, with an extension member in its problem document.
    #[must_use]
    pub fn with_member(mut self, name: &'static str, value: &str) -> Self {
        let value = value.to_owned();
        self.member = Some(Member { name, value });
        self
    }

    /// 400: the request is malformed in the way `code` and `message` say.
    pub const fn bad_request(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 401: who calls has not been shown.
    pub const fn unauthorized(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    /// 403: who calls may not do this.
    pub const fn forbidden(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 404: there is nothing at this path.
    pub const fn not_found() -> Self {
        let message = "There is nothing at this address.";
        Self::new(StatusCode::NOT_FOUND, "not-found", message)
    }

    /// 405: the path exists, the method does not; `allow` lists those that do, such as `GET, POST`.
    pub const fn method_not_allowed(allow: &'static str) -> Self {
        let message = "This address does not answer to this method.";
        let mut rejection = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            message,
        );
        rejection.allow = Some(allow);
        rejection
    }

    /// 408: the body took too long to arrive.
    pub const fn body_too_slow() -> Self {
        let message = "The request took too long to arrive.";
        Self::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", message)
    }

    /// 413: the body is larger than this path takes.
    pub const fn body_too_large() -> Self {
        let message = "The request is too large.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", message)
    }

    /// 431: the head, which is mostly cookies, is larger than we take.
    pub const fn head_too_large() -> Self {
        let message = "The request has too many headers. In a browser these are mostly cookies: please delete the \
                       cookies of this address, or open it in a private window, and try again.";
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "head-too-large",
            message,
        )
    }

    /// 415: the body is of a type this path does not take.
    pub const fn unsupported_media_type() -> Self {
        let message = "The request is not in a form this address understands.";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            message,
        )
    }

    /// 500: something is wrong with us.
    pub const fn internal() -> Self {
        let message = "Something went wrong on our side.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    /// 501: the body is sent in a way that is not understood.
    pub const fn unknown_transfer_coding() -> Self {
        let message = "The request is sent in a way that is not understood here.";
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "transfer-coding-unknown",
            message,
        )
    }

    /// 503: something we need cannot be reached; trying again in `retry_after` makes sense.
    pub const fn unavailable(code: &'static str, retry_after: Duration) -> Self {
        let message = "This cannot be done at the moment. Please try again shortly.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message).with_retry_after(retry_after)
    }
}

/// The rejection as a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with
/// the extension member `code`, and the one that the rejection has besides.
pub fn problem(rejection: &Rejection) -> Response {
    let title = rejection.status.canonical_reason().unwrap_or("Error");
    let mut document = json!({
        "type": "about:blank",
        "title": title,
        "status": rejection.status.as_u16(),
        "detail": rejection.message,
        "code": rejection.code,
    });
    if let (Some(Member { name, value }), Some(members)) =
        (&rejection.member, document.as_object_mut())
    {
        members.insert((*name).to_owned(), value.as_str().into());
    }
    with_type(
        rejection.status,
        "application/problem+json",
        document.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn a_problem_document_names_status_code_and_what_else_is_known() {
        let rejection = Rejection::method_not_allowed("POST").with_member("project", "example");
        let response = problem(&rejection);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let document: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            document,
            json!({
                "type": "about:blank",
                "title": "Method Not Allowed",
                "status": 405,
                "detail": "This address does not answer to this method.",
                "code": "method-not-allowed",
                "project": "example",
            })
        );
    }
}
