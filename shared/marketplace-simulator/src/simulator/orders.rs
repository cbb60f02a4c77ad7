//! What becomes of orders: terms, offers, and the clock that moves them.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::{EntitlementId, PlanId, ProcurementAccountId, ProductId};

use super::Simulator;
use crate::clock::Clock;
use crate::marketplace_state::{Buyer, Entitlement, EventKinds, NotPossible, Order, PrivateOffer};

impl Simulator {
    /// Somebody accepts a private offer of a plan.
    pub fn accept_offer(
        &self,
        buyer: Buyer,
        product: &ProductId,
        plan: &PlanId,
        offer: PrivateOffer,
    ) -> Result<Order, NotPossible> {
        let now = self.now();
        self.google
            .change(|state| state.purchase_offer(buyer, product, plan, Some(offer), now))
    }

    /// The customer takes back a cancellation for the end of the term.
    pub fn revert_cancellation(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::revert_cancellation)
    }

    /// The customer withdraws the request for another plan.
    pub fn withdraw_plan_change(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::withdraw_plan_change)
    }

    /// The customer accepts a private offer for an order that is in force, of this plan or the present one.
    /// It waits for the vendor's approval unless that is automatic.
    pub fn request_offer(
        &self,
        entitlement: &EntitlementId,
        plan: &PlanId,
        offer: PrivateOffer,
    ) -> Result<(), NotPossible> {
        let settings = &self.google.settings;
        let (approval, activation) = (settings.approval, settings.activation);
        self.transition(entitlement, |it, at| {
            it.request_offer(plan, Some(offer), approval, activation, at)
        })
    }

    /// The next term begins.
    pub fn renew(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::renew)
    }

    /// The private offer runs out: the order ends, or goes on at the list price.
    pub fn end_offer(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        let project = self.google.settings.project.number;
        self.transition(entitlement, |it, at| it.end_offer(project, at))
    }

    /// Google withholds access, without a message.
    pub fn suspend(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::suspend)
    }

    /// Google gives access again, without a message.
    pub fn resume(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.transition(entitlement, Entitlement::resume)
    }

    /// Google deletes the record of an order that has ended.
    pub fn delete_entitlement(&self, entitlement: &EntitlementId) -> Result<(), NotPossible> {
        self.google
            .change(|state| state.delete_entitlement(entitlement.as_str(), self.now()))
    }

    /// Google deletes an account whose orders have all ended.
    pub fn delete_account(&self, account: &ProcurementAccountId) -> Result<(), NotPossible> {
        self.google
            .change(|state| state.delete_account(account.as_str(), self.now()))
    }

    /// Moves the clock of orders alone: for tests of programs that go by this machine's clock. What
    /// falls due on the way happens in its order: an approved order becomes active at its start and, where activation waits, 15 minutes
    /// after its approval; at the end of a term what was put off for it, or the next term; private offers
    /// run out; 60 days after its end an order is deleted, and with the last one the account.
    ///
    /// # Panics
    ///
    /// If the clock would pass the year 9999.
    pub fn advance_orders(&self, by: Duration) {
        self.google
            .change(|state| state.advance_clock(by, self.now()));
    }

    /// Lets time pass for everybody: moves the [`clock`](Self::clock) of the simulated world, by which
    /// tokens are issued, messages are sent and orders go. What falls due on the way happens as by
    /// [`advance_orders`](Self::advance_orders). Only programs that read this clock share the
    /// simulated time; for any other program, tokens come from the future.
    pub fn pass_time(&self, by: Duration) {
        self.google.change(|state| {
            state.catch_up(by, self.now());
            self.google.clock.advance(by);
        });
    }

    /// The simulated clock.
    pub fn clock(&self) -> Clock {
        self.google.clock.clone()
    }

    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        self.google.now()
    }

    /// The time by the clock of orders.
    pub fn orders_now(&self) -> Timestamp {
        self.google.read(|state| self.now() + state.ahead())
    }

    pub(super) fn transition(
        &self,
        entitlement: &EntitlementId,
        transition: impl FnOnce(&mut Entitlement, Timestamp) -> Result<EventKinds, NotPossible>,
    ) -> Result<(), NotPossible> {
        let (id, missing) = (entitlement.as_str(), NotPossible::UnknownEntitlement);
        self.google
            .change(|state| state.transition(id, self.now(), missing, transition))
    }
}
