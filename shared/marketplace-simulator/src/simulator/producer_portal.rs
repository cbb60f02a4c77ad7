//! What the vendor's operator does in Producer Portal, beside the API.

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId};

use super::Simulator;
use crate::google_error::GoogleError;
use crate::marketplace_state::{Account, NotPossible};

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
}

fn not_possible(error: &GoogleError, unknown: NotPossible) -> NotPossible {
    match error.code {
        404 => unknown,
        _ => NotPossible::WrongState,
    }
}
