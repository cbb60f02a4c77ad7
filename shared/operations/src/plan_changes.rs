//! The decision about a change of plan.

use marketplace::{EntitlementId, EntitlementState, PlanId};
use procurement::Entitlement;

use crate::actor::Actor;
use crate::decision::Prepared;
use crate::entitlement_decision::{EntitlementChange, EntitlementDecision};
use crate::error::OperationError;
use crate::operations::Operations;

impl Operations {
    /// Approves the change to the pending plan, which must be `expected` if that is given.
    pub async fn approve_plan_change(
        &self,
        id: &EntitlementId,
        expected: Option<&PlanId>,
        by: &Actor,
    ) -> Result<Prepared<EntitlementDecision<'_>>, OperationError> {
        let entitlement = self.served_entitlement(id).await?;
        let plan = pending_plan(&entitlement)?;
        if let Some(expected) = expected.filter(|expected| **expected != plan) {
            return Err(OperationError::not_applicable(format!(
                "the pending plan of entitlement {id} is {plan}, and not {expected}"
            )));
        }
        let intention = format!("This approves {}.", plan_change(&entitlement, &plan));
        let change = EntitlementChange::ApprovePlan { plan };
        Ok(self.about_entitlement(entitlement, change, intention, by))
    }

    /// Rejects the change to the pending plan; the customer keeps the present one.
    pub async fn reject_plan_change(
        &self,
        id: &EntitlementId,
        reason: String,
        by: &Actor,
    ) -> Result<Prepared<EntitlementDecision<'_>>, OperationError> {
        let entitlement = self.served_entitlement(id).await?;
        let plan = pending_plan(&entitlement)?;
        let intended = plan_change(&entitlement, &plan);
        let intention = format!("This rejects {intended}, for the reason: {reason}");
        let change = EntitlementChange::RejectPlan { plan, reason };
        Ok(self.about_entitlement(entitlement, change, intention, by))
    }
}

fn pending_plan(entitlement: &Entitlement) -> Result<PlanId, OperationError> {
    let (id, state) = (&entitlement.id, &entitlement.state);
    if *state != EntitlementState::PendingPlanChangeApproval {
        let state = state.as_str();
        return Err(OperationError::not_applicable(format!(
            "no change of plan waits for approval on entitlement {id}: it is {state}"
        )));
    }
    let plan = entitlement.new_pending_plan.clone();
    plan.ok_or_else(|| {
        OperationError::not_applicable(format!(
            "the change of entitlement {id} that waits names a new offer and no new plan, and the API decides \
             about plans only: decide about it in Producer Portal"
        ))
    })
}

fn plan_change(entitlement: &Entitlement, pending: &PlanId) -> String {
    let Entitlement { id, account, .. } = entitlement;
    let plan = entitlement.plan.as_ref();
    let present = plan.map_or_else(String::new, |plan| format!(" from {plan}"));
    format!("the change of entitlement {id}{present} to {pending}, of account {account}")
}
