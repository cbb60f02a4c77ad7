//! What a customer bought.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};

use super::{NotPossible, random};
use crate::google_error::GoogleError;
use crate::settings::{Activation, Billing};

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
    /// What the order brings, by id.
    pub benefit_ids: Vec<String>,
    /// Where it stands.
    pub state: EntitlementState,
    /// Whether the vendor's approval is given, though it may not be active yet.
    pub is_approved: bool,
    /// The plan it shall change to.
    pub new_pending_plan: Option<PlanId>,
    /// When it was bought.
    pub create_time: Timestamp,
    /// When it changed last.
    pub update_time: Timestamp,
    /// What to report usage for; only once active, only if billed by usage.
    pub usage_reporting_id: Option<String>,
    /// What the vendor lets the customer read while he waits.
    pub message_to_user: Option<String>,
    /// Why it ended.
    pub cancellation_reason: Option<String>,
    /// When it ended or will end.
    pub subscription_end_time: Option<Timestamp>,
    /// How many approvals changed anything. A call that was refused does not count.
    pub times_approved: u32,
    billing: Billing,
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
            benefit_ids: vec![random::uuid()],
            state: EntitlementState::ActivationRequested,
            is_approved: false,
            new_pending_plan: None,
            create_time: now,
            update_time: now,
            usage_reporting_id: None,
            message_to_user: None,
            cancellation_reason: None,
            subscription_end_time: None,
            times_approved: 0,
            billing: Billing::Flat,
        }
    }

    pub(super) fn offered_by(mut self, project: u64) -> Self {
        let (product, offer) = (&self.product, random::uuid());
        self.offer = format!("projects/{project}/services/{product}/standardOffers/{offer}");
        self
    }

    pub(super) fn billed(mut self, billing: Billing) -> Self {
        self.billing = billing;
        self
    }

    /// The vendor approves what waits for it.
    pub(super) fn approve(
        &mut self,
        activation: Activation,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        self.expect(&EntitlementState::ActivationRequested)?;
        if self.is_approved {
            return Err(GoogleError::failed_precondition());
        }
        self.is_approved = true;
        self.times_approved += 1;
        self.update_time = now;
        if activation == Activation::AtOnce {
            self.become_active(now);
        }
        Ok(())
    }

    /// The vendor refuses what waits for it.
    pub(crate) fn reject(&mut self, now: Timestamp) -> Result<(), GoogleError> {
        self.expect(&EntitlementState::ActivationRequested)?;
        self.end("user-aborted", now);
        Ok(())
    }

    /// The vendor approves the change to the pending plan.
    pub(crate) fn approve_plan_change(
        &mut self,
        plan: &str,
        activation: Activation,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        self.expect_pending_plan(plan)?;
        match activation {
            Activation::AtOnce => self.take_pending_plan(now),
            Activation::WhenAdvanced => self.enter(EntitlementState::PendingPlanChange, now),
        }
        Ok(())
    }

    /// The vendor refuses the change; the old plan goes on.
    pub(crate) fn reject_plan_change(
        &mut self,
        plan: &str,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        self.expect_pending_plan(plan)?;
        self.new_pending_plan = None;
        self.enter(EntitlementState::Active, now);
        Ok(())
    }

    /// The vendor tells the customer something while he waits.
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

    /// The customer asks for another plan.
    pub(crate) fn request_plan(
        &mut self,
        plan: &PlanId,
        now: Timestamp,
    ) -> Result<(), NotPossible> {
        if self.state != EntitlementState::Active || &self.plan == plan {
            return Err(NotPossible::WrongState);
        }
        self.new_pending_plan = Some(plan.clone());
        self.enter(EntitlementState::PendingPlanChangeApproval, now);
        Ok(())
    }

    /// The customer cancels for the end of the term.
    pub(crate) fn cancel_later(&mut self, now: Timestamp) -> Result<(), NotPossible> {
        if self.state != EntitlementState::Active {
            return Err(NotPossible::WrongState);
        }
        self.enter(EntitlementState::PendingCancellation, now);
        Ok(())
    }

    /// What was put off comes about: activation, the pending plan, or the end.
    pub(crate) fn advance(&mut self, now: Timestamp) -> Result<(), NotPossible> {
        match self.state {
            EntitlementState::ActivationRequested if self.is_approved => self.become_active(now),
            EntitlementState::PendingPlanChange => self.take_pending_plan(now),
            EntitlementState::PendingCancellation => self.end("user-cancelled", now),
            _ => return Err(NotPossible::WrongState),
        }
        Ok(())
    }

    pub(crate) fn end(&mut self, reason: &str, now: Timestamp) {
        self.new_pending_plan = None;
        self.cancellation_reason = Some(reason.to_owned());
        self.subscription_end_time = Some(now);
        self.enter(EntitlementState::Cancelled, now);
    }

    fn become_active(&mut self, now: Timestamp) {
        if self.billing == Billing::Usage && self.usage_reporting_id.is_none() {
            self.usage_reporting_id = Some(format!("project_number:{}", random::digits(12)));
        }
        self.enter(EntitlementState::Active, now);
    }

    fn take_pending_plan(&mut self, now: Timestamp) {
        if let Some(plan) = self.new_pending_plan.take() {
            self.plan = plan;
        }
        self.enter(EntitlementState::Active, now);
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
