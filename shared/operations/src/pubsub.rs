//! The few calls of Pub/Sub's REST API, version 1, that replaying needs.

use std::collections::BTreeMap;
use std::fmt;

use function_runtime::parse;
use google_calls::{CallError, Credentials, GoogleApi, Http};
use marketplace::GoogleOrigin;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::operations::call_deadline;

const HOST: &str = "pubsub.googleapis.com";

/// Messages asked for at once: with the 10 kB or so that an event has, far below the size limit of
/// an answer.
const BATCH: u32 = 50;

/// `projects/{project}/subscriptions/{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription(String);

/// `projects/{project}/topics/{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic(String);

/// A message that was pulled and has yet to be acknowledged.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PulledMessage {
    pub(crate) ack_id: String,
    pub(crate) message: ReceivedMessage,
}

/// A message as it is received. What is published again of it is [`MessageContent`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceivedMessage {
    #[serde(flatten)]
    pub(crate) content: MessageContent,
    #[serde(rename = "messageId", default)]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) publish_time: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageContent {
    /// In base64, as it came.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) data: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) ordering_key: String,
}

#[derive(Debug)]
pub(crate) struct PubSub {
    api: GoogleApi,
    base: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullAnswer {
    #[serde(default)]
    received_messages: Vec<PulledMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishAnswer {
    #[serde(default)]
    message_ids: Vec<String>,
}

#[derive(Deserialize)]
struct NoContent {}

impl PubSub {
    pub(crate) fn new(google: &GoogleOrigin) -> Self {
        Self {
            api: GoogleApi::new(Http::new(), Credentials::new(google)),
            base: google.https(HOST, "/v1"),
        }
    }

    /// Some messages, at most `limit`; none does not mean that there are none.
    pub(crate) async fn pull(
        &self,
        from: &Subscription,
        limit: u32,
    ) -> Result<Vec<PulledMessage>, CallError> {
        // Without `returnImmediately`, an empty subscription holds the call for a minute and more.
        let body = json!({ "maxMessages": limit.min(BATCH), "returnImmediately": true });
        let url = format!("{}/{}:pull", self.base, from.0);
        let answer: PullAnswer = self.api.post(&url, &body, call_deadline()).await?;
        Ok(answer.received_messages)
    }

    /// Publishes messages; how many Pub/Sub says it has.
    pub(crate) async fn publish(
        &self,
        to: &Topic,
        messages: &[PulledMessage],
    ) -> Result<usize, CallError> {
        let contents: Vec<_> = messages
            .iter()
            .map(|pulled| &pulled.message.content)
            .collect();
        let url = format!("{}/{}:publish", self.base, to.0);
        let body = json!({ "messages": contents });
        let answer: PublishAnswer = self.api.post(&url, &body, call_deadline()).await?;
        Ok(answer.message_ids.len())
    }

    /// Removes messages from the subscription.
    pub(crate) async fn acknowledge(
        &self,
        on: &Subscription,
        messages: &[PulledMessage],
    ) -> Result<(), CallError> {
        let body = json!({ "ackIds": ack_ids(messages) });
        let url = format!("{}/{}:acknowledge", self.base, on.0);
        let NoContent {} = self.api.post(&url, &body, call_deadline()).await?;
        Ok(())
    }

    /// Lets messages be pulled again at once.
    pub(crate) async fn release(
        &self,
        on: &Subscription,
        messages: &[PulledMessage],
    ) -> Result<(), CallError> {
        let body = json!({ "ackIds": ack_ids(messages), "ackDeadlineSeconds": 0 });
        let url = format!("{}/{}:modifyAckDeadline", self.base, on.0);
        let NoContent {} = self.api.post(&url, &body, call_deadline()).await?;
        Ok(())
    }
}

fn ack_ids(messages: &[PulledMessage]) -> Vec<&str> {
    messages
        .iter()
        .map(|pulled| pulled.ack_id.as_str())
        .collect()
}

impl Subscription {
    /// Reads a whole resource name.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let expected = "expected projects/PROJECT/subscriptions/NAME";
        checked(text, "subscriptions").map(Self).ok_or(expected)
    }
}

impl Topic {
    /// Reads a whole resource name.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let expected = "expected projects/PROJECT/topics/NAME";
        checked(text, "topics").map(Self).ok_or(expected)
    }
}

impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A resource name that is safe in a URL's path. Pub/Sub also allows `~`, `+` and `%` in names; a
/// name with those is refused rather than escaped.
fn checked(text: &str, collection: &str) -> Option<String> {
    let parts: Vec<_> = text.split('/').collect();
    let ["projects", project, found, name] = *parts.as_slice() else {
        return None;
    };
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_safe);
    (found == collection && named && parse::project(project).is_ok()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_and_safe() {
        assert!(Topic::parse("projects/vendor-1/topics/events").is_ok());
        assert!(Subscription::parse("projects/vendor-1/subscriptions/dead.letters_1").is_ok());
        for text in [
            "",
            "events",
            "projects/vendor-1/subscriptions/events",
            "projects/vendor-1/topics/",
            "projects/vendor-1/topics/a/b",
            "projects/vendor-1/topics/a:publish",
            "projects/vendor-1/topics/a?b",
            "projects/../topics/a b",
            "/projects/vendor-1/topics/a",
        ] {
            assert!(Topic::parse(text).is_err(), "{text}");
        }
    }
}
