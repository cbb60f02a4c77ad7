//! A function that hears of events, as the tests need it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use function_runtime::{Failure, Handler, Rejection, Request, Response};
use http::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Answers pushes by a list of statuses, then 204; remembers what came.
#[derive(Clone)]
pub(crate) struct Subscriber {
    pub(crate) url: String,
    seen: watch::Sender<Vec<Seen>>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

/// One push.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) authorization: String,
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

impl Handler for Subscriber {
    type Error = Never;

    async fn handle(&self, request: Request) -> Result<Response, Never> {
        let seen = Seen {
            authorization: request
                .header("authorization")
                .unwrap_or_default()
                .to_owned(),
            body: serde_json::from_slice(&request.body).unwrap(),
        };
        self.seen.send_modify(|all| all.push(seen));
        let status = self.statuses.lock().unwrap().pop_front().unwrap_or(204);
        Ok(function_runtime::status(
            StatusCode::from_u16(status).unwrap(),
        ))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        function_runtime::status(rejection.status)
    }
}

impl Subscriber {
    /// Answers these statuses first.
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let subscriber = Self {
            url: format!("http://{}/events", listener.local_addr().unwrap()),
            seen: watch::Sender::new(Vec::new()),
            statuses: Arc::new(Mutex::new(statuses.iter().copied().collect())),
        };
        let handler = Arc::new(subscriber.clone());
        tokio::spawn(async move {
            function_runtime::serve(listener, handler, std::future::pending()).await;
        });
        subscriber
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// Message ids, in the order of arrival.
    pub(crate) fn message_ids(&self) -> Vec<String> {
        let id = |seen: Seen| {
            seen.body["message"]["messageId"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        self.seen().into_iter().map(id).collect()
    }
}
