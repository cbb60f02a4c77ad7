//! What Google says of a customer, and who has to hear it.

use jiff::SignedDuration;
use marketplace::At;
use metering::{Labels, MetricId, Window, hour_of, operation_id};
use outbox::{Notify, resume_serving, stop_serving};
use store::{Commit, Entitlement, Meter, StoreUnavailable};

use super::Reporter;
use crate::service_control::Checked;

impl Reporter {
    /// Tells the application that it has to stop, or may go on, once for each change; and the
    /// operator that something is wrong with our set-up. If Google could not say, nobody.
    pub(super) async fn heed(
        &self,
        entitlement: &Entitlement,
        checked: Checked,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        let stop = match checked {
            Checked::Serve => None,
            Checked::Stop(reason) => Some(reason),
            Checked::SetUp(reason) => {
                tracing::error!(
                    alert = "usage-set-up-wrong",
                    entitlement_id = entitlement.id.as_str(),
                    reason,
                    "Google's check says that the set-up is wrong"
                );
                return Ok(());
            }
            Checked::Unknown(reason) => {
                tracing::warn!(
                    entitlement_id = entitlement.id.as_str(),
                    reason,
                    "Google could not check a customer"
                );
                return Ok(());
            }
        };
        let Some(stored) = self.store.meter(&entitlement.id, at.deadline).await? else {
            return Ok(());
        };
        if stored.record.stopped.is_some() == stop.is_some() {
            return Ok(());
        }
        let meter = Meter {
            stopped: stop.as_ref().map(|_| at.now),
            updated: at.now,
            ..stored.record
        };
        let entry = match &stop {
            Some(reason) => stop_serving(entitlement, reason, at.now),
            None => resume_serving(entitlement, at.now),
        };
        let commit = Commit::new().replace(&meter, &stored.version);
        let commit = match self.terms.notify {
            Notify::On => commit.create(entry),
            Notify::Off => commit,
        };
        if self.passes(commit, at).await? {
            tracing::warn!(
                entitlement_id = entitlement.id.as_str(),
                reason = stop.as_deref().unwrap_or("none"),
                "whether a customer may be served has changed"
            );
        }
        Ok(())
    }

    /// Asks again about a customer who is not served: without usage nobody else would.
    pub(super) async fn check_again(
        &self,
        entitlement: &Entitlement,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        let Some(consumer) = &entitlement.usage_reporting_id else {
            return Ok(());
        };
        let Ok(metric) = MetricId::parse("serving") else {
            return Ok(());
        };
        let end = hour_of(at.now);
        let start = end
            .saturating_sub(SignedDuration::from_hours(1))
            .unwrap_or(end);
        let id = operation_id(
            &entitlement.id,
            &metric,
            Window { start, end },
            &Labels::new(),
        );
        let id = id.to_string();
        let checked = self
            .control
            .check((&id, consumer), (start, end), at.deadline);
        let checked = checked.await;
        self.heed(entitlement, checked, at).await
    }
}
