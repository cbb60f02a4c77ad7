//! The few calls of Pub/Sub's REST API, version 1, that replaying needs.

use std::collections::BTreeMap;
use std::fmt;

use function_runtime::parse;
use google_calls::{CallError, Credentials, GoogleApi, Http};
use marketplace::GoogleOrigin;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::call_deadline;

const HOST: &str = "pubsub.googleapis.com";

/// Messages asked for at once: with the 10 kB or so that an event has, far below the size limit of
/// an answer.
const BATCH: u32 = 50;

macro_rules! resource_name {
    ($(#[$about:meta])* $name:ident, $collection:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Reads a whole resource name.
            pub fn parse(text: &str) -> Result<Self, &'static str> {
                let expected = concat!("expected projects/PROJECT/", $collection, "/NAME");
                checked(text, $collection).map(Self).ok_or(expected)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

resource_name!(
    /// `projects/{project}/subscriptions/{name}`.
    Subscription,
    "subscriptions"
);
resource_name!(
    /// `projects/{project}/topics/{name}`.
    Topic,
    "topics"
);

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
        let answer: PullAnswer = self.post(&format!("{from}:pull"), &body).await?;
        Ok(answer.received_messages)
    }

    /// Publishes messages; how many Pub/Sub says it has.
    pub(crate) async fn publish(
        &self,
        to: &Topic,
        messages: &[PulledMessage],
    ) -> Result<usize, CallError> {
        let contents = messages.iter().map(|pulled| &pulled.message.content);
        let body = json!({ "messages": contents.collect::<Vec<_>>() });
        let answer: PublishAnswer = self.post(&format!("{to}:publish"), &body).await?;
        Ok(answer.message_ids.len())
    }

    /// Removes messages from the subscription.
    pub(crate) async fn acknowledge(
        &self,
        on: &Subscription,
        messages: &[PulledMessage],
    ) -> Result<(), CallError> {
        let body = json!({ "ackIds": ack_ids(messages) });
        let NoContent {} = self.post(&format!("{on}:acknowledge"), &body).await?;
        Ok(())
    }

    /// Lets messages be pulled again at once.
    pub(crate) async fn release(
        &self,
        on: &Subscription,
        messages: &[PulledMessage],
    ) -> Result<(), CallError> {
        let body = json!({ "ackIds": ack_ids(messages), "ackDeadlineSeconds": 0 });
        let NoContent {} = self.post(&format!("{on}:modifyAckDeadline"), &body).await?;
        Ok(())
    }

    async fn post<T: DeserializeOwned>(&self, call: &str, body: &Value) -> Result<T, CallError> {
        let url = format!("{}/{call}", self.base);
        self.api.post(&url, body, call_deadline()).await
    }
}

fn ack_ids(messages: &[PulledMessage]) -> Vec<&str> {
    let ids = messages.iter().map(|pulled| pulled.ack_id.as_str());
    ids.collect()
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
