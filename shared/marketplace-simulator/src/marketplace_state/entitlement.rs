//! What a customer bought.
//!
//! A transition answers which messages Google sends of it; [`MarketplaceState`](super::MarketplaceState) words and sends them.

mod customer;
mod terms;

pub(super) use terms::Due;

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};

use super::private_offer::{self, PendingOffer, PrivateOffer};
use crate::event_kind::EventKind;
use crate::google_error::GoogleError;
use crate::random;
use crate::settings::Activation;

/// The messages of a transition, in the order in which Google sends them.
pub(crate) type EventKinds = Vec<EventKind>;

/// An entitlement, which is an order too: both have one id.
#[derive(Debug, Clone, PartialEq)]
pub struct Entitlement {
    /// Its id, a UUID.
    pub id: EntitlementId,
    /// Who bought.
    pub account: ProcurementAccountId,
    /// What was bought.
    pub product: ProductId,
    /// The plan in force, or asked for.
    pub plan: PlanId,
    /// The resource name of the offer.
    pub offer: String,
    /// What is special about a private offer; none at the list price.
    pub private_offer: Option<PrivateOffer>,
    /// What the order brings, by id.
    pub benefit_ids: Vec<String>,
    /// Where it stands.
    pub state: EntitlementState,
    /// Whether the approval is given, though it may not be active yet.
    pub is_approved: bool,
    /// The plan it shall change to.
    pub new_pending_plan: Option<PlanId>,
    /// By which offer it shall change to it.
    pub new_pending_offer: Option<PendingOffer>,
    /// The quote by which it was bought, if by one.
    pub quote: Option<String>,
    /// When it was bought.
    pub create_time: Timestamp,
    /// When it changed last.
    pub update_time: Timestamp,
    /// When the present term ends; none before the first one.
    pub term_end_time: Option<Timestamp>,
    /// When it became active first; none before.
    pub active_since: Option<Timestamp>,
    /// What to report usage for, if billed by usage; [`ReportingIds`](crate::ReportingIds) says from
    /// when on.
    pub usage_reporting_id: Option<String>,
    /// What the vendor lets the customer read while they wait.
    pub message_to_user: Option<String>,
    /// Why it ended.
    pub cancellation_reason: Option<String>,
    /// When it ended or will end.
    pub subscription_end_time: Option<Timestamp>,
    /// How many approvals changed anything. A call that was refused does not count.
    pub times_approved: u32,
    /// How many approvals of a plan change changed anything.
    pub times_plan_changes_approved: u32,
    /// The operation under way, or the last one: `eventId` of its messages.
    pub(super) operation: String,
    pub(super) approved_at: Option<Timestamp>,
    /// When the approved plan takes effect, if not with the next term.
    pub(super) plan_changes_at: Option<Timestamp>,
}

impl Entitlement {
    /// Whether it may still be used, or become usable.
    pub fn has_not_ended(&self) -> bool {
        self.state != EntitlementState::Cancelled
    }

    #[expect(clippy::expect_used, reason = "a UUID is a valid id")]
    pub(super) fn requested(
        account: &ProcurementAccountId,
        product: &ProductId,
        plan: &PlanId,
        now: Timestamp,
    ) -> Self {
        Self {
            id: EntitlementId::parse(random::uuid()).expect("a UUID is a valid id"),
            account: account.clone(),
            product: product.clone(),
            plan: plan.clone(),
            offer: String::new(),
            private_offer: None,
            benefit_ids: vec![random::uuid()],
            state: EntitlementState::ActivationRequested,
            is_approved: false,
            new_pending_plan: None,
            new_pending_offer: None,
            quote: None,
            create_time: now,
            update_time: now,
            term_end_time: None,
            active_since: None,
            usage_reporting_id: None,
            message_to_user: None,
            cancellation_reason: None,
            subscription_end_time: None,
            times_approved: 0,
            times_plan_changes_approved: 0,
            operation: random::operation("CREATE_ENTITLEMENT"),
            approved_at: None,
            plan_changes_at: None,
        }
    }

    pub(super) fn offered_by(mut self, project: u64, offer: Option<PrivateOffer>) -> Self {
        self.offer = private_offer::name(project, &self.product, offer.as_ref());
        self.quote = offer.as_ref().and_then(|offer| offer.quote.clone());
        self.private_offer = offer;
        self
    }

    /// The vendor approves what waits for it.
    pub(super) fn approve(
        &mut self,
        activation: Activation,
        now: Timestamp,
    ) -> Result<EventKinds, GoogleError> {
        self.expect(&EntitlementState::ActivationRequested)?;
        if self.is_approved {
            return Err(GoogleError::failed_precondition());
        }
        self.times_approved += 1;
        Ok(self.grant(activation, now))
    }

    /// The approval is given, by the vendor or by Google itself.
    pub(super) fn grant(&mut self, activation: Activation, now: Timestamp) -> EventKinds {
        self.is_approved = true;
        self.approved_at = Some(now);
        self.update_time = now;
        match activation {
            Activation::AtOnce if !self.starts_after(now) => self.become_active(now),
            _ => EventKinds::new(),
        }
    }

    /// The vendor refuses what waits for it, or for its start.
    pub(crate) fn reject(&mut self, now: Timestamp) -> Result<EventKinds, GoogleError> {
        self.expect(&EntitlementState::ActivationRequested)?;
        self.operation = random::operation("CANCEL_ENTITLEMENT");
        Ok(self.end("user-aborted", now))
    }

    /// The vendor approves the change to the pending plan.
    pub(crate) fn approve_plan_change(
        &mut self,
        plan: &str,
        activation: Activation,
        now: Timestamp,
    ) -> Result<EventKinds, GoogleError> {
        self.expect_pending_plan(plan)?;
        self.times_plan_changes_approved += 1;
        Ok(self.grant_plan_change(activation, now))
    }

    /// The new plan is approved, by the vendor or by Google itself.
    fn grant_plan_change(&mut self, activation: Activation, now: Timestamp) -> EventKinds {
        self.plan_changes_at = match activation {
            Activation::AtOnce => return self.take_pending_plan(now),
            Activation::WhenAdvanced => None,
            Activation::After(wait) => Some(now + wait),
        };
        self.enter(EntitlementState::PendingPlanChange, now);
        EventKinds::new()
    }

    /// The vendor refuses the change; the old plan goes on.
    pub(crate) fn reject_plan_change(
        &mut self,
        plan: &str,
        now: Timestamp,
    ) -> Result<EventKinds, GoogleError> {
        self.expect_pending_plan(plan)?;
        Ok(self.forget_pending_plan(now))
    }

    /// The vendor leaves a message for the customer who waits.
    pub(crate) fn set_message(
        &mut self,
        message: Option<&str>,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        match self.state {
            EntitlementState::ActivationRequested | EntitlementState::PendingPlanChangeApproval => {
                self.message_to_user = message.map(str::to_owned);
                self.update_time = now;
                Ok(())
            }
            _ => Err(GoogleError::failed_precondition()),
        }
    }

    /// It ends, by the operation under way.
    pub(crate) fn end(&mut self, reason: &str, now: Timestamp) -> EventKinds {
        let was_in_force = self.state.is_live() || self.state == EntitlementState::Suspended;
        self.new_pending_plan = None;
        self.new_pending_offer = None;
        self.cancellation_reason = Some(reason.to_owned());
        self.subscription_end_time = Some(now);
        self.enter(EntitlementState::Cancelled, now);
        if was_in_force {
            vec![EventKind::Cancelling, EventKind::Cancelled]
        } else {
            vec![EventKind::Cancelled]
        }
    }

    pub(super) fn become_active(&mut self, now: Timestamp) -> EventKinds {
        self.active_since.get_or_insert(now);
        self.term_end_time = self.first_term_end(now);
        self.enter(EntitlementState::Active, now);
        vec![EventKind::Active]
    }

    fn take_pending_plan(&mut self, now: Timestamp) -> EventKinds {
        if let Some(plan) = self.new_pending_plan.take() {
            self.plan = plan;
        }
        if let Some(offer) = self.new_pending_offer.take() {
            self.take_offer(offer, now);
        }
        self.enter(EntitlementState::Active, now);
        vec![EventKind::PlanChanged]
    }

    fn forget_pending_plan(&mut self, now: Timestamp) -> EventKinds {
        self.new_pending_plan = None;
        self.new_pending_offer = None;
        self.enter(EntitlementState::Active, now);
        vec![EventKind::PlanChangeCancelled]
    }

    fn enter(&mut self, state: EntitlementState, now: Timestamp) {
        self.state = state;
        // Google clears the message whenever the state changes.
        self.message_to_user = None;
        self.update_time = now;
    }

    fn expect(&self, state: &EntitlementState) -> Result<(), GoogleError> {
        if &self.state == state {
            Ok(())
        } else {
            Err(GoogleError::failed_precondition())
        }
    }

    fn expect_pending_plan(&self, plan: &str) -> Result<(), GoogleError> {
        self.expect(&EntitlementState::PendingPlanChangeApproval)?;
        if self.new_pending_plan.as_ref().map(PlanId::as_str) == Some(plan) {
            Ok(())
        } else {
            Err(GoogleError::invalid_argument(
                "pending_plan_name is not the pending plan of the entitlement.",
            ))
        }
    }
}
