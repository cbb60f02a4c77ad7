//! Resources that Google did not find, until reconciliation asks again.
//!
//! They are remembered as events under a hash of the resource, so that a redelivered message finds
//! what a reconciliation has confirmed.

use jiff::SignedDuration;
use marketplace::{EntitlementId, ProcurementAccountId};
use store::{Commit, Document, HandledEvent};

use super::{FollowError, Follower};
use crate::outbox::hash;
use marketplace::At;

/// Google said once that there is no such resource.
pub(crate) const UNCONFIRMED: &str = "absence-unconfirmed";

/// And again, to a reconciliation.
const CONFIRMED: &str = "absence-confirmed";

const KIND: &str = "absence";

/// As long as events are remembered, and longer than Pub/Sub delivers again.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

/// The name of an account among absences.
pub(crate) fn account(id: &ProcurementAccountId) -> String {
    format!("accounts/{id}")
}

/// The name of an entitlement among absences.
pub(crate) fn entitlement(id: &EntitlementId) -> String {
    format!("entitlements/{id}")
}

impl Follower {
    /// Whether a reconciliation has confirmed that Google does not know the resource.
    pub(super) async fn is_confirmed_absent(
        &self,
        resource: &str,
        at: At,
    ) -> Result<bool, FollowError> {
        let known = self.store.event(&id(resource), at).await?;
        Ok(known.is_some_and(|known| known.record.outcome == CONFIRMED))
    }

    /// Remembers that reconciliation has to ask again. What was confirmed stays so.
    pub(super) async fn remember_absence(&self, resource: &str, at: At) -> Result<(), FollowError> {
        let commit = Commit::new().create(absence(resource, UNCONFIRMED, at));
        match self.commit(commit, at).await {
            // It is remembered already.
            Err(FollowError::Contended) => Ok(()),
            remembered => remembered,
        }
    }

    /// Lets messages about the resource be acknowledged from now on.
    pub(crate) async fn confirm_absence(&self, resource: &str, at: At) -> Result<(), FollowError> {
        let commit = Commit::new().put(absence(resource, CONFIRMED, at));
        self.commit(commit, at).await
    }

    /// Google has found it after all.
    pub(crate) async fn forget_absence(&self, resource: &str, at: At) -> Result<(), FollowError> {
        let commit = Commit::new().delete(Document::event(&id(resource)));
        self.commit(commit, at).await
    }
}

fn id(resource: &str) -> String {
    hash(&[KIND, resource])
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
