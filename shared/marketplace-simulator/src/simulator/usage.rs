//! Usage: what was reported, what it costs, and what shall go wrong with it.

use marketplace::{EntitlementId, ProcurementAccountId};

use super::Simulator;
use crate::marketplace_state::NotPossible;
use crate::service_control::{Bill, CheckedOperation, UsageOperation};

impl Simulator {
    /// What this customer pays by usage, with what it used before its orders ended or were deleted.
    pub fn bill(&self, account: &ProcurementAccountId) -> Bill {
        self.google.service_control().bill(account)
    }

    /// Every reported operation in the order of arrival, each attempt by itself. Those of a request that
    /// was refused as a whole are not among them.
    pub fn operations(&self) -> Vec<UsageOperation> {
        self.google.service_control().operations().to_vec()
    }

    /// Every operation that was checked, in the order of arrival.
    pub fn checks(&self) -> Vec<CheckedOperation> {
        self.google.service_control().checks().to_vec()
    }

    /// Ids of the operations that are on a bill more than once, each one time.
    pub fn counted_twice(&self) -> Vec<String> {
        self.google.service_control().counted_twice()
    }

    /// From now on every check of this consumer is answered with these `checkErrors`, by the names of
    /// their codes, such as `BILLING_DISABLED`; with none it passes again.
    pub fn fail_checks(&self, consumer_id: &str, codes: &[&str]) {
        let mut control = self.google.service_control();
        control.planned_errors.fail_checks(consumer_id, codes);
    }

    /// The next so many operations that are reported for this consumer come back in `reportErrors` with
    /// this code of `google.rpc.Code`, and do not count. One whose id was counted before is no such.
    pub fn refuse_reports(&self, consumer_id: &str, times: usize, code: i32) {
        let mut control = self.google.service_control();
        control
            .planned_errors
            .refuse_reports(consumer_id, times, code);
    }

    /// The entitlement shows its `usageReportingId` now, though the settings withhold it.
    pub fn issue_usage_reporting_id(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.google
            .change(|state| state.issue_reporting_id(entitlement.as_str(), self.now()))
    }
}
