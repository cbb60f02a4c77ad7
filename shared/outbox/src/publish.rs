//! Publishes the outbox to the vendor's Pub/Sub topic.
//!
//! An entry is deleted after Pub/Sub has accepted it, so it is published at least once. No answer depends on it:
//! what cannot be published now is published with the next event or reconciliation.

use std::sync::Arc;
use std::time::Duration;

use google_calls::{CallError, GoogleApi};
use marketplace::{Deadline, ErrorChain, GoogleOrigin};
use serde::Deserialize;
use serde_json::json;
use store::{Commit, CommitError, Document, OutboxEntry, Store, StoreUnavailable, Stored};
use tokio::sync::Mutex;

use crate::cloud_event::message;
use crate::{Destination, Notify};

const HOST: &str = "pubsub.googleapis.com";

/// Entries published in one call: Pub/Sub takes a thousand, a commit five hundred deletions.
const BATCH: usize = 100;

/// About how many bytes of data are published in one call. Pub/Sub takes 10 MB, and base64 makes them a third more.
const LARGEST: usize = 4 * 1024 * 1024;

/// With less time left than this, publishing is not started.
const SHORTEST: Duration = Duration::from_millis(300);

/// The waiting entries of a store, and the topic they are published to.
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
    /// Pub/Sub refused the messages, or could not be reached.
    #[error("the topic could not be published to")]
    Call(#[from] CallError),
    /// The outbox could not be read, or published entries not deleted: they are published again.
    #[error("the outbox could not be read or cleared")]
    Store(#[from] StoreUnavailable),
    /// The request's time ran out.
    #[error("the time to publish ran out")]
    TimedOut,
}

#[derive(Deserialize)]
struct Published {}

impl Outbox {
    /// The outbox in this store. Without a destination no entry is written and nothing is published.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            publisher: None,
            turn: Arc::default(),
        }
    }

    /// The same outbox, published to this destination.
    #[must_use]
    pub fn publishing_to(
        mut self,
        destination: &Destination,
        origin: &GoogleOrigin,
        api: GoogleApi,
    ) -> Self {
        let Destination { topic, provider } = destination;
        let url = origin.https(HOST, &format!("/v1/{}:publish", topic.as_str()));
        self.publisher = Some(Publisher {
            api,
            url: url.into(),
            source: format!("//cloudcommerceprocurement.googleapis.com/providers/{provider}")
                .into(),
        });
        self
    }

    /// Whether the application is notified.
    pub fn notify(&self) -> Notify {
        match self.publisher {
            Some(_) => Notify::On,
            None => Notify::Off,
        }
    }

    /// Publishes the waiting entries until the deadline, and says how many it published.
    pub async fn drain(&self, deadline: Deadline) -> Result<usize, PublishError> {
        let Some(publisher) = &self.publisher else {
            return Ok(0);
        };
        let turn = tokio::time::timeout(deadline.remaining(), self.turn.lock()).await;
        let _turn = turn.map_err(|_| PublishError::TimedOut)?;
        let mut count = 0;
        loop {
            let mut entries = self.store.outbox_batch(BATCH, deadline).await?;
            // Within a batch, what happened first comes first. Entries of earlier versions have no place: they are
            // older than all others.
            let place = |entry: &Stored<OutboxEntry>| {
                let OutboxEntry {
                    sequence,
                    occurred,
                    kind,
                    ..
                } = &entry.record;
                (sequence.clone(), *occurred, kind.clone())
            };
            entries.sort_by_cached_key(place);
            if entries.is_empty() {
                return Ok(count);
            }
            if deadline.remaining() < SHORTEST {
                return Err(PublishError::TimedOut);
            }
            let is_last = entries.len() < BATCH;
            for batch in batches(&entries) {
                publisher.publish(batch, deadline).await?;
                count += batch.len();
                self.delete(batch, deadline).await?;
            }
            if is_last {
                return Ok(count);
            }
        }
    }

    /// As [`drain`](Self::drain), for a request whose answer does not depend on it.
    pub async fn drain_if_possible(&self, deadline: Deadline) {
        if let Err(error) = self.drain(deadline).await {
            tracing::warn!(
                error = %ErrorChain(&error),
                "changes wait to be published"
            );
        }
    }

    /// Without a topic, deletes the entries from when there was one, and says how many. At most a batch of them.
    pub async fn discard_unpublishable(&self, deadline: Deadline) -> Result<usize, PublishError> {
        if self.notify() == Notify::On {
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

/// The entries in their order, in parts that one call can take.
fn batches(entries: &[Stored<OutboxEntry>]) -> impl Iterator<Item = &[Stored<OutboxEntry>]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        let mut sum = 0;
        let fits = rest.iter().take_while(|entry| {
            sum += entry.record.data.to_string().len() + 2_048;
            sum <= LARGEST
        });
        let fits = fits.count().max(1).min(rest.len());
        let (batch, later) = rest.split_at(fits);
        rest = later;
        (!batch.is_empty()).then_some(batch)
    })
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

#[cfg(test)]
mod tests;
