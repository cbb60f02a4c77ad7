//! From the outbox to the vendor's Pub/Sub topic.
//!
//! An entry is deleted after Google has taken it, so it is published at least once. Nobody waits
//! for it: what cannot be published now is published by the next event or reconciliation.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use google_calls::{CallError, Causes, Credentials, GoogleApi, Http};
use marketplace::{Deadline, GoogleOrigin, ProviderId};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Commit, CommitError, Document, OutboxEntry, Store, StoreUnavailable, Stored};
use tokio::sync::Mutex;

use crate::Telling;

const HOST: &str = "pubsub.googleapis.com";

/// Entries published in one call: Pub/Sub takes a thousand, a commit five hundred deletions.
const BATCH: usize = 100;

/// With less time than this left, publishing is not begun.
const SHORTEST: Duration = Duration::from_millis(300);

/// A Pub/Sub topic by its full name, `projects/{project}/topics/{topic}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic(String);

/// The outbox, and where it leads.
#[derive(Clone)]
pub struct Outbox {
    store: Store,
    publisher: Option<Publisher>,
    /// One at a time in each instance, or parallel events would publish the same entries.
    turn: Arc<Mutex<()>>,
}

#[derive(Clone)]
struct Publisher {
    api: GoogleApi,
    url: Arc<str>,
    source: Arc<str>,
}

/// Why entries are still in the outbox. Nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The topic could not be published to.
    #[error("publish to the topic")]
    Call(#[from] CallError),
    /// The outbox could not be read, or published entries not deleted: they are published again.
    #[error("read the outbox")]
    Store(#[from] StoreUnavailable),
    /// The request's time is up.
    #[error("publish in time")]
    TimedOut,
}

#[derive(Deserialize)]
struct Published {}

impl Topic {
    /// Reads `projects/{project}/topics/{topic}`.
    pub fn parse(text: &str) -> Option<Self> {
        let safe = |part: &str| {
            let mut bytes = part.bytes();
            !part.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b"-._~+:".contains(&b))
        };
        let parts: Vec<_> = text.split('/').collect();
        match *parts.as_slice() {
            ["projects", project, "topics", topic]
                if safe(project) && safe(topic) && text.len() <= 400 =>
            {
                Some(Self(text.to_owned()))
            }
            _ => None,
        }
    }
}

impl Outbox {
    /// The outbox in this store; without a topic nobody is told.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            publisher: None,
            turn: Arc::default(),
        }
    }

    /// The same, leading to a topic. `provider` names the source of the events.
    #[must_use]
    pub fn leading_to(
        mut self,
        topic: &Topic,
        provider: &ProviderId,
        (origin, http, credentials): (&GoogleOrigin, Http, Credentials),
    ) -> Self {
        let url = origin.https(HOST, &format!("/v1/{}:publish", topic.0));
        self.publisher = Some(Publisher {
            api: GoogleApi::new(http, credentials),
            url: url.into(),
            source: format!("//cloudcommerceprocurement.googleapis.com/providers/{provider}")
                .into(),
        });
        self
    }

    /// Whether anybody is told.
    pub fn telling(&self) -> Telling {
        match self.publisher {
            Some(_) => Telling::Told,
            None => Telling::Untold,
        }
    }

    /// Publishes what waits, as far as that goes until the deadline, and says how much it was.
    pub async fn drain(&self, deadline: Deadline) -> Result<usize, PublishError> {
        let Some(publisher) = &self.publisher else {
            return Ok(0);
        };
        let turn = tokio::time::timeout(deadline.remaining(), self.turn.lock()).await;
        let _turn = turn.map_err(|_| PublishError::TimedOut)?;
        let mut count = 0;
        loop {
            let mut entries = self.store.outbox_batch(BATCH, deadline).await?;
            // What happened first is told first, as far as it is told together.
            entries.sort_by(|a, b| order(&a.record).cmp(&order(&b.record)));
            if entries.is_empty() {
                return Ok(count);
            }
            if deadline.remaining() < SHORTEST {
                return Err(PublishError::TimedOut);
            }
            publisher.publish(&entries, deadline).await?;
            count += entries.len();
            self.delete(&entries, deadline).await?;
            if entries.len() < BATCH {
                return Ok(count);
            }
        }
    }

    /// As [`drain`](Self::drain), for a request whose answer does not depend on it.
    pub async fn drain_if_possible(&self, deadline: Deadline) {
        if let Err(error) = self.drain(deadline).await {
            tracing::warn!(
                error = %Causes(&error),
                "changes wait to be published"
            );
        }
    }

    /// Deletes what nobody will ever fetch: entries from when there was a topic. Says how many.
    pub(crate) async fn discard_untold(&self, deadline: Deadline) -> Result<usize, PublishError> {
        if self.telling() == Telling::Told {
            return Ok(0);
        }
        let entries = self.store.outbox_batch(BATCH, deadline).await?;
        self.delete(&entries, deadline).await?;
        Ok(entries.len())
    }

    async fn delete(
        &self,
        entries: &[Stored<OutboxEntry>],
        deadline: Deadline,
    ) -> Result<(), StoreUnavailable> {
        let commit = entries.iter().fold(Commit::new(), |commit, entry| {
            commit.delete(Document::outbox(&entry.record.id))
        });
        match self.store.commit(commit, deadline).await {
            // Deletions have no precondition, so there is nothing to conflict with.
            Ok(()) | Err(CommitError::Conflict) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}

impl Publisher {
    async fn publish(
        &self,
        entries: &[Stored<OutboxEntry>],
        deadline: Deadline,
    ) -> Result<(), CallError> {
        let messages: Vec<_> = entries
            .iter()
            .map(|entry| message(&entry.record, &self.source))
            .collect();
        let body = json!({ "messages": messages });
        let Published {} = self.api.post(&self.url, &body, deadline).await?;
        Ok(())
    }
}

/// Changes of one moment are told by their type, where access comes before what happens to it.
fn order(entry: &OutboxEntry) -> (jiff::Timestamp, &str) {
    (entry.occurred, &entry.kind)
}

/// A `CloudEvent` 1.0 in structured mode as a Pub/Sub message. The attributes repeat what
/// subscriptions may filter by.
fn message(entry: &OutboxEntry, source: &str) -> Value {
    let subject = format!("accounts/{}", entry.account);
    let event = json!({
        "specversion": "1.0",
        "id": entry.id,
        "source": source,
        "type": entry.kind,
        "subject": subject,
        "time": entry.occurred,
        "datacontenttype": "application/json",
        "data": entry.data,
    });
    json!({
        "data": BASE64_STANDARD.encode(event.to_string()),
        "attributes": {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "ce-specversion": "1.0",
            "ce-id": entry.id,
            "ce-source": source,
            "ce-type": entry.kind,
            "ce-subject": subject,
            "ce-time": entry.occurred,
        },
    })
}

#[cfg(test)]
mod tests {
    use marketplace::ProcurementAccountId;

    use super::*;
    use crate::decide::samples::at;
    use crate::signed_up;

    #[test]
    fn topics_are_full_names() {
        for text in [
            "projects/p/topics/t",
            "projects/example.com:p/topics/a-b.c_d~e+f",
        ] {
            assert!(Topic::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "t",
            "projects/p/topics/",
            "projects//topics/t",
            "projects/p/topics/t/u",
            "projects/p/topics/a b",
            "projects/p/topics/a?b",
            "projects/p/subscriptions/t",
        ] {
            assert!(Topic::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_message_is_a_cloud_event() {
        let account = ProcurementAccountId::parse("A-1").unwrap();
        let entry = signed_up(&account, Some("Müller & Söhne"), at(0));
        let message = message(&entry, "//source");
        let data = message["data"].as_str().unwrap();
        let event: Value = serde_json::from_slice(&BASE64_STANDARD.decode(data).unwrap()).unwrap();
        assert_eq!(
            event,
            json!({
                "specversion": "1.0",
                "id": entry.id,
                "source": "//source",
                "type": "portico.account.signed-up",
                "subject": "accounts/A-1",
                "time": "2026-11-18T11:06:40Z",
                "datacontenttype": "application/json",
                "data": { "account": "A-1", "unverified_company": "Müller & Söhne" },
            })
        );
        assert_eq!(
            message["attributes"],
            json!({
                "content-type": "application/cloudevents+json; charset=utf-8",
                "ce-specversion": "1.0",
                "ce-id": entry.id,
                "ce-source": "//source",
                "ce-type": "portico.account.signed-up",
                "ce-subject": "accounts/A-1",
                "ce-time": "2026-11-18T11:06:40Z",
            })
        );
    }
}
