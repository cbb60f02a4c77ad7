//! An answer on its way out.

use std::time::Duration;

use function_runtime::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::google_error::GoogleError;
use crate::transport_faults::{MARK, TransportFault};

/// What is answered, and what the log says about it.
#[derive(Debug, Clone)]
pub(crate) struct HostAnswer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// A few words for the log, without secrets.
    pub(crate) summary: String,
    /// How the answer is broken on its way, if at all.
    pub(crate) transport: Option<TransportFault>,
}

impl HostAnswer {
    /// 200 with a JSON value, in Google's layout.
    pub(crate) fn json(value: &Value, summary: impl Into<String>) -> Self {
        Self::ok(
            "application/json; charset=UTF-8",
            format!("{value:#}\n"),
            summary,
        )
    }

    /// 200 with a text of this type.
    pub(crate) fn ok(kind: &'static str, body: String, summary: impl Into<String>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Self {
            status: StatusCode::OK,
            headers,
            body,
            summary: summary.into(),
            transport: None,
        }
    }

    pub(crate) fn error(error: &GoogleError) -> Self {
        let summary = format!("{}: {}", error.status, error.message);
        let mut answer = Self::ok("application/json; charset=UTF-8", error.body(), summary);
        answer.status = StatusCode::from_u16(error.code).unwrap_or_default();
        match error.challenge() {
            Some(challenge) => answer.with_header(header::WWW_AUTHENTICATE, challenge),
            None => answer,
        }
    }

    /// 200 with a body that no parser takes.
    pub(crate) fn garbage() -> Self {
        let body = "\u{fffd}{\"<html>: not what was asked for".to_owned();
        Self::ok("application/json; charset=UTF-8", body, "garbage")
    }

    /// 307 to this address.
    pub(crate) fn redirect(location: &str) -> Self {
        let mut answer = Self::ok("text/html; charset=UTF-8", String::new(), "redirected");
        answer.status = StatusCode::TEMPORARY_REDIRECT;
        answer.with_header(header::LOCATION, location)
    }

    /// With this header, unless its value is none.
    pub(crate) fn with_header(mut self, name: header::HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn with_retry_after(self, delay: Option<Duration>) -> Self {
        match delay {
            Some(delay) => self.with_header(header::RETRY_AFTER, &delay.as_secs().to_string()),
            None => self,
        }
    }

    pub(crate) fn travelling(mut self, transport: TransportFault) -> Self {
        self.transport = Some(transport);
        self
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = function_runtime::text(self.status, self.body);
        response.headers_mut().extend(self.headers);
        if let Some(transport) = self.transport {
            response.headers_mut().insert(MARK, transport.value());
        }
        response
    }
}
