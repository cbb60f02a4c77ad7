//! The decision about a change of plan.

use marketplace::{EntitlementId, EntitlementState, PlanId};
use procurement::Entitlement;

use crate::arguments::PlanChange;
use crate::desk::{Desk, Made, soon};
use crate::entitlements::{served, settle};
use crate::failure::Failure;

pub(crate) async fn decide(desk: &Desk, change: PlanChange) -> Result<(), Failure> {
    match change {
        PlanChange::Approve { entitlement, plan } => {
            approve(desk, &entitlement, plan.as_ref()).await
        }
        PlanChange::Reject {
            entitlement,
            reason,
        } => reject(desk, &entitlement, &reason).await,
    }
}

async fn approve(
    desk: &Desk,
    id: &EntitlementId,
    expected: Option<&PlanId>,
) -> Result<(), Failure> {
    let entitlement = served(desk, id).await?;
    let pending = pending(&entitlement)?;
    if let Some(expected) = expected.filter(|expected| *expected != pending) {
        return Err(Failure::Unfit(format!(
            "the pending plan of entitlement {id} is {pending}, and not {expected}"
        )));
    }
    let change = change(&entitlement, pending);
    desk.assent.agree(&format!("This approves {change}."))?;
    let called = desk.procurement.approve_plan_change(id, pending, soon());
    let made = Made::of(called.await)?;
    let now = desk.procurement.entitlement(id, soon()).await?;
    let takes_effect_later = now.state == EntitlementState::PendingPlanChange;
    let done = !waits(&now) && (takes_effect_later || now.plan.as_ref() == Some(pending));
    settle(&now, made, done)
}

async fn reject(desk: &Desk, id: &EntitlementId, reason: &str) -> Result<(), Failure> {
    let entitlement = served(desk, id).await?;
    let pending = pending(&entitlement)?;
    let change = change(&entitlement, pending);
    desk.assent
        .agree(&format!("This rejects {change}, for the reason: {reason}"))?;
    let procurement = &desk.procurement;
    let called = procurement.reject_plan_change(id, pending, reason, soon());
    let made = Made::of(called.await)?;
    let now = procurement.entitlement(id, soon()).await?;
    let done = !waits(&now) && now.plan == entitlement.plan;
    settle(&now, made, done)
}

/// Whether a change of plan waits for the vendor.
pub(crate) fn waits(entitlement: &Entitlement) -> bool {
    entitlement.state == EntitlementState::PendingPlanChangeApproval
}

fn pending(entitlement: &Entitlement) -> Result<&PlanId, Failure> {
    let plan = entitlement.new_pending_plan.as_ref();
    plan.filter(|_| waits(entitlement)).ok_or_else(|| {
        let (id, state) = (&entitlement.id, entitlement.state.as_str());
        Failure::Unfit(format!(
            "no change of plan waits for approval on entitlement {id}: it is {state}"
        ))
    })
}

fn change(entitlement: &Entitlement, pending: &PlanId) -> String {
    let Entitlement { id, account, .. } = entitlement;
    let plan = entitlement.plan.as_ref();
    let present = plan.map_or_else(String::new, |plan| format!(" from {plan}"));
    format!("the change of entitlement {id}{present} to {pending}, of account {account}")
}
