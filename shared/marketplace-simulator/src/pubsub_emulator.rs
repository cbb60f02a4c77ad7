//! The Marketplace's topic in the Pub/Sub emulator of Google's SDK.

mod forwarding;
pub(crate) mod signed_pushes;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::delivery::{Delivery, Push, http_client};
use crate::messages::MessageLog;
pub(crate) use forwarding::forward;

/// How long the emulator may take for one call.
const TIME_OUT: Duration = Duration::from_secs(10);
/// The pause before a call is made again that the emulator did not answer.
const PAUSE: Duration = Duration::from_millis(200);
const TOPIC: &str = "marketplace";
/// Where the emulator puts what it gives up.
const DEAD_LETTERS: &str = "marketplace-dead-letters";

/// A project in a running Pub/Sub emulator.
#[derive(Debug, Clone)]
pub struct PubSubEmulator {
    url: String,
    project: String,
    client: reqwest::Client,
}

/// The emulator did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// No answer.
    #[error("the Pub/Sub emulator could not be reached")]
    Unreachable(#[from] reqwest::Error),
    /// An answer that is not 200.
    #[error("the Pub/Sub emulator answered {status} to {path}")]
    Refused {
        /// The status answered.
        status: u16,
        /// What was asked for.
        path: String,
    },
}

impl PubSubEmulator {
    /// The emulator at this `host:port` (the value of `PUBSUB_EMULATOR_HOST`), with a project of the
    /// test's own, so that tests do not meet.
    pub fn new(host: &str, project: &str) -> Self {
        Self {
            url: format!("http://{host}"),
            project: project.to_owned(),
            client: http_client(TIME_OUT),
        }
    }

    /// Creates the topics and subscriptions that a deployment has, pushing to the simulator
    /// at `origin`, which signs.
    async fn set_up(&self, origin: &str, push: &Push) -> Result<(), EmulatorError> {
        let project = &self.project;
        for topic in [TOPIC, DEAD_LETTERS] {
            let name = format!("projects/{project}/topics/{topic}");
            self.put(&name, &json!({})).await?;
        }
        let dead_letters = json!({
            "topic": format!("projects/{project}/topics/{DEAD_LETTERS}"),
            "pushConfig": {"pushEndpoint": format!("{origin}/pubsub-bridge/dead-letters")},
        });
        let policy = push.backoff.max_attempts.map(|attempts| {
            json!({
                "deadLetterTopic": format!("projects/{project}/topics/{DEAD_LETTERS}"),
                // The emulator, as Google, takes 5 to 100.
                "maxDeliveryAttempts": attempts.clamp(5, 100),
            })
        });
        let pushed = json!({
            "topic": format!("projects/{project}/topics/{TOPIC}"),
            "pushConfig": {"pushEndpoint": format!("{origin}/pubsub-bridge/push")},
            // The emulator, as Google, takes no less. Null is "not set".
            "ackDeadlineSeconds": push.acknowledge_within.as_secs().max(10),
            "retryPolicy": {
                "minimumBackoff": seconds(push.backoff.first),
                "maximumBackoff": seconds(push.backoff.longest),
            },
            "deadLetterPolicy": policy,
        });
        let name = format!("projects/{project}/subscriptions/{DEAD_LETTERS}");
        self.put(&name, &dead_letters).await?;
        let name = format!("projects/{project}/subscriptions/marketplace-push");
        self.put(&name, &pushed).await
    }

    /// Publishes one message into the topic with this full name, and returns the message's id.
    async fn publish(&self, topic: &str, message: &Value) -> Result<String, EmulatorError> {
        let body = json!({"messages": [message]});
        let path = format!("{topic}:publish");
        let request = self.client.post(self.address(&path));
        let answer: Value = self.send(&path, request, &body).await?;
        let id = answer.pointer("/messageIds/0").and_then(Value::as_str);
        Ok(id.unwrap_or_default().to_owned())
    }

    async fn put(&self, path: &str, body: &Value) -> Result<(), EmulatorError> {
        let request = self.client.put(self.address(path));
        self.send(path, request, body).await.map(drop)
    }

    async fn send(
        &self,
        path: &str,
        request: reqwest::RequestBuilder,
        body: &Value,
    ) -> Result<Value, EmulatorError> {
        let response = request.json(body).send().await?;
        let status = response.status().as_u16();
        if status != 200 {
            let path = path.to_owned();
            return Err(EmulatorError::Refused { status, path });
        }
        Ok(response.json().await?)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.url)
    }
}

/// Publishes the messages into the emulator from now on; its pushes come back to be signed.
pub(crate) async fn subscribe(
    events: &Delivery,
    emulator: PubSubEmulator,
    origin: &str,
    push: Push,
) -> Result<(), EmulatorError> {
    emulator.set_up(origin, &push).await?;
    let push_client = events.push_client_for(push);
    let delivery_task = tokio::spawn(run(emulator, events.log()));
    events.install(Some(push_client), delivery_task.abort_handle());
    Ok(())
}

async fn run(emulator: PubSubEmulator, log: MessageLog) {
    let topic = format!("projects/{}/topics/{TOPIC}", emulator.project);
    let mut changes = log.changes();
    loop {
        log.paced().await;
        changes.mark_unchanged();
        let Some(number) = log.take() else {
            // This log holds the sender: waiting does not fail.
            let _ = changes.changed().await;
            continue;
        };
        let Some(message) = log.message(number) else {
            continue;
        };
        let id = loop {
            let data = json!({"data": STANDARD.encode(&message.data)});
            match emulator.publish(&topic, &data).await {
                Ok(id) => break id,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "failed to publish into the emulator"
                    );
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        log.adopt_id(number, &id);
    }
}

/// A duration as proto JSON writes it.
fn seconds(duration: Duration) -> String {
    format!("{:.3}s", duration.as_secs_f64())
}
