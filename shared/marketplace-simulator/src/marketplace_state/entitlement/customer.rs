//! What the customer and Google's billing do with an entitlement.

use jiff::Timestamp;
use marketplace::{EntitlementState, PlanId};

use super::super::NotPossible;
use super::super::private_offer::{PendingOffer, PrivateOffer};
use super::{Entitlement, EventKinds};
use crate::event_kind::EventKind;
use crate::random;
use crate::settings::{Activation, EntitlementApproval};

impl Entitlement {
    /// The customer asks for another plan at the list price.
    pub(crate) fn request_plan(
        &mut self,
        plan: &PlanId,
        approval: EntitlementApproval,
        activation: Activation,
        now: Timestamp,
    ) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(&self.plan != plan)?;
        self.request_offer(plan, None, approval, activation, now)
    }

    /// The customer asks for a plan, at the list price or by a private offer.
    pub(crate) fn request_offer(
        &mut self,
        plan: &PlanId,
        offer: Option<PrivateOffer>,
        approval: EntitlementApproval,
        activation: Activation,
        now: Timestamp,
    ) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(self.state == EntitlementState::Active)?;
        self.operation = random::operation("PLAN_CHANGE");
        self.new_pending_plan = Some(plan.clone());
        self.new_pending_offer = Some(PendingOffer::after(&self.offer, offer));
        Ok(match approval {
            EntitlementApproval::ByVendor => {
                self.enter(EntitlementState::PendingPlanChangeApproval, now);
                vec![EventKind::PlanChangeRequested]
            }
            // Without an approval nobody is asked; the next message says that it is done.
            EntitlementApproval::Automatic => self.grant_plan_change(activation, now),
        })
    }

    /// The customer wants the old plan after all.
    pub(crate) fn withdraw_plan_change(
        &mut self,
        now: Timestamp,
    ) -> Result<EventKinds, NotPossible> {
        match self.state {
            EntitlementState::PendingPlanChangeApproval | EntitlementState::PendingPlanChange => {
                Ok(self.forget_pending_plan(now))
            }
            _ => Err(NotPossible::WrongState),
        }
    }

    /// The customer cancels, and it ends at once.
    pub(crate) fn cancel_now(&mut self, now: Timestamp) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(self.has_not_ended())?;
        self.operation = random::operation("CANCEL_ENTITLEMENT");
        Ok(self.end("user-cancelled", now))
    }

    /// The customer cancels for the end of the term.
    pub(crate) fn cancel_later(&mut self, now: Timestamp) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(self.state == EntitlementState::Active)?;
        self.operation = random::operation("CANCEL_ENTITLEMENT");
        self.subscription_end_time = self.term_end_time;
        self.enter(EntitlementState::PendingCancellation, now);
        Ok(vec![EventKind::PendingCancellation])
    }

    /// The customer takes a cancellation back before the term ends.
    pub(crate) fn revert_cancellation(
        &mut self,
        now: Timestamp,
    ) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(self.state == EntitlementState::PendingCancellation)?;
        self.operation = random::operation("REVERT");
        self.subscription_end_time = None;
        self.enter(EntitlementState::Active, now);
        Ok(vec![EventKind::CancellationReverted])
    }

    /// Google withholds access, as after an unpaid bill. No message is sent about it.
    pub(crate) fn suspend(&mut self, now: Timestamp) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(self.state == EntitlementState::Active)?;
        self.enter(EntitlementState::Suspended, now);
        Ok(EventKinds::new())
    }

    /// Google gives access again. No message is sent about it.
    pub(crate) fn resume(&mut self, now: Timestamp) -> Result<EventKinds, NotPossible> {
        NotPossible::unless(self.state == EntitlementState::Suspended)?;
        self.enter(EntitlementState::Active, now);
        Ok(EventKinds::new())
    }

    /// What was put off happens: activation, the pending plan, or the end.
    pub(crate) fn advance(&mut self, now: Timestamp) -> Result<EventKinds, NotPossible> {
        match self.state {
            EntitlementState::ActivationRequested if self.is_approved => {
                Ok(self.become_active(now))
            }
            EntitlementState::PendingPlanChange => Ok(self.take_pending_plan(now)),
            EntitlementState::PendingCancellation => Ok(self.end("user-cancelled", now)),
            _ => Err(NotPossible::WrongState),
        }
    }
}
