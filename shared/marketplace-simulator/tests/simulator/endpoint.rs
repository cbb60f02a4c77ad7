//! An endpoint that the simulator pushes to: a function, or the vendor's application.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use function_runtime::{Failure, Handler, Rejection, Request, Response};
use http::{Method, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

const PATH: &str = "/events";

/// Answers each post as a test says, and remembers it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    /// Statuses of the first answers; then it is 204.
    first: Arc<Mutex<VecDeque<u16>>>,
    received: Arc<Mutex<Vec<Received>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// From `Authorization`, without `Bearer`.
    pub(crate) token: String,
    pub(crate) body: Value,
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
pub(crate) enum Never {}

impl Failure for Never {
    fn rejection(&self) -> Rejection {
        match *self {}
    }
}

impl Handler for Endpoint {
    type Error = Never;

    async fn handle(&self, request: Request) -> Result<Response, Never> {
        let asked = (&request.method, request.path());
        assert_eq!(asked, (&Method::POST, PATH));
        let bearer = request.header("authorization").unwrap();
        self.received.lock().unwrap().push(Received {
            token: bearer.strip_prefix("Bearer ").unwrap().to_owned(),
            body: serde_json::from_slice(&request.body).unwrap(),
        });
        let first = self.first.lock().unwrap().pop_front();
        let status = StatusCode::from_u16(first.unwrap_or(204)).unwrap();
        Ok(function_runtime::status(status))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        function_runtime::status(rejection.status)
    }
}

impl Endpoint {
    /// A subscriber of events that answers these statuses first, then 204.
    pub(crate) async fn subscriber(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Self {
            url: format!("http://{}{PATH}", listener.local_addr().unwrap()),
            first: Arc::new(Mutex::new(statuses.iter().copied().collect())),
            received: Arc::default(),
        };
        let handler = Arc::new(endpoint.clone());
        tokio::spawn(async move {
            function_runtime::serve(listener, handler, std::future::pending()).await;
        });
        endpoint
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Ids of the messages that were pushed, in the order of arrival.
    pub(crate) fn message_ids(&self) -> Vec<String> {
        let id = |it: Received| it.body["message"]["messageId"].as_str().unwrap().to_owned();
        self.received().into_iter().map(id).collect()
    }
}
