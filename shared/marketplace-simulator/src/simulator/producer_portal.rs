//! What the vendor's operator does in Producer Portal, beside the API.

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId};

use super::Simulator;
use crate::google_error::GoogleError;
use crate::marketplace_state::{Account, Entitlement, EventKinds, NotPossible};

impl Simulator {
    /// The operator approves the account's sign-up.
    pub fn approve_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.google
            .change(|state| state.approve_account(account.as_str(), None, None, self.now()))
            .map_err(|error| not_possible(&error, NotPossible::UnknownAccount))
    }

    /// The operator rejects the account's sign-up.
    pub fn reject_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.decide(account, |it, now| it.reject(None, None, now))
    }

    /// The operator approves the entitlement.
    pub fn approve_entitlement(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.google
            .change(|state| state.approve_entitlement(entitlement.as_str(), self.now()))
            .map_err(|error| not_possible(&error, NotPossible::UnknownEntitlement))
    }

    /// The operator rejects the entitlement.
    pub fn reject_entitlement(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.decide_order(entitlement, Entitlement::reject)
    }

    /// The operator approves the plan that the customer asked for.
    pub fn approve_plan_change(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        let activation = self.google.settings.activation;
        self.decide_order(entitlement, |it, now| {
            let plan = pending_plan(it);
            it.approve_plan_change(&plan, activation, now)
        })
    }

    /// The operator rejects the plan that the customer asked for.
    pub fn reject_plan_change(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.decide_order(entitlement, |it, now| {
            let plan = pending_plan(it);
            it.reject_plan_change(&plan, now)
        })
    }

    /// Sets the account back to before its sign-up, and ends its orders: `accounts.reset`, which Google
    /// allows for the vendor's own accounts, so it is made one.
    pub fn reset_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.make_own_test_account(account)?;
        self.google
            .change(|state| state.reset_account(account.as_str(), self.now()))
            .map_err(|error| not_possible(&error, NotPossible::UnknownAccount))
    }

    /// Makes the account the vendor's own, so that `reset` is allowed for it.
    pub fn make_own_test_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.decide(account, |it, _| {
            it.is_own_test_account = true;
            Ok(())
        })
    }

    /// From now on Google reports the account without any approval, and takes none. It is in no document.
    pub fn forget_approvals(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.decide(account, |it, _| {
            it.approvals.clear();
            Ok(())
        })
    }

    fn decide(
        &self,
        account: &ProcurementAccountId,
        decision: impl FnOnce(&mut Account, Timestamp) -> Result<(), GoogleError>,
    ) -> Result<(), NotPossible> {
        let decided = self.google.change(|state| {
            let now = state.tick(self.now());
            decision(state.account_mut(account.as_str())?, now)
        });
        decided.map_err(|error| not_possible(&error, NotPossible::UnknownAccount))
    }

    fn decide_order(
        &self,
        entitlement: &EntitlementId,
        decision: impl FnOnce(&mut Entitlement, Timestamp) -> Result<EventKinds, GoogleError>,
    ) -> Result<(), NotPossible> {
        let (id, missing) = (entitlement.as_str(), GoogleError::not_found());
        self.google
            .change(|state| state.transition(id, self.now(), missing, decision))
            .map_err(|error| not_possible(&error, NotPossible::UnknownEntitlement))
    }
}

/// The plan that waits; empty if none does, which is refused as Google refuses a wrong one.
fn pending_plan(entitlement: &Entitlement) -> String {
    let plan = entitlement.new_pending_plan.as_ref();
    plan.map_or_else(String::new, ToString::to_string)
}

fn not_possible(error: &GoogleError, unknown: NotPossible) -> NotPossible {
    match error.code {
        404 => unknown,
        _ => NotPossible::WrongState,
    }
}
