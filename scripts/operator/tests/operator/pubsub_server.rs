//! As much of Pub/Sub as replaying meets, on the wire, and the metadata server in front of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use function_runtime::{Failure, Handler, Rejection, Request, Response, json, serve, text};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const SUBSCRIPTION: &str = "projects/vendor/subscriptions/dead-letters";
pub(crate) const TOPIC: &str = "projects/vendor/topics/events";

/// One subscription and one topic.
#[derive(Default)]
pub(crate) struct PubSubState {
    waiting: VecDeque<(String, Value)>,
    leased: BTreeMap<String, Value>,
    pub(crate) published: Vec<Value>,
    /// What was acknowledged, with how many messages were published by then.
    pub(crate) acknowledged: Vec<(String, usize)>,
    /// The answer to a publish, in place of one that fits.
    pub(crate) publish_fails: Option<(StatusCode, Value)>,
    /// How many messages one pull yields.
    pub(crate) at_once: usize,
    empty_answers: usize,
}

#[derive(Clone, Default)]
pub(crate) struct PubSub(pub(crate) Arc<Mutex<PubSubState>>);

#[derive(Debug, thiserror::Error)]
#[error("never")]
pub(crate) enum Never {}

impl PubSub {
    /// Starts it with these messages; its origin. It ends with the test's runtime.
    pub(crate) async fn start(&self, messages: Vec<Value>) -> String {
        self.with(|state| {
            state.at_once = 2;
            let messages = messages.into_iter().enumerate();
            state.waiting = messages.map(|(n, m)| (format!("ack-{n}"), m)).collect();
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let handler = Arc::new(self.clone());
        tokio::spawn(serve(listener, handler, std::future::pending()));
        origin
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut PubSubState) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// What is left on the subscription, leased or not.
    pub(crate) fn left(&self) -> (usize, usize) {
        self.with(|state| (state.waiting.len(), state.leased.len()))
    }
}

impl PubSubState {
    fn answer(&mut self, call: &str, body: &Value) -> (StatusCode, Value) {
        let ids = || body["ackIds"].as_array().unwrap().iter();
        let done = (StatusCode::OK, json!({}));
        if call == format!("{SUBSCRIPTION}:pull") {
            let limit = body["maxMessages"].as_u64().unwrap();
            assert!(limit > 0);
            return (StatusCode::OK, self.pull(limit));
        }
        if call == format!("{SUBSCRIPTION}:acknowledge") {
            for id in ids().map(|id| id.as_str().unwrap().to_owned()) {
                self.leased.remove(&id).expect("a leased message");
                self.acknowledged.push((id, self.published.len()));
            }
            return done;
        }
        if call == format!("{SUBSCRIPTION}:modifyAckDeadline") {
            assert_eq!(body["ackDeadlineSeconds"], 0);
            for id in ids().map(|id| id.as_str().unwrap().to_owned()) {
                let message = self.leased.remove(&id).expect("a leased message");
                self.waiting.push_back((id, message));
            }
            return done;
        }
        assert_eq!(call, format!("{TOPIC}:publish"));
        if let Some(answer) = self.publish_fails.clone() {
            return answer;
        }
        let messages = body["messages"].as_array().unwrap();
        self.published.extend(messages.iter().cloned());
        let ids: Vec<_> = (0..messages.len()).map(|n| n.to_string()).collect();
        (StatusCode::OK, json!({ "messageIds": ids }))
    }

    /// As Pub/Sub does it, every other answer is empty although there are messages.
    fn pull(&mut self, limit: u64) -> Value {
        self.empty_answers += 1;
        if self.empty_answers % 2 == 1 {
            return json!({});
        }
        let size = self.at_once.min(usize::try_from(limit).unwrap());
        let size = size.min(self.waiting.len());
        let taken: Vec<_> = self.waiting.drain(..size).collect();
        self.leased.extend(taken.iter().cloned());
        let received = taken.iter();
        let received = received.map(|(ack, message)| json!({ "ackId": ack, "message": message }));
        json!({ "receivedMessages": received.collect::<Vec<_>>() })
    }
}

impl Handler for PubSub {
    type Error = Never;

    async fn handle(&self, request: Request) -> Result<Response, Never> {
        let path = request.path();
        if path.ends_with("/service-accounts/default/token") {
            let token = json!({ "access_token": "a", "expires_in": 3599, "token_type": "Bearer" });
            return Ok(json(StatusCode::OK, &token));
        }
        let Some(call) = path.strip_prefix("/pubsub.googleapis.com/v1/") else {
            return Ok(text(StatusCode::NOT_FOUND, ""));
        };
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.header("authorization"), Some("Bearer a"));
        let body = serde_json::from_slice(&request.body).unwrap();
        let (status, answer) = self.with(|state| state.answer(call, &body));
        Ok(json(status, &answer))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        text(rejection.status, "")
    }

    fn body_limit(&self, _path: &str) -> usize {
        1024 * 1024
    }
}

impl Failure for Never {
    fn rejection(&self) -> Rejection {
        match *self {}
    }
}
