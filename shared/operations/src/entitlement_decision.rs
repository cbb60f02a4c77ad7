//! How a decision about an entitlement is carried out: one call, and what Google says afterwards.

use marketplace::{EntitlementState, PlanId};
use procurement::{Entitlement, ProcurementError};
use store::{JournalEntry, JournalKind};

use crate::actor::Actor;
use crate::asked_line::AskedLine;
use crate::call_effect::CallEffect;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};
use crate::text::with_plan;

/// Changes an entitlement: its order, its plan, or the message that its buyer reads.
pub struct EntitlementDecision<'a> {
    operations: &'a Operations,
    /// As it was when the operator was asked.
    entitlement: Entitlement,
    change: EntitlementChange,
    by: Actor,
}

#[derive(Debug)]
pub(crate) enum EntitlementChange {
    ApproveOrder,
    RejectOrder { reason: String },
    ApprovePlan { plan: PlanId },
    RejectPlan { plan: PlanId, reason: String },
    ShowMessage { text: String },
}

impl Operations {
    pub(crate) fn about_entitlement(
        &self,
        entitlement: Entitlement,
        change: EntitlementChange,
        intention: String,
        by: &Actor,
    ) -> Prepared<EntitlementDecision<'_>> {
        let decision = EntitlementDecision {
            operations: self,
            entitlement,
            change,
            by: by.clone(),
        };
        Prepared::proposal(Vec::new(), intention, decision)
    }
}

impl Decision for EntitlementDecision<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let mut line = AskedLine::of(self.operations, self.line());
        if let Err(error) = line.write().await {
            return Err::<Vec<String>, _>(error).into();
        }
        let decided = self.decide(&mut line).await;
        line.end(decided.into())
    }
}

impl EntitlementDecision<'_> {
    async fn decide(&self, line: &mut AskedLine<'_>) -> Result<Vec<String>, OperationError> {
        let effect = match CallEffect::of(self.call().await) {
            Ok(effect) => effect,
            Err(error) => {
                line.not_taken().await;
                return Err(error.into());
            }
        };
        line.answered(&effect).await;
        let seen = self.see(effect).await?;
        // If the answer was lost, the call has taken effect.
        line.taken().await;
        Ok(seen)
    }

    /// Reads again, and says what Google says now.
    async fn see(&self, effect: CallEffect) -> Result<Vec<String>, OperationError> {
        let id = &self.entitlement.id;
        let procurement = &self.operations.procurement;
        let is_rejected = matches!(self.change, EntitlementChange::RejectOrder { .. });
        match procurement.entitlement(id, call_deadline()).await {
            Ok(now) => self.compare(&now, effect),
            // Google removes rejected orders, sooner or later.
            Err(ProcurementError::NotFound(_)) if is_rejected => {
                Ok(vec![format!("Google has removed entitlement {id}.")])
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn call(&self) -> Result<(), ProcurementError> {
        let (id, deadline) = (&self.entitlement.id, call_deadline());
        let google = &self.operations.procurement;
        match &self.change {
            EntitlementChange::ApproveOrder => google.approve_entitlement(id, deadline).await,
            EntitlementChange::RejectOrder { reason } => {
                google.reject_entitlement(id, reason, deadline).await
            }
            EntitlementChange::ApprovePlan { plan } => {
                google.approve_plan_change(id, plan, deadline).await
            }
            EntitlementChange::RejectPlan { plan, reason } => {
                google.reject_plan_change(id, plan, reason, deadline).await
            }
            EntitlementChange::ShowMessage { text } => {
                google.set_message_to_user(id, text, deadline).await
            }
        }
    }

    /// The line of the journal.
    fn line(&self) -> Note {
        let Entitlement { id, account, .. } = &self.entitlement;
        let (kind, plan, text) = match &self.change {
            EntitlementChange::ApproveOrder => (JournalKind::OrderApproved, None, None),
            EntitlementChange::RejectOrder { reason } => {
                (JournalKind::OrderRejected, None, Some(reason))
            }
            EntitlementChange::ApprovePlan { plan } => {
                (JournalKind::PlanChangeApproved, Some(plan), None)
            }
            EntitlementChange::RejectPlan { plan, reason } => {
                (JournalKind::PlanChangeRejected, Some(plan), Some(reason))
            }
            EntitlementChange::ShowMessage { text } => {
                (JournalKind::MessageShown, None, Some(text))
            }
        };
        let now = self.operations.clock.stored_now();
        let entry = JournalEntry::of_order(account, id, kind, now);
        let entry = match plan {
            Some(plan) => entry.with("plan", plan),
            None => entry,
        };
        Note::new(entry, &self.by, text.map(String::as_str))
    }

    /// What Google says now, if that is what was wanted.
    fn compare(
        &self,
        now: &Entitlement,
        effect: CallEffect,
    ) -> Result<Vec<String>, OperationError> {
        let (id, state, plan) = (&now.id, now.state.as_str(), with_plan(now.plan.as_ref()));
        let says = format!("Google says of entitlement {id} now: {state}{plan}");
        if !self.is_done(now, &effect) {
            return Err(effect.missing(says));
        }
        let mut sentences = vec![format!("{says}.")];
        if let EntitlementChange::ShowMessage { text } = &self.change {
            sentences.push(format!("It shows: {text}"));
        }
        Ok(sentences)
    }

    fn is_done(&self, now: &Entitlement, effect: &CallEffect) -> bool {
        let plan_waits = now.state == EntitlementState::PendingPlanChangeApproval;
        match &self.change {
            // Google may put activation off; then an accepted call is all there is to see.
            EntitlementChange::ApproveOrder => now.state.is_live() || effect.was_accepted(),
            EntitlementChange::RejectOrder { .. } => now.state == EntitlementState::Cancelled,
            EntitlementChange::ApprovePlan { plan } => {
                let takes_effect_later = now.state == EntitlementState::PendingPlanChange;
                !plan_waits && (takes_effect_later || now.plan.as_ref() == Some(plan))
            }
            EntitlementChange::RejectPlan { .. } => {
                !plan_waits && now.plan == self.entitlement.plan
            }
            EntitlementChange::ShowMessage { text } => now.message_to_user.as_ref() == Some(text),
        }
    }
}
