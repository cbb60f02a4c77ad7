//! What the vendor's operator does in Producer Portal, beside the API.

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId};

use super::Simulator;
use crate::google_error::GoogleError;
use crate::marketplace_state::{MarketplaceState, NotPossible};

impl Simulator {
    /// The operator approves the account's sign-up.
    pub fn approve_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.decide(|state, now| {
            state
                .account_mut(account.as_str())?
                .approve(None, None, now)
        })
        .map_err(|error| not_possible(&error, NotPossible::UnknownAccount))
    }

    /// The operator rejects the account's sign-up.
    pub fn reject_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.decide(|state, now| state.account_mut(account.as_str())?.reject(None, None, now))
            .map_err(|error| not_possible(&error, NotPossible::UnknownAccount))
    }

    /// The operator approves the entitlement.
    pub fn approve_entitlement(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.google
            .change(|state| state.approve_entitlement(entitlement.as_str(), self.now()))
            .map_err(|error| not_possible(&error, NotPossible::UnknownEntitlement))
    }

    /// Makes the account the vendor's own, so that `reset` is allowed for it.
    pub fn make_own_test_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.decide(|state, _| {
            state.account_mut(account.as_str())?.is_own_test_account = true;
            Ok(())
        })
        .map_err(|error| not_possible(&error, NotPossible::UnknownAccount))
    }

    fn decide(
        &self,
        decision: impl FnOnce(&mut MarketplaceState, Timestamp) -> Result<(), GoogleError>,
    ) -> Result<(), GoogleError> {
        self.google.change(|state| {
            let now = state.tick(self.now());
            decision(state, now)
        })
    }
}

fn not_possible(error: &GoogleError, unknown: NotPossible) -> NotPossible {
    match error.code {
        404 => unknown,
        _ => NotPossible::WrongState,
    }
}
