//! What is published to the vendor's own topics, published into an emulator too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{EmulatorError, PubSubEmulator, TIME_OUT};
use crate::delivery::{Backoff, Delivery};
use crate::messages::{Attempt, AttemptVerdict, Message, MessageLog, Obstacle};

/// Creates these topics in the emulator where they do not exist, and publishes there from now on, in place
/// of any subscription before: one message after the other, each until it is taken.
pub(crate) async fn forward(
    published: &Delivery,
    emulator: PubSubEmulator,
    topics: &[String],
) -> Result<(), EmulatorError> {
    for topic in topics {
        emulator.create(topic).await?;
    }
    let task = tokio::spawn(run(emulator, published.log()));
    published.install(None, task.abort_handle());
    Ok(())
}

impl PubSubEmulator {
    /// Creates a topic, unless it is there.
    async fn create(&self, topic: &str) -> Result<(), EmulatorError> {
        match self.put(topic, &json!({})).await {
            Err(EmulatorError::Refused { status: 409, .. }) => Ok(()),
            created => created,
        }
    }

    /// One attempt. An emulator that was started again has forgotten its topics.
    async fn try_to_publish(&self, message: &Message) -> Result<u16, Obstacle> {
        let body = body(message);
        let mut published = self.publish(&message.topic, &body).await;
        if let Err(EmulatorError::Refused { status: 404, .. }) = published {
            published = match self.create(&message.topic).await {
                Ok(()) => self.publish(&message.topic, &body).await,
                Err(error) => Err(error),
            };
        }
        match published {
            Ok(_) => Ok(200),
            Err(EmulatorError::Refused { status, .. }) => Ok(status),
            Err(EmulatorError::Unreachable(error)) => Err(Obstacle::of(&error, TIME_OUT)),
        }
    }
}

async fn run(emulator: PubSubEmulator, log: MessageLog) {
    let mut changes = log.changes();
    loop {
        log.paced().await;
        changes.mark_unchanged();
        if let Some(number) = log.take() {
            carry(&emulator, &log, number).await;
        } else {
            // This log holds the sender: waiting does not fail.
            let _ = changes.changed().await;
        }
    }
}

/// Nothing overtakes a message that is not taken yet.
async fn carry(emulator: &PubSubEmulator, log: &MessageLog, number: u64) {
    while let Some(message) = log.message(number) {
        let answer = emulator.try_to_publish(&message).await;
        let attempt = Attempt::ended(log.now(), answer);
        let verdict = log.judge(number, attempt, &Backoff::PATIENT);
        let AttemptVerdict::Again(pause) = verdict else {
            break;
        };
        tokio::time::sleep(pause).await;
    }
    log.end();
}

/// The message as it was published; what is empty is left out.
fn body(message: &Message) -> Value {
    let mut body = Map::new();
    if !message.data.is_empty() {
        let data = STANDARD.encode(&message.data);
        body.insert("data".to_owned(), data.into());
    }
    if !message.attributes.is_empty() {
        body.insert("attributes".to_owned(), json!(message.attributes));
    }
    if !message.ordering_key.is_empty() {
        let key = message.ordering_key.as_str();
        body.insert("orderingKey".to_owned(), key.into());
    }
    Value::Object(body)
}
