//! Which events have been handled.

use jiff::Timestamp;
use marketplace::{At, Deadline};

use crate::documents::collections::EVENTS;
use crate::documents::query::Query;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored, Walked};

/// That the effect of an event is stored: written in the effect's commit, so that a second
/// delivery costs one read. Correctness never depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandledEvent {
    /// A hash of what names the event.
    pub id: String,
    /// The event's type, or what stands for it where it has none. Bounded by the caller.
    pub kind: String,
    /// What became of it, for an operator. Bounded by the caller.
    pub outcome: String,
    /// What it was about, such as `accounts/{id}`, where it must be looked at again.
    pub resource: Option<String>,
    /// The message itself, where it could not be understood. Bounded by the caller.
    pub body: Option<String>,
    /// When it was handled.
    pub handled: Timestamp,
    /// Until when it must be recognised: longer than Pub/Sub delivers again.
    pub keep_until: Timestamp,
}

impl Document {
    /// An event that was handled, by its hash.
    pub fn event(id: &str) -> Self {
        Self::new(EVENTS, id)
    }
}

impl Store {
    /// An event that was handled, by its hash, as long as that matters.
    pub async fn event(
        &self,
        id: &str,
        at: At,
    ) -> Result<Option<Stored<HandledEvent>>, StoreUnavailable> {
        let found = self.one(Document::event(id), at.deadline).await?;
        Ok(found.filter(|event: &Stored<HandledEvent>| at.now < event.record.keep_until))
    }

    /// One step through the events with this outcome, in the order of their ids: at most `limit` documents from the
    /// one after `after` on. Some may have expired.
    pub async fn walk_events_with_outcome(
        &self,
        outcome: &str,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<HandledEvent>, StoreUnavailable> {
        let query = Query::page(EVENTS, after, limit).with("outcome", outcome);
        self.walk(query, deadline).await
    }
}

stored_record! {
    HandledEvent, in EVENTS, at |event| Document::event(&event.id);
    id: id;
    fields: kind, outcome, resource, body, handled, keep_until as "expire_at";
}
