//! One of Portico's functions for programs, as the demo application meets it.

use std::sync::{Arc, Mutex};

use function_runtime::{Handler, Rejection, Request, Response};
use http::{Method, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::subscriber::Never;

/// Answers every request in the same way, and remembers what was asked.
#[derive(Clone)]
pub(crate) struct Answering {
    pub(crate) url: String,
    path: &'static str,
    answer: Arc<Mutex<(u16, String)>>,
    seen: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) token: String,
    pub(crate) body: Value,
}

impl Handler for Answering {
    type Error = Never;

    async fn handle(&self, request: Request) -> Result<Response, Never> {
        assert_eq!(
            (&request.method, request.path()),
            (&Method::POST, self.path)
        );
        let bearer = request.header("authorization").unwrap();
        self.seen.lock().unwrap().push(Asked {
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

impl Answering {
    /// What is at this path.
    pub(crate) async fn at(path: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let answering = Self {
            url: format!("http://{}{path}", listener.local_addr().unwrap()),
            path,
            answer: Arc::new(Mutex::new((500, String::new()))),
            seen: Arc::default(),
        };
        let handler = Arc::new(answering.clone());
        tokio::spawn(async move {
            function_runtime::serve(listener, handler, std::future::pending()).await;
        });
        answering
    }

    /// From now on.
    pub(crate) fn answer(&self, status: u16, body: &Value) {
        *self.answer.lock().unwrap() = (status, body.to_string());
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }
}
