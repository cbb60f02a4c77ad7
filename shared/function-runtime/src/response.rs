//! Answers.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use http_body_util::Full;
use marketplace::ProcurementAccountId;

/// A whole answer.
pub type Response = http::Response<Full<Bytes>>;

/// How a request ended, for its log line: put it into the answer's extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// A stable name, such as `handed-over`.
    pub name: &'static str,
    /// Whose account it was about.
    pub account: Option<ProcurementAccountId>,
}

/// The answer with its outcome, and with the account it is about, if there is one.
pub fn with_outcome<'a>(
    mut response: Response,
    name: &'static str,
    account: impl Into<Option<&'a ProcurementAccountId>>,
) -> Response {
    let account = account.into().cloned();
    response.extensions_mut().insert(Outcome { name, account });
    response
}

/// A page.
pub fn html(status: StatusCode, body: impl Into<Bytes>) -> Response {
    with_type(status, "text/html; charset=utf-8", body)
}

/// Plain text.
pub fn text(status: StatusCode, body: impl Into<Bytes>) -> Response {
    with_type(status, "text/plain; charset=utf-8", body)
}

/// A JSON value.
pub fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    with_type(status, "application/json", body.to_string())
}

/// An answer that is only a status, such as 204.
pub fn status(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

/// Sends the browser on with a GET, also after a POST.
///
/// A `location` that no header can hold (control characters, non-ASCII) makes it a 500: our own
/// addresses are configuration or constants, checked before.
pub fn redirect_303(location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        return status(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = status(StatusCode::SEE_OTHER);
    response.headers_mut().insert(LOCATION, location);
    response
}

/// An answer of this media type.
pub(crate) fn with_type(
    code: StatusCode,
    media_type: &'static str,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = code;
    let media_type = HeaderValue::from_static(media_type);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_carries_a_second_header() {
        let response = redirect_303("/a\r\nSet-Cookie: b=c");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(response.headers().is_empty());
        assert_eq!(redirect_303("/a?b=c").headers()[LOCATION], "/a?b=c");
    }
}
