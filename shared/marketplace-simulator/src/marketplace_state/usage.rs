//! Which consumers usage can be reported for.

use std::collections::HashMap;

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};

use super::{Entitlement, EventKinds, MarketplaceState, NotPossible};
use crate::random;
use crate::settings::{Billing, ReportingIds};

/// What a `usageReportingId` begins with.
const PROJECT_NUMBER: &str = "project_number:";

/// A consumer: what a `usageReportingId` was issued for. Google knows them longer than their orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consumer {
    pub(crate) account: ProcurementAccountId,
    pub(crate) entitlement: EntitlementId,
    pub(crate) product: ProductId,
    /// Every plan that the entitlement ever had.
    pub(crate) plans: Vec<PlanId>,
    pub(crate) was_active: bool,
}

#[derive(Debug, Default)]
pub(super) struct Consumers(HashMap<String, Consumer>);

impl Entitlement {
    /// Resource name of the project that usage is reported for; none without a `usageReportingId`.
    pub(crate) fn consumer_project(&self) -> Option<String> {
        let id = self.usage_reporting_id.as_deref()?;
        let number = id.strip_prefix(PROJECT_NUMBER)?;
        Some(format!("projects/{number}"))
    }
}

impl MarketplaceState {
    /// Whom this `usageReportingId` was issued for, and where the entitlement stands; no state if it was
    /// deleted.
    pub(crate) fn consumer(&self, id: &str) -> Option<(&Consumer, Option<&EntitlementState>)> {
        let consumer = self.consumers.0.get(id)?;
        let entitlement = self.entitlements.get(consumer.entitlement.as_str());
        Some((consumer, entitlement.map(|it| &it.state)))
    }

    /// Gives the entitlement its `usageReportingId`, independently of the settings.
    pub(crate) fn issue_reporting_id(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<(), NotPossible> {
        let missing = NotPossible::UnknownEntitlement;
        self.transition(id, now, missing, |it, at| {
            NotPossible::unless(it.usage_reporting_id.is_none() && it.has_not_ended())?;
            it.usage_reporting_id = Some(reporting_id());
            it.update_time = at;
            Ok(EventKinds::new())
        })
    }

    /// When the `usageReportingId` shows that is withheld still.
    pub(super) fn reporting_id_due(&self, entitlement: &Entitlement) -> Option<Timestamp> {
        let is_waiting = entitlement.usage_reporting_id.is_none()
            && entitlement.has_not_ended()
            && self.is_billed_by_usage(entitlement);
        if !is_waiting {
            return None;
        }
        match self.settings.usage.reporting_ids {
            ReportingIds::AtPurchase => Some(entitlement.create_time),
            ReportingIds::AtActivation => entitlement.active_since,
            ReportingIds::AfterActivation(wait) => entitlement.active_since.map(|at| at + wait),
        }
    }

    /// After every change of an entitlement: whether it gets its `usageReportingId`, and what is known
    /// of whom it stands for.
    pub(super) fn settle_usage(&mut self, id: &str, at: Timestamp) {
        let entitlement = self.entitlements.get(id);
        let due = entitlement.and_then(|it| self.reporting_id_due(it));
        let Some(it) = self.entitlements.get_mut(id) else {
            return;
        };
        if due.is_some_and(|due| due <= at) {
            it.usage_reporting_id = Some(reporting_id());
        }
        if let Some(reporting) = &it.usage_reporting_id {
            self.consumers.record(reporting, it);
        }
    }

    fn is_billed_by_usage(&self, entitlement: &Entitlement) -> bool {
        let plan = self.plan(&entitlement.product, &entitlement.plan);
        plan.is_some_and(|plan| plan.billing == Billing::Usage)
    }
}

impl Consumers {
    fn record(&mut self, id: &str, entitlement: &Entitlement) {
        let consumer = self.0.entry(id.to_owned()).or_insert_with(|| Consumer {
            account: entitlement.account.clone(),
            entitlement: entitlement.id.clone(),
            product: entitlement.product.clone(),
            plans: Vec::new(),
            was_active: false,
        });
        consumer.was_active = entitlement.active_since.is_some();
        if !consumer.plans.contains(&entitlement.plan) {
            consumer.plans.push(entitlement.plan.clone());
        }
    }
}

fn reporting_id() -> String {
    format!("{PROJECT_NUMBER}{}", random::digits(12))
}
