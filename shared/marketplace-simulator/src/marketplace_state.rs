//! Accounts and entitlements as Google keeps them: the state machine behind the Procurement API.
//!
//! Every change goes through a transition of [`Account`] or [`Entitlement`]. They are pure: the
//! moment is an argument, and a refusal is the error that Google answers.

mod account;
mod endings;
mod entitlement;
mod event_bodies;
mod names;
mod order_clock;
mod people;
mod private_offer;
mod usage;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use marketplace::{
    ApprovalState, EntitlementState, PlanId, ProcurementAccountId, ProductId, UserIdentity,
};

use serde_json::Value;

use crate::event_kind::EventKind;
use crate::google_error::GoogleError;
use crate::random;
use crate::records::Records;
use crate::settings::{AccountMessages, EntitlementApproval, Plan, Product, Settings};

pub use account::{Account, Approval, User};
pub use entitlement::Entitlement;
pub(crate) use entitlement::EventKinds;
#[cfg(test)]
pub(crate) use people::outsider;
pub(crate) use people::stranger;
pub use private_offer::{OfferEnd, OfferTerm, PendingOffer, PrivateOffer};
pub(crate) use usage::Consumer;
use usage::Consumers;

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
    /// The account has no such user.
    #[error("the account has no such user")]
    UnknownUser,
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

impl NotPossible {
    /// Refuses what the state does not allow.
    pub(crate) fn unless(is_allowed: bool) -> Result<(), Self> {
        is_allowed.then_some(()).ok_or(Self::WrongState)
    }
}

/// Everything the Marketplace knows of its customers.
#[derive(Debug)]
pub(crate) struct MarketplaceState {
    pub(crate) settings: Arc<Settings>,
    pub(crate) accounts: Records<Account>,
    pub(crate) entitlements: Records<Entitlement>,
    consumers: Consumers,
    /// Messages that are to be sent, oldest first.
    unsent_events: Vec<Value>,
    /// How far the clock of orders is ahead of the world's.
    ahead: Duration,
    last: Timestamp,
}

impl MarketplaceState {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            accounts: Records::default(),
            entitlements: Records::default(),
            consumers: Consumers::default(),
            unsent_events: Vec::new(),
            ahead: Duration::ZERO,
            last: Timestamp::UNIX_EPOCH,
        }
    }

    /// `now` by the clock of orders, at Google's precision of a microsecond, and later than any moment
    /// given before.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Timestamp {
        let now = now + self.ahead;
        let after = self.last.as_microsecond() + 1;
        let micros = now.as_microsecond().max(after);
        self.last = Timestamp::from_microsecond(micros).unwrap_or(now);
        self.last
    }

    /// The messages since the last call, oldest first.
    pub(crate) fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.unsent_events)
    }

    /// How far the clock of orders is ahead of the world's.
    pub(crate) fn ahead(&self) -> Duration {
        self.ahead
    }

    /// A new account with its first user.
    pub(crate) fn create_account(&mut self, now: Timestamp) -> ProcurementAccountId {
        let now = self.tick(now);
        let account = Account::created(now);
        let id = account.id.clone();
        let operation = random::operation("CREATE_ACCOUNT");
        self.announce_account(EventKind::AccountActive, &operation, &account);
        self.accounts.put(id.as_str(), account);
        id
    }

    /// Gives the account's approval. Google then says once more that the account is active, by an operation
    /// of its own: so several public integrations describe it.
    pub(crate) fn approve_account(
        &mut self,
        id: &str,
        approval: Option<&str>,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        let at = self.tick(now);
        let account = self.account_mut(id)?;
        account.approve(approval, reason, at)?;
        if self.settings.account_messages == AccountMessages::Sent {
            let account = self.account_mut(id)?.clone();
            let operation = random::operation("APPROVE_ACCOUNT");
            self.announce_account(EventKind::AccountActive, &operation, &account);
        }
        Ok(())
    }

    /// A purchase: the entitlement waits for its approval, unless that is automatic.
    pub(crate) fn purchase(
        &mut self,
        buyer: Buyer,
        product: &ProductId,
        plan: &PlanId,
        now: Timestamp,
    ) -> Result<Order, NotPossible> {
        self.purchase_offer(buyer, product, plan, None, now)
    }

    /// A purchase, at the list price or by a private offer.
    pub(crate) fn purchase_offer(
        &mut self,
        buyer: Buyer,
        product: &ProductId,
        plan: &PlanId,
        offer: Option<PrivateOffer>,
        now: Timestamp,
    ) -> Result<Order, NotPossible> {
        self.plan(product, plan).ok_or(NotPossible::UnknownPlan)?;
        let operation = random::operation("CREATE_ENTITLEMENT");
        let account = match buyer {
            Buyer::New => self.create_account(now),
            Buyer::Existing(account) => account,
        };
        let buyer = self.accounts.get(account.as_str());
        let user = buyer.and_then(|buyer| buyer.users.first());
        let user = user.ok_or(NotPossible::UnknownAccount)?.identity.clone();
        let at = self.tick(now);
        let number = self.settings.project.number;
        let mut entitlement =
            Entitlement::requested(&account, product, plan, at).offered_by(number, offer);
        entitlement.operation = operation;
        let order = Order {
            account,
            user,
            entitlement: entitlement.id.clone(),
        };
        let is_automatic = self.settings.approval == EntitlementApproval::Automatic;
        if !is_automatic {
            self.announce(EventKind::CreationRequested, &entitlement);
        }
        self.announce(EventKind::OfferAccepted, &entitlement);
        self.entitlements
            .put(order.entitlement.as_str(), entitlement);
        self.settle_usage(order.entitlement.as_str(), at);
        if is_automatic {
            let activation = self.settings.activation;
            let missing = NotPossible::UnknownEntitlement;
            self.transition(order.entitlement.as_str(), now, missing, |it, at| {
                Ok(it.grant(activation, at))
            })?;
        }
        Ok(order)
    }

    /// A transition of an entitlement, with the messages that Google sends of it.
    pub(crate) fn transition<E>(
        &mut self,
        id: &str,
        now: Timestamp,
        missing: E,
        transition: impl FnOnce(&mut Entitlement, Timestamp) -> Result<EventKinds, E>,
    ) -> Result<(), E> {
        let at = self.tick(now);
        let Some(entitlement) = self.entitlements.get_mut(id) else {
            return Err(missing);
        };
        let kinds = transition(entitlement, at)?;
        let (provider, shape) = (&self.settings.provider, self.settings.event_shape);
        let body = |kind| event_bodies::of_entitlement(provider, shape, kind, entitlement);
        self.unsent_events.extend(kinds.into_iter().map(body));
        self.settle_usage(id, at);
        Ok(())
    }

    /// Gives the entitlement's approval: only after that of its account, and only while it waits.
    pub(crate) fn approve_entitlement(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        let activation = self.settings.activation;
        let entitlement = self.entitlements.get(id);
        let entitlement = entitlement.ok_or_else(GoogleError::not_found)?;
        let account = self.accounts.get(entitlement.account.as_str());
        if account.is_none_or(|account| account.signup() != &ApprovalState::Approved) {
            return Err(GoogleError::failed_precondition());
        }
        self.transition(id, now, GoogleError::not_found(), |it, at| {
            it.approve(activation, at)
        })
    }

    pub(crate) fn account_mut(&mut self, id: &str) -> Result<&mut Account, GoogleError> {
        self.accounts.get_mut(id).ok_or_else(GoogleError::not_found)
    }

    pub(crate) fn entitlement_mut(&mut self, id: &str) -> Result<&mut Entitlement, GoogleError> {
        let entitlement = self.entitlements.get_mut(id);
        entitlement.ok_or_else(GoogleError::not_found)
    }

    /// The account's entitlements that have not ended, oldest first.
    pub(crate) fn orders_of(&self, account: &ProcurementAccountId) -> Vec<&Entitlement> {
        self.entitlements
            .iter()
            .filter(|e| &e.account == account && e.state != EntitlementState::Cancelled)
            .collect()
    }

    fn announce(&mut self, kind: EventKind, entitlement: &Entitlement) {
        let (provider, shape) = (&self.settings.provider, self.settings.event_shape);
        let body = event_bodies::of_entitlement(provider, shape, kind, entitlement);
        self.unsent_events.push(body);
    }

    fn announce_account(&mut self, kind: EventKind, operation: &str, account: &Account) {
        if self.settings.account_messages != AccountMessages::NotSent {
            let provider = &self.settings.provider;
            let body = event_bodies::of_account(provider, kind, operation, account);
            self.unsent_events.push(body);
        }
    }

    fn plan(&self, product: &ProductId, plan: &PlanId) -> Option<&Plan> {
        let is_product = |candidate: &&Product| &candidate.id == product;
        let product = self.settings.products.iter().find(is_product)?;
        product.plans.iter().find(|candidate| &candidate.id == plan)
    }
}

#[cfg(test)]
mod tests;
