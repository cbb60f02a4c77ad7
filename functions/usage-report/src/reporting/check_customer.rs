//! What Google says about serving a customer, and the news for the application about a change.

use jiff::SignedDuration;
use marketplace::At;
use metering::{Labels, MetricId, Window, hour_of, operation_id};
use outbox::{AccountCommit, News, Notify};
use store::{Commit, CommitError, Entitlement, Meter, Store, StoreUnavailable, retry_contended};

use super::alerts::alert_set_up_wrong;
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

    /// Asks Google about the consumer of an operation, and stores a change. The application is notified of each change,
    /// in the order of all news about the account; a wrong set-up calls an operator; if Google could not say, nothing
    /// changes.
    pub(super) async fn check(
        &self,
        entitlement: &Entitlement,
        operation: OperationHead<'_>,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        let Some(service) = self.control.service_of(&entitlement.product) else {
            return Ok(());
        };
        match self.control.check(service, operation, at.deadline).await {
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

    /// Stores whether the customer may be served, if that is a change, and notifies the application.
    async fn store_change(
        &self,
        entitlement: &Entitlement,
        stop: Option<&str>,
        at: At,
    ) -> Result<(), StoreUnavailable> {
        // Mostly nothing changes, and then one read is all that it costs.
        let meter = self.store.meter(&entitlement.id, at.deadline).await?;
        if !meter.is_some_and(|it| changes(&it.record, entitlement, stop)) {
            return Ok(());
        }
        let stored = retry_contended(|| Box::pin(self.try_change(entitlement, stop, at))).await;
        match stored {
            Ok(()) => Ok(()),
            Err(CommitError::Conflict) => {
                tracing::warn!(
                    entitlement_id = entitlement.id.as_str(),
                    "others changed a customer all the time: whether it may be served is stored with the next check"
                );
                Ok(())
            }
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }

    async fn try_change(
        &self,
        entitlement: &Entitlement,
        stop: Option<&str>,
        at: At,
    ) -> Result<(), CommitError> {
        // What is read after the account is as new as this version of it: every commit that changes an order changes
        // its account, too.
        let account = self
            .store
            .account(&entitlement.account, at.deadline)
            .await?;
        let (meter, orders) = tokio::try_join!(
            self.store.meter(&entitlement.id, at.deadline),
            self.store
                .entitlements_of(&entitlement.account, at.deadline),
        )?;
        let Some(meter) = meter.filter(|it| changes(&it.record, entitlement, stop)) else {
            return Ok(());
        };
        let Some(account) = account else {
            tracing::warn!(
                entitlement_id = entitlement.id.as_str(),
                reason = stop.unwrap_or("none"),
                "Google changed whether a customer may be served, and nothing is published: the account is not stored"
            );
            return Ok(());
        };
        let changed = Meter {
            account: entitlement.account.clone(),
            stopped: stop.map(|_| at.now),
            stop_reason: stop.map(str::to_owned),
            updated: at.now,
            ..meter.record
        };
        let orders: Vec<_> = orders.iter().map(|order| &order.record).collect();
        let order = orders
            .iter()
            .copied()
            .find(|order| order.id == entitlement.id);
        let Some(order) = order else {
            // Google has moved it meanwhile: whose it is now is read again.
            return Ok(());
        };
        let news = news(order, stop);
        let account_commit = AccountCommit {
            known: Some(&account),
            account: account.record.clone(),
            orders,
            news: vec![news],
        };
        let commit = Commit::new().replace(&changed, &meter.version);
        let commit = account_commit.add_to(commit, self.notify, at.now);
        self.store.commit(commit, at.deadline).await?;
        tracing::warn!(
            entitlement_id = entitlement.id.as_str(),
            reason = stop.unwrap_or("none"),
            "Google changed whether a customer may be served"
        );
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

/// Whether what Google says of serving is another than what is stored, or is news to the account that has the order
/// now.
fn changes(meter: &Meter, entitlement: &Entitlement, stop: Option<&str>) -> bool {
    let has_moved = meter.account != entitlement.account;
    meter.stopped.is_some() != stop.is_some() || (stop.is_some() && has_moved)
}

fn news(order: &Entitlement, stop: Option<&str>) -> News {
    let order = order.clone();
    match stop {
        Some(reason) => News::StopServing {
            order,
            reason: reason.to_owned(),
        },
        None => News::ResumeServing { order },
    }
}
