//! The one log line of a request.

use http::header::USER_AGENT;
use http::request::Parts;
use http::{StatusCode, Version};
use hyper::body::Body;
use marketplace::log_text;
use tokio::time::Instant;

use super::fault::Fault;
use crate::{Failure, Outcome, Response};

/// How much of a text from outside is logged, in characters.
const SHOWN: usize = 200;

/// The longest segment of a path that is shown. Ours are shorter; a token, put into a path by
/// mistake, is longer.
const SHOWN_SEGMENT: usize = 64;

/// What is known of a request before it is answered.
pub(super) struct RequestLog {
    method: String,
    path: String,
    user_agent: Option<String>,
    protocol: Version,
    size: usize,
    since: Instant,
}

impl RequestLog {
    /// Notes what the line will say. Never the query, a cookie or the body.
    pub(super) fn new(parts: &Parts, size: usize, since: Instant) -> Self {
        let user_agent = parts.headers.get(USER_AGENT);
        Self {
            method: log_text(parts.method.as_str(), 16),
            path: shown(parts.uri.path()),
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .map(|value| log_text(value, SHOWN)),
            protocol: parts.version,
            size,
            since,
        }
    }

    /// Writes the line: an error if the fault is ours, a warning if that is logged apart, else information.
    pub(super) fn write<E: Failure>(self, response: &Response, fault: Option<&Fault<E>>) {
        let status = response.status();
        let outcome = response.extensions().get::<Outcome>();
        let account = match fault {
            Some(Fault::Head(error) | Fault::Handler(error)) => error.account(),
            _ => outcome.and_then(|outcome| outcome.account.as_ref()),
        };
        let latency = self.since.elapsed();
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    http_request.request_method = self.method,
                    http_request.request_url = self.path,
                    http_request.status = status.as_u16(),
                    http_request.latency = %format_args!("{:.3}s", latency.as_secs_f64()),
                    http_request.request_size = %self.size,
                    http_request.response_size = %response.body().size_hint().lower(),
                    http_request.user_agent = self.user_agent,
                    http_request.protocol = ?self.protocol,
                    outcome = outcome.map(|outcome| outcome.name),
                    error_code = fault.map(|fault| fault.rejection().code),
                    error = fault.map(Fault::chain),
                    account_id = account.map(tracing::field::display),
                    duration_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
                    "{} {} {}", self.method, self.path, status.as_u16(),
                )
            };
        }
        // What a request needs and we do not have, a 501, is the client's affair.
        let is_ours = status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED;
        let is_logged_apart = fault.is_some_and(|fault| fault.rejection().is_logged_apart);
        if is_ours && is_logged_apart {
            line!(warn);
        } else if is_ours {
            line!(error);
        } else {
            line!(info);
        }
    }
}

/// A path without what is too long to be one of ours, or looks like an address or a token.
fn shown(path: &str) -> String {
    if path
        .split('/')
        .all(|segment| segment.len() <= SHOWN_SEGMENT)
    {
        return log_text(path, SHOWN);
    }
    let segments: Vec<_> = path
        .split('/')
        .map(|segment| match segment.len() {
            0..=SHOWN_SEGMENT => segment,
            _ => "…",
        })
        .collect();
    log_text(&segments.join("/"), SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_a_path_is_not_shown() {
        assert_eq!(shown("/signup/callback"), "/signup/callback");
        let token = "e".repeat(65);
        assert_eq!(shown(&format!("/signup/{token}/a")), "/signup/…/a");
        let jwt = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";
        assert_eq!(shown(&format!("/signup/{jwt}")), "/signup/…");
        assert_eq!(shown("/signup/ada%40example.com"), "/signup/…");
        assert_eq!(shown(&"/a".repeat(1000)).len(), SHOWN);
    }
}
