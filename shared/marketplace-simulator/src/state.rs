//! Accounts and entitlements as Google keeps them: the state machine behind the Procurement API.
//!
//! Every change goes through a transition of [`Account`] or [`Entitlement`]. They are pure: the
//! moment is an argument, and a refusal is the error that Google answers.

mod account;
mod entitlement;
mod random;
mod shelf;

use std::sync::Arc;

use jiff::Timestamp;
use marketplace::{
    ApprovalState, EntitlementState, PlanId, ProcurementAccountId, ProductId, UserIdentity,
};

use crate::google_error::GoogleError;
use crate::settings::{Plan, Product, Settings};

pub use account::{Account, Approval, User};
pub use entitlement::Entitlement;
pub(crate) use random::token as random_token;
pub(crate) use shelf::Shelf;

/// Who buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Buyer {
    /// A customer that was never seen before.
    New,
    /// A customer that has an account.
    Existing(ProcurementAccountId),
}

/// A purchase: what it was made by and what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The customer's procurement account.
    pub account: ProcurementAccountId,
    /// The first user of the account: who bought, and who signs up unless a test says otherwise.
    pub user: UserIdentity,
    /// The entitlement; the order has the same id.
    pub entitlement: marketplace::EntitlementId,
}

/// Why the Marketplace did not do what a customer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// No account with this id.
    #[error("the account does not exist")]
    UnknownAccount,
    /// No entitlement with this id.
    #[error("the entitlement does not exist")]
    UnknownEntitlement,
    /// No such plan of such a product.
    #[error("the plan is not for sale")]
    UnknownPlan,
    /// The resource is in a state that does not allow it.
    #[error("the state does not allow it")]
    WrongState,
}

/// Everything the Marketplace knows of its customers.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Arc<Settings>,
    pub(crate) accounts: Shelf<Account>,
    pub(crate) entitlements: Shelf<Entitlement>,
    last: Timestamp,
}

impl State {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            accounts: Shelf::default(),
            entitlements: Shelf::default(),
            last: Timestamp::UNIX_EPOCH,
        }
    }

    /// `now` at Google's precision of a microsecond, and later than any moment given before.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Timestamp {
        let after = self.last.as_microsecond() + 1;
        let micros = now.as_microsecond().max(after);
        self.last = Timestamp::from_microsecond(micros).unwrap_or(now);
        self.last
    }

    /// A new account with its first user.
    pub(crate) fn create_account(&mut self, now: Timestamp) -> ProcurementAccountId {
        let now = self.tick(now);
        let account = Account::born(now);
        let id = account.id.clone();
        self.accounts.put(id.as_str(), account);
        id
    }

    /// A purchase: the entitlement waits for its approval.
    pub(crate) fn purchase(
        &mut self,
        buyer: Buyer,
        product: &ProductId,
        plan: &PlanId,
        now: Timestamp,
    ) -> Result<Order, NotPossible> {
        let billing = self
            .plan(product, plan)
            .ok_or(NotPossible::UnknownPlan)?
            .billing;
        let account = match buyer {
            Buyer::New => self.create_account(now),
            Buyer::Existing(account) => account,
        };
        let buyer = self
            .accounts
            .get(account.as_str())
            .ok_or(NotPossible::UnknownAccount)?;
        let user = buyer.users.first().ok_or(NotPossible::UnknownAccount)?;
        let user = user.identity.clone();
        let now = self.tick(now);
        let number = self.settings.project.number;
        let entitlement = Entitlement::requested(&account, product, plan, now)
            .offered_by(number)
            .billed(billing);
        let id = entitlement.id.clone();
        self.entitlements.put(id.as_str(), entitlement);
        Ok(Order {
            account,
            user,
            entitlement: id,
        })
    }

    /// Gives the entitlement's approval: only after that of its account, and only while it waits.
    pub(crate) fn approve_entitlement(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        let now = self.tick(now);
        let activation = self.settings.activation;
        let entitlement = self
            .entitlements
            .get(id)
            .ok_or_else(GoogleError::not_found)?;
        let account = self.accounts.get(entitlement.account.as_str());
        if account.is_none_or(|account| account.signup() != &ApprovalState::Approved) {
            return Err(GoogleError::failed_precondition());
        }
        self.entitlement_mut(id)?.approve(activation, now)
    }

    /// Takes the account back to before its sign-up, and ends what it bought.
    pub(crate) fn reset_account(&mut self, id: &str, now: Timestamp) -> Result<(), GoogleError> {
        let now = self.tick(now);
        self.account_mut(id)?.reset(now)?;
        for entitlement in self.entitlements.iter_mut() {
            if entitlement.account.as_str() == id && entitlement.has_not_ended() {
                entitlement.end("account-closed", now);
            }
        }
        Ok(())
    }

    pub(crate) fn account_mut(&mut self, id: &str) -> Result<&mut Account, GoogleError> {
        self.accounts.get_mut(id).ok_or_else(GoogleError::not_found)
    }

    pub(crate) fn entitlement_mut(&mut self, id: &str) -> Result<&mut Entitlement, GoogleError> {
        self.entitlements
            .get_mut(id)
            .ok_or_else(GoogleError::not_found)
    }

    /// The account's entitlements that have not ended, oldest first.
    pub(crate) fn orders_of(&self, account: &ProcurementAccountId) -> Vec<&Entitlement> {
        self.entitlements
            .iter()
            .filter(|e| &e.account == account && e.state != EntitlementState::Cancelled)
            .collect()
    }

    fn plan(&self, product: &ProductId, plan: &PlanId) -> Option<&Plan> {
        let is_product = |candidate: &&Product| &candidate.id == product;
        let product = self.settings.products.iter().find(is_product)?;
        product.plans.iter().find(|candidate| &candidate.id == plan)
    }
}

#[cfg(test)]
mod tests;
