//! The clock of orders: what the passing of time brings about.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::EntitlementState;

use super::entitlement::{Due, Entitlement};
use super::{MarketplaceState, NotPossible};
use crate::settings::Activation;

impl MarketplaceState {
    /// Moves the clock of orders away from the world's, with all that falls due on the way.
    pub(crate) fn advance_clock(&mut self, by: Duration, now: Timestamp) {
        self.catch_up(by, now);
        self.ahead += by;
    }

    /// What falls due within this time happens, in its order and at its moment: scheduled
    /// starts, activations, ends of terms, renewals, deletions.
    pub(crate) fn catch_up(&mut self, by: Duration, now: Timestamp) {
        let until = now + self.ahead + by;
        while let Some((at, due, id)) = self.next_due(until) {
            // It was due, so its state allows it.
            let _ = self.bring_about(&id, due, at - self.ahead);
        }
    }

    /// How long it is from now until an order becomes active or a plan takes effect by itself; none if none does.
    /// All else waits until time is made to pass.
    pub(crate) fn until_due(&self, now: Timestamp) -> Option<Duration> {
        let activation = self.settings.activation;
        let Activation::After(_) = activation else {
            return None;
        };
        let waiting = self.entitlements.iter().filter(|it| {
            matches!(
                it.state,
                EntitlementState::ActivationRequested | EntitlementState::PendingPlanChange
            )
        });
        let (at, _) = waiting
            .filter_map(|it| it.due(activation))
            .min_by_key(|(at, _)| *at)?;
        // Negative, and so zero, if it was due before.
        let wait = at.duration_since(now + self.ahead);
        Some(Duration::try_from(wait).unwrap_or_default())
    }

    fn next_due(&self, until: Timestamp) -> Option<(Timestamp, Due, String)> {
        let activation = self.settings.activation;
        let due = |it: &Entitlement| {
            let of_order = it.due(activation);
            let of_usage = self.reporting_id_due(it).map(|at| (at, Due::ReportingId));
            let all = of_order.into_iter().chain(of_usage);
            let (at, due) = all.min_by_key(|(at, _)| *at)?;
            (at <= until).then(|| (at, due, it.id.to_string()))
        };
        let all = self.entitlements.iter().filter_map(due);
        all.min_by_key(|(at, _, _)| *at)
    }

    fn bring_about(&mut self, id: &str, due: Due, now: Timestamp) -> Result<(), NotPossible> {
        let missing = NotPossible::UnknownEntitlement;
        let project = self.settings.project.number;
        match due {
            Due::PutOff => self.transition(id, now, missing, Entitlement::advance),
            Due::Renewal => self.transition(id, now, missing, Entitlement::renew),
            Due::OfferEnd => self.transition(id, now, missing, |it, at| it.end_offer(project, at)),
            Due::Purge => self.purge(id, now),
            Due::ReportingId => self.issue_reporting_id(id, now),
        }
    }

    /// The record of an order goes, and with the last one the account.
    fn purge(&mut self, id: &str, now: Timestamp) -> Result<(), NotPossible> {
        let missing = NotPossible::UnknownEntitlement;
        let entitlement = self.entitlements.get(id).ok_or(missing)?;
        let account = entitlement.account.clone();
        self.delete_entitlement(id, now)?;
        if self.entitlements.iter().any(|it| it.account == account) {
            Ok(())
        } else {
            self.delete_account(account.as_str(), now)
        }
    }
}
