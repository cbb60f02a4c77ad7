//! What Google says about serving a customer, and telling the application of a change.

use jiff::SignedDuration;
use marketplace::At;
use metering::{Labels, MetricId, Window, hour_of, operation_id};
use outbox::{Notify, resume_serving, stop_serving};
use store::{Commit, Entitlement, Meter, Store, StoreUnavailable};

use super::alerts::alert_set_up_wrong;
use super::try_commit;
use crate::service_control::{CheckAnswer, OperationHead, ServiceControl};

/// Asks Google whether customers may be served.
#[derive(Clone)]
pub(super) struct CustomerCheck {
    store: Store,
    control: ServiceControl,
    notify: Notify,
}

impl CustomerCheck {
    pub(super) fn new(store: Store, control: ServiceControl, notify: Notify) -> Self {
        Self {
            store,
            control,
            notify,
        }
    }

    /// Asks Google about the consumer of an operation, and stores a change. The outbox gets an entry
    /// for each change; a wrong set-up calls an operator; if Google could not say, nothing changes.
    pub(super) async fn check(
        &self,
        entitlement: &Entitlement,
        operation: OperationHead<'_>,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        match self.control.check(operation, at.deadline).await {
            CheckAnswer::Serve => self.store_change(entitlement, None, at).await,
            CheckAnswer::StopServing(reason) => {
                self.store_change(entitlement, Some(&reason), at).await
            }
            CheckAnswer::SetUpWrong(reason) => {
                alert_set_up_wrong(&entitlement.id, &reason);
                Ok(())
            }
            CheckAnswer::Unknown(reason) => {
                tracing::warn!(
                    entitlement_id = entitlement.id.as_str(),
                    reason,
                    "Google could not check a customer"
                );
                Ok(())
            }
        }
    }

    /// Stores whether the customer may be served, if that is a change.
    async fn store_change(
        &self,
        entitlement: &Entitlement,
        stop: Option<&str>,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        let Some(stored) = self.store.meter(&entitlement.id, at.deadline).await? else {
            return Ok(());
        };
        if stored.record.stopped.is_some() == stop.is_some() {
            return Ok(());
        }
        let meter = Meter {
            stopped: stop.map(|_| at.now),
            updated: at.now,
            ..stored.record
        };
        let entry = match stop {
            Some(reason) => stop_serving(entitlement, reason, at.now),
            None => resume_serving(entitlement, at.now),
        };
        let commit = Commit::new().replace(&meter, &stored.version);
        let commit = match self.notify {
            Notify::On => commit.create(entry),
            Notify::Off => commit,
        };
        if try_commit(&self.store, commit, at).await? {
            tracing::warn!(
                entitlement_id = entitlement.id.as_str(),
                reason = stop.unwrap_or("none"),
                "Google changed whether a customer may be served"
            );
        }
        Ok(())
    }

    /// Asks again about a customer who is not served: without usage no other check would be made.
    pub(super) async fn check_without_usage(
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
        let window = Window { start, end };
        let id = operation_id(&entitlement.id, &metric, window, &Labels::new());
        let id = id.to_string();
        let operation = OperationHead {
            id: &id,
            consumer,
            window,
        };
        self.check(entitlement, operation, at).await
    }
}
