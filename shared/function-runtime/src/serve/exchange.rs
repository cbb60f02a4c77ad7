//! One request and its answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, StatusCode};
use hyper::body::Incoming;
use jiff::Timestamp;
use marketplace::{At, Deadline};
use tokio::time::{Instant, timeout_at};

use super::body;
use super::fault::Fault;
use super::head;
use super::panic_catcher::caught;
use super::request_log::RequestLog;
use super::{Server, Slot};
use crate::response::text;
use crate::telemetry::{in_trace, trace_of};
use crate::{Handler, Rejection, Request, Response, problem, security_headers};

/// The path that says that the function listens. Google's frontend keeps some paths ending in `z`
/// to itself, so it is not `/healthz`.
const HEALTH: &str = "/health";

/// When a request came.
#[derive(Clone, Copy)]
struct Arrival {
    at: At,
    instant: Instant,
}

/// Answers one request, also after a fault.
pub(super) async fn answer<H: Handler>(
    server: Arc<Server<H>>,
    request: http::Request<Incoming>,
    slot: Slot,
) -> Response {
    let (parts, body) = request.into_parts();
    let head = head::check(&parts);
    if head.is_ok() && parts.uri.path() == HEALTH {
        return health(&parts.method);
    }
    let limits = server.limits;
    let arrival = Arrival {
        at: At {
            now: Timestamp::now(),
            deadline: Deadline::after(limits.deadline),
        },
        instant: Instant::now(),
    };
    let body = match head {
        Ok(()) => server.body(&parts, body, arrival).await,
        Err(fault) => Err(Fault::Body(fault.into())),
    };
    let trace = trace_of(&parts.headers);
    let work = async move {
        let _counted = slot;
        server.finish(parts, body, arrival).await
    };
    // In a task of its own it goes on when the client goes away and hyper drops this future.
    match tokio::spawn(in_trace(trace, work)).await {
        Ok(response) => response,
        // Not the handler, whose panics are caught, but its rendering panicked.
        Err(_) => finished(rejected(problem, &Rejection::internal())),
    }
}

impl<H: Handler> Server<H> {
    /// The body of a request whose head is not refused.
    async fn body(
        &self,
        head: &Parts,
        body: Incoming,
        arrival: Arrival,
    ) -> Result<Bytes, Fault<H::Error>> {
        self.handler.before_body(head).map_err(Fault::Head)?;
        let limit = self.handler.body_limit(head.uri.path());
        let until = arrival.instant + self.limits.body;
        let read = body::read(body, &head.headers, limit, until).await;
        read.map_err(Fault::Body)
    }

    async fn finish(
        &self,
        parts: Parts,
        body: Result<Bytes, Fault<H::Error>>,
        arrival: Arrival,
    ) -> Response {
        let size = body.as_ref().map_or(0, Bytes::len);
        let log = RequestLog::new(&parts, size, arrival.instant);
        let path = parts.uri.path().to_owned();
        let answer = match body {
            Ok(body) => self.handle(parts, body, arrival).await,
            Err(fault) => Err(fault),
        };
        let (response, fault) = match answer {
            Ok(response) => (response, None),
            Err(fault) => {
                let render = |rejection: &Rejection| self.handler.render(rejection, &path);
                let mut response = rejected(render, &fault.rejection());
                if matches!(fault, Fault::Head(_) | Fault::Body(_)) {
                    // What was not read of the body cannot be distinguished from a next request.
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(CONNECTION, close);
                }
                (response, Some(fault))
            }
        };
        let response = finished(response);
        log.write(&response, fault.as_ref());
        response
    }

    async fn handle(
        &self,
        parts: Parts,
        body: Bytes,
        arrival: Arrival,
    ) -> Result<Response, Fault<H::Error>> {
        if head_size(&parts) > self.limits.head_size {
            return Err(Fault::LargeHead);
        }
        let request = Request {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body,
            now: arrival.at.now,
            deadline: arrival.at.deadline,
        };
        let until = arrival.instant + self.limits.deadline + self.limits.margin;
        let handled = caught(async { self.handler.handle(request).await });
        match timeout_at(until, handled).await {
            Ok(Ok(answer)) => answer.map_err(Fault::Handler),
            Ok(Err(panicked)) => Err(Fault::Panicked(panicked)),
            Err(_) => Err(Fault::TimedOut),
        }
    }
}

/// About how many bytes the head was, whose form is not kept.
fn head_size(head: &Parts) -> usize {
    let target = head.uri.path_and_query().map_or("", PathAndQuery::as_str);
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + ": \r\n".len() + value.len());
    target.len() + headers.sum::<usize>()
}

/// An answer with every header that all answers have.
fn finished(mut response: Response) -> Response {
    security_headers::add(response.headers_mut());
    response
}

/// The rejection as it is rendered, with what its status asks for.
fn rejected(render: impl FnOnce(&Rejection) -> Response, rejection: &Rejection) -> Response {
    let mut response = render(rejection);
    *response.status_mut() = rejection.status;
    let headers = response.headers_mut();
    if let Some(delay) = rejection.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(delay)));
    }
    if let Some(Ok(allow)) = rejection.allow.map(HeaderValue::from_str) {
        headers.insert(ALLOW, allow);
    }
    if rejection.status == StatusCode::UNAUTHORIZED {
        // A 401 names a scheme (RFC 9110, 15.5.2); ours are all tokens of somebody else's making.
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Rounded up and never zero: "at once" is no advice.
fn whole_seconds(delay: Duration) -> u64 {
    let up = u64::from(delay.subsec_nanos() > 0);
    (delay.as_secs() + up).max(1)
}

/// Probes come every few seconds, so they are not logged.
fn health(method: &Method) -> Response {
    finished(match *method {
        Method::GET | Method::HEAD => text(StatusCode::OK, "ok"),
        _ => rejected(problem, &Rejection::method_not_allowed("GET, HEAD")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_to_wait_is_at_least_a_second() {
        for (delay, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (30_000, 30)] {
            assert_eq!(whole_seconds(Duration::from_millis(delay)), seconds);
        }
    }
}
