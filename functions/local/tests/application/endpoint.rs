//! What the demo application calls, in place of Portico.

use std::sync::{Arc, Mutex};

use function_runtime::{Failure, Handler, Rejection, Request, Response};
use http::{Method, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

/// Answers each post as a test says, and remembers it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    path: &'static str,
    answer: Arc<Mutex<(u16, String)>>,
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
        assert_eq!(asked, (&Method::POST, self.path));
        let bearer = request.header("authorization").unwrap();
        self.received.lock().unwrap().push(Received {
            token: bearer.strip_prefix("Bearer ").unwrap().to_owned(),
            body: serde_json::from_slice(&request.body).unwrap(),
        });
        let (status, body) = self.answer.lock().unwrap().clone();
        let status = StatusCode::from_u16(status).unwrap();
        Ok(function_runtime::text(status, body))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        function_runtime::status(rejection.status)
    }
}

impl Endpoint {
    /// At this path; it answers 204.
    pub(crate) async fn at(path: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Self {
            url: format!("http://{}{path}", listener.local_addr().unwrap()),
            path,
            answer: Arc::new(Mutex::new((204, String::new()))),
            received: Arc::default(),
        };
        let handler = Arc::new(endpoint.clone());
        tokio::spawn(async move {
            function_runtime::serve(listener, handler, std::future::pending()).await;
        });
        endpoint
    }

    pub(crate) fn answer(&self, status: u16, body: &Value) {
        *self.answer.lock().unwrap() = (status, body.to_string());
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}
