//! Resources that Google did not find, until reconciliation asks again.
//!
//! They are remembered as events under a hash of the resource, so that a redelivered message finds
//! what a reconciliation has confirmed.

use jiff::SignedDuration;
use marketplace::At;
use outbox::stable_id;
use procurement::ProcurementError;
use store::{Commit, Document, HandledEvent, Stored};

use crate::decide::{Absence, ResourceAnswer};
use crate::{Lifecycle, Resource, SyncError};

/// Google did not find the resource once.
const UNCONFIRMED: &str = "absence-unconfirmed";

/// A reconciliation asked again, and Google did not find it either.
const CONFIRMED: &str = "absence-confirmed";

const KIND: &str = "absence";

/// As long as events are remembered, and longer than Pub/Sub delivers again.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

impl Lifecycle {
    /// Resources that reconciliation has to ask for again: at most `limit` from the one after `after` on.
    pub async fn unconfirmed_absences(
        &self,
        after: Option<&str>,
        limit: usize,
        at: At,
    ) -> Result<Vec<Stored<HandledEvent>>, SyncError> {
        let waiting = self
            .store
            .events_with_outcome(UNCONFIRMED, after, limit, at.deadline);
        Ok(waiting.await?)
    }

    /// What Google answered, where "not found" may be confirmed already.
    pub(crate) async fn google_answer<T>(
        &self,
        fetched: Result<T, ProcurementError>,
        resource: &Resource,
        at: At,
    ) -> Result<ResourceAnswer<T>, SyncError> {
        match fetched {
            Ok(found) => Ok(ResourceAnswer::Found(found)),
            Err(ProcurementError::NotFound(_)) => {
                let id = id(&resource.to_string());
                let known = self.store.event(&id, at).await?;
                let confirmed = known.is_some_and(|known| known.record.outcome == CONFIRMED);
                let absence = if confirmed {
                    Absence::Confirmed
                } else {
                    Absence::Unconfirmed
                };
                Ok(ResourceAnswer::Absent(absence, at.now))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Remembers that reconciliation has to ask again. What was confirmed stays so.
    pub(crate) async fn remember_absence(
        &self,
        resource: &Resource,
        at: At,
    ) -> Result<(), SyncError> {
        let commit = Commit::new().create(absence(&resource.to_string(), UNCONFIRMED, at));
        match self.commit(commit, at).await {
            // It is remembered already.
            Err(SyncError::Contended) => Ok(()),
            remembered => remembered,
        }
    }

    /// From now on messages about the resource are acknowledged.
    pub(crate) async fn confirm_absence(&self, resource: &str, at: At) -> Result<(), SyncError> {
        let commit = Commit::new().put(absence(resource, CONFIRMED, at));
        self.commit(commit, at).await
    }

    /// Google has found it after all.
    pub(crate) async fn forget_absence(&self, resource: &str, at: At) -> Result<(), SyncError> {
        let commit = Commit::new().delete(Document::event(&id(resource)));
        self.commit(commit, at).await
    }
}

fn id(resource: &str) -> String {
    stable_id(&[KIND, resource])
}

fn absence(resource: &str, outcome: &str, at: At) -> HandledEvent {
    HandledEvent {
        id: id(resource),
        kind: KIND.to_owned(),
        outcome: outcome.to_owned(),
        resource: Some(resource.to_owned()),
        body: None,
        handled: at.now,
        keep_until: at.now.saturating_add(KEPT).unwrap_or(at.now),
    }
}
