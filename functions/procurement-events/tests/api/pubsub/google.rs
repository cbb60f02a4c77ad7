//! A project in the Pub/Sub emulator, and where Google's Pub/Sub is to be found in it.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use function_runtime::{Handler, Rejection, Request, Response, serve, text};
use function_tests::emulator::pubsub_host;
use marketplace_simulator::{Message, NeverFails};
use serde_json::{Value, json};
use store::SessionId;
use tokio::net::TcpListener;

/// The simulator's name for the Marketplace's topic, and for that of the messages given up.
const TOPIC: &str = "marketplace";
const DEAD_LETTERS: &str = "marketplace-dead-letters";

/// The subscription from which an operator takes dead letters.
const KEPT: &str = "dead-letters-kept";

/// A project that no other test has.
pub(crate) struct EmulatedGoogle {
    pub(crate) host: String,
    pub(crate) project: String,
    client: reqwest::Client,
}

/// Answers as `GOOGLE_ORIGIN`: Pub/Sub is the emulator's, everything else the simulator's.
struct Hosts {
    emulator: String,
    simulator: String,
    client: reqwest::Client,
}

impl EmulatedGoogle {
    pub(crate) fn with_a_project_of_its_own() -> Self {
        let random = SessionId::random().cookie_value();
        Self {
            host: pubsub_host(),
            project: format!("demo-{}", random.get(..16).expect("32 digits")),
            client: reqwest::Client::builder().build().unwrap(),
        }
    }

    /// Full name of the topic that the function's subscription is to.
    pub(crate) fn topic(&self) -> String {
        format!("projects/{}/topics/{TOPIC}", self.project)
    }

    /// Full name of the subscription that keeps dead letters until somebody pulls them.
    pub(crate) fn dead_letters(&self) -> String {
        format!("projects/{}/subscriptions/{KEPT}", self.project)
    }

    /// Publishes messages to the dead-letter topic, as Pub/Sub does with those that it gives up, and
    /// keeps them until somebody pulls them. The simulator's own subscription is pushed, and empty.
    pub(crate) async fn put_aside(&self, dead: &[Message]) {
        let topic = format!("projects/{}/topics/{DEAD_LETTERS}", self.project);
        let url = format!("http://{}/v1/{}", self.host, self.dead_letters());
        let request = self.client.put(url).json(&json!({ "topic": topic }));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
        let messages = dead.iter().map(|message| {
            let deliveries = message.attempts.len().to_string();
            json!({
                "data": BASE64_STANDARD.encode(&message.data),
                "attributes": { "CloudPubSubDeadLetterSourceDeliveryCount": deliveries },
            })
        });
        let messages = json!({ "messages": messages.collect::<Vec<_>>() });
        let url = format!("http://{}/v1/{topic}:publish", self.host);
        let answer = self.client.post(url).json(&messages).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
    }

    /// A value of `GOOGLE_ORIGIN` under which Pub/Sub is the emulator. It ends with the test.
    pub(crate) async fn origin_beside(&self, simulator: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let hosts = Hosts {
            emulator: format!("http://{}", self.host),
            simulator: simulator.to_owned(),
            client: self.client.clone(),
        };
        tokio::spawn(serve(listener, Arc::new(hosts), std::future::pending()));
        origin
    }
}

impl Handler for Hosts {
    type Error = NeverFails;

    async fn handle(&self, request: Request) -> Result<Response, NeverFails> {
        let target = request.uri.path_and_query().unwrap().as_str();
        let url = match target.strip_prefix("/pubsub.googleapis.com") {
            Some(target) => format!("{}{target}", self.emulator),
            None => format!("{}{target}", self.simulator),
        };
        let mut headers = request.headers;
        headers.remove(http::header::HOST);
        let asked = self.client.request(request.method, url).headers(headers);
        let answer = asked.body(request.body).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        Ok(function_runtime::json(status, &body))
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        text(rejection.status, "")
    }

    fn body_limit(&self, _path: &str) -> usize {
        1024 * 1024
    }
}
