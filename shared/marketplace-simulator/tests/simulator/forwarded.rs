//! What is published, forwarded into a Pub/Sub emulator.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use function_runtime::{Handler, Rejection, Request, Response};
use http::{Method, StatusCode};
use marketplace_simulator::{Attempt, EmulatorError, MessageOutcome};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::caller::{Caller, good};
use crate::endpoint::Never;
use crate::published::PUBLISH;

const TOPIC: &str = "/v1/projects/example-project/topics/marketplace-changes";

/// Answers as a test says, then as an emulator does that takes everything.
#[derive(Clone, Default)]
struct Emulator {
    host: String,
    first: Arc<Mutex<VecDeque<u16>>>,
    /// Method, path and body.
    received: Arc<Mutex<Vec<(Method, String, Value)>>>,
}

impl Handler for Emulator {
    type Error = Never;

    async fn handle(&self, request: Request) -> Result<Response, Never> {
        let body = serde_json::from_slice(&request.body).unwrap();
        let call = (request.method.clone(), request.path().to_owned(), body);
        self.received.lock().unwrap().push(call);
        let status = self.first.lock().unwrap().pop_front().unwrap_or(200);
        let status = StatusCode::from_u16(status).unwrap();
        let answer = json!({"messageIds": ["1"]}).to_string();
        Ok(function_runtime::text(status, answer))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        function_runtime::status(rejection.status)
    }
}

impl Emulator {
    async fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let emulator = Self {
            host: listener.local_addr().unwrap().to_string(),
            first: Arc::new(Mutex::new(statuses.iter().copied().collect())),
            ..Self::default()
        };
        let handler = Arc::new(emulator.clone());
        tokio::spawn(async move {
            function_runtime::serve(listener, handler, std::future::pending()).await;
        });
        emulator
    }

    /// What was asked for: a topic, or that a message with this data is published.
    fn calls(&self) -> Vec<String> {
        let received = self.received.lock().unwrap().clone();
        let calls = received.into_iter().map(|(method, path, body)| {
            if method == Method::PUT {
                assert_eq!((path.as_str(), body), (TOPIC, json!({})));
                "create".to_owned()
            } else {
                assert_eq!(path, format!("{TOPIC}:publish"));
                let data = body["messages"][0]["data"].as_str().unwrap();
                String::from_utf8(STANDARD.decode(data).unwrap()).unwrap()
            }
        });
        calls.collect()
    }
}

async fn publish(caller: &Caller, data: &str) {
    let data = STANDARD.encode(data);
    let message = json!({"data": data, "attributes": {"ce-id": "1"}, "orderingKey": "k"});
    good(caller.post_to(PUBLISH, &json!({"messages": [message]}))).await;
}

#[tokio::test]
async fn every_message_is_published_as_it_is_into_a_topic_that_is_created() {
    let (caller, emulator) = (Caller::start().await, Emulator::answering(&[]).await);
    publish(&caller, "before").await;
    let sim = &caller.sim;
    sim.forward_published_to(&emulator.host).await.unwrap();
    publish(&caller, "after").await;
    sim.delivery_of_published().settled().await;
    assert_eq!(emulator.calls(), ["create", "before", "after"]);
    let (_, _, body) = emulator.received.lock().unwrap()[1].clone();
    let message = json!({
        "data": STANDARD.encode("before"),
        "attributes": {"ce-id": "1"},
        "orderingKey": "k",
    });
    assert_eq!(body, json!({"messages": [message]}));
    let taken = sim.published().with_outcome(MessageOutcome::Acknowledged);
    assert_eq!(taken.len(), 2);
}

#[tokio::test]
async fn a_message_is_repeated_until_it_is_taken_and_none_overtakes_it() {
    // The topic is there; then the emulator is ill, and has forgotten the topic.
    let emulator = Emulator::answering(&[409, 503, 404, 200]).await;
    let caller = Caller::start().await;
    let sim = &caller.sim;
    sim.forward_published_to(&emulator.host).await.unwrap();
    publish(&caller, "first").await;
    publish(&caller, "second").await;
    sim.delivery_of_published().settled().await;
    let expected = ["create", "first", "first", "create", "first", "second"];
    assert_eq!(emulator.calls(), expected);
    let [first, second] = sim.published().all().try_into().unwrap();
    let why: Vec<_> = first.attempts.iter().map(Attempt::why_not).collect();
    assert_eq!(why, [Some("answered 503".to_owned()), None]);
    assert_eq!(second.attempts.len(), 1);
}

#[tokio::test]
async fn an_emulator_that_is_not_there_or_refuses_the_topic_is_an_error() {
    let caller = Caller::start().await;
    let nowhere = caller.sim.forward_published_to("127.0.0.1:1").await;
    assert!(matches!(nowhere, Err(EmulatorError::Unreachable(_))));
    let emulator = Emulator::answering(&[400]).await;
    let refused = caller.sim.forward_published_to(&emulator.host).await;
    let refused = refused.unwrap_err();
    assert!(matches!(
        refused,
        EmulatorError::Refused { status: 400, .. }
    ));
}
