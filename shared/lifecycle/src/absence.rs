//! Resources that Google does not find.
//!
//! A stored resource has the absence in its record. One of which nothing is stored is recorded among the events, under
//! a hash of the resource, until reconciliation has asked again.

use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use outbox::stable_id;
use procurement::ProcurementError;
use store::{Absence, Commit, Document, HandledEvent, Walked};

use crate::decide::{Absent, ResourceAnswer, is_confirmable, is_young};
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest, Trigger};

/// Google did not find something of which nothing is stored.
const UNCONFIRMED: &str = "absence-unconfirmed";

const KIND: &str = "absence";

/// As long as events are remembered, and longer than Pub/Sub delivers again.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

/// How long reconciliation goes on asking: longer than a message is delivered again for, and the longest pause between
/// two deliveries, together.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(1);

impl<T> ResourceAnswer<T> {
    /// What Google answered, where "not found" is one of the answers.
    pub(crate) fn of(fetched: Result<T, ProcurementError>, at: At) -> Result<Self, SyncError> {
        match fetched {
            Ok(found) => Ok(Self::Found(found)),
            Err(ProcurementError::NotFound(_)) => Ok(Self::Absent(Absent::Unconfirmed, at.now)),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a confirmed absence is refuted by what is stored by now: somebody has found the resource meanwhile.
    pub(crate) fn is_refuted(&self, noted: Option<Absence>) -> bool {
        match self {
            Self::Absent(Absent::Confirmed, now) => {
                !noted.is_some_and(|noted| is_confirmable(noted, *now))
            }
            Self::Absent(Absent::Unconfirmed, _) | Self::Found(_) => false,
        }
    }
}

impl Lifecycle {
    /// The time by which the age of an absence is measured: by the store's clock, which all instances share. That of
    /// one instance may be wrong by days, and would have an absence believed that began a minute ago.
    pub(crate) async fn shared_now(&self, at: At) -> Result<Timestamp, SyncError> {
        let now = self.store.now(at.deadline).await?;
        Ok(now.unwrap_or(at.now))
    }

    /// An absence that is noted for the first time, as it began by the clock that all instances share.
    pub(crate) async fn begun(
        &self,
        absence: Option<Absence>,
        at: At,
    ) -> Result<Option<Absence>, SyncError> {
        let Some(absence) = absence else {
            return Ok(None);
        };
        let since = self.shared_now(at).await?;
        Ok(Some(Absence { since, ..absence }))
    }

    /// What Google did not find and of which nothing is stored: at most `limit` from the one after `after` on.
    pub async fn unknown_absences(
        &self,
        after: Option<&str>,
        limit: usize,
        at: At,
    ) -> Result<Walked<HandledEvent>, SyncError> {
        let waiting = self
            .store
            .walk_events_with_outcome(UNCONFIRMED, after, limit, at.deadline);
        Ok(waiting.await?)
    }

    /// Asks again for a resource of [`unknown_absences`](Self::unknown_absences). Once it has been asked for often
    /// enough, there is nothing more to be done: nothing is stored that could be wrong.
    pub async fn ask_again(&self, noted: &HandledEvent, at: At) -> Result<SyncOutcome, SyncError> {
        let request = SyncRequest::by_reconciliation(at);
        let resource = noted.resource.as_deref().and_then(Resource::parse);
        let outcome = match &resource {
            Some(resource) => self.sync(resource, request).await?,
            None => SyncOutcome::Unchanged,
        };
        if outcome != SyncOutcome::Absent || at.now.duration_since(noted.handled) >= ASKED_FOR {
            let commit = Commit::new().delete(Document::event(&noted.id));
            self.commit(commit, at).await?;
        }
        Ok(outcome)
    }

    /// Nothing is stored of the resource. The first time that is recorded, and a message about it is delivered again
    /// for a while.
    pub(crate) async fn unknown(
        &self,
        resource: &Resource,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let at = request.at;
        let id = stable_id(&[KIND, &resource.to_string()]);
        let known = self.store.event(&id, at).await?;
        let since = known.map_or(at.now, |known| known.record.handled);
        if since == at.now && request.trigger != Trigger::Reconciliation {
            let note = HandledEvent {
                id,
                kind: KIND.to_owned(),
                outcome: UNCONFIRMED.to_owned(),
                resource: Some(resource.to_string()),
                body: None,
                handled: at.now,
                keep_until: at.now.saturating_add(KEPT).unwrap_or(at.now),
            };
            self.commit(Commit::new().put(note), at).await?;
        }
        self.absent(is_young(since, at.now), request).await
    }

    /// A young absence has its message delivered again; from then on reconciliation owns it.
    pub(crate) async fn absent(
        &self,
        is_young: bool,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        if is_young && request.trigger != Trigger::Reconciliation {
            return Err(SyncError::AbsenceUnconfirmed);
        }
        self.leave_receipt(request, SyncOutcome::Absent).await
    }
}
