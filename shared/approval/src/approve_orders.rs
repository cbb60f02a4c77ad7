//! Approves orders and changes of plan. A refusal is a reason to look at everything that it depends on: at the order,
//! and at the account it belongs to.

use marketplace::{
    Deadline, EntitlementId, EntitlementState, ErrorChain, PlanId, ProcurementAccountId,
};
use procurement::{Procurement, ProcurementError};
use store::Entitlement;

use crate::approvals::calls_for_reading_again;
use crate::whether_to_approve::{SignUpState, orders_to_approve, sign_up_state};
use crate::{ApprovalError, Approvals};

/// One approval of an order, and what it depends on.
#[derive(Clone, Copy)]
struct OrderApproval<'a> {
    procurement: &'a Procurement,
    account: &'a ProcurementAccountId,
    order: &'a EntitlementId,
    deadline: Deadline,
}

impl Approvals {
    /// Approves the entitlements that waited for their account, as the policy says.
    ///
    /// It is called after the account was stored as approved, and looks into the store only then:
    /// an event that found the account unapproved has stored its entitlement in a commit that also changed the
    /// account, so one of the two always sees the other. The event that follows an approval brings the news about it.
    ///
    /// An order that cannot be approved keeps none of the others waiting. The first error is returned at the end, and
    /// before any other that the account itself is pending again: then Google refuses all of its orders.
    pub async fn approve_held(
        &self,
        account: &ProcurementAccountId,
        fetched: &[Entitlement],
        deadline: Deadline,
    ) -> Result<(), ApprovalError> {
        let stored = self.store().entitlements_of(account, deadline).await?;
        let stored: Vec<_> = stored.into_iter().map(|stored| stored.record).collect();
        let newest = stored.iter().chain(
            fetched
                .iter()
                .filter(|fetched| stored.iter().all(|stored| stored.id != fetched.id)),
        );
        let mut first_error = None;
        for id in orders_to_approve(self.policy(), self.products(), newest) {
            if first_error.is_some() && deadline.has_passed() {
                break;
            }
            let approved = self.approve_entitlement(account, &id, deadline).await;
            let Err(error) = approved else { continue };
            // Which order it is; that something waits is said once by the caller.
            tracing::info!(
                account_id = %account,
                entitlement_id = %id,
                error = %ErrorChain(&error),
                "an order could not be approved and waits"
            );
            if matches!(error, ApprovalError::AccountPending) {
                return Err(error);
            }
            first_error = first_error.or(Some(error));
        }
        first_error.map_or(Ok(()), Err)
    }

    /// Approves an order of this account that waits for the vendor. It is an error if Google refuses although the
    /// order still waits.
    pub async fn approve_entitlement(
        &self,
        account: &ProcurementAccountId,
        id: &EntitlementId,
        deadline: Deadline,
    ) -> Result<(), ApprovalError> {
        let approved = self.procurement().approve_entitlement(id, deadline).await;
        let approval = self.approval_of(account, id, deadline);
        let waits =
            |now: &procurement::Entitlement| now.state == EntitlementState::ActivationRequested;
        approval.unless_done(approved, waits).await
    }

    /// Approves the change to `plan` of an order of this account. It is an error if Google refuses although the change
    /// still waits.
    pub async fn approve_plan_change(
        &self,
        account: &ProcurementAccountId,
        id: &EntitlementId,
        plan: &PlanId,
        deadline: Deadline,
    ) -> Result<(), ApprovalError> {
        let approved = self.procurement().approve_plan_change(id, plan, deadline);
        let approved = approved.await;
        let approval = self.approval_of(account, id, deadline);
        let waits = |now: &procurement::Entitlement| {
            now.state == EntitlementState::PendingPlanChangeApproval
                && now.new_pending_plan.as_ref() == Some(plan)
        };
        approval.unless_done(approved, waits).await
    }

    fn approval_of<'a>(
        &'a self,
        account: &'a ProcurementAccountId,
        order: &'a EntitlementId,
        deadline: Deadline,
    ) -> OrderApproval<'a> {
        OrderApproval {
            procurement: self.procurement(),
            account,
            order,
            deadline,
        }
    }
}

impl OrderApproval<'_> {
    /// A failed approval is none if the order, read again, no longer waits for it.
    async fn unless_done(
        self,
        approved: Result<(), ProcurementError>,
        waits: impl Fn(&procurement::Entitlement) -> bool,
    ) -> Result<(), ApprovalError> {
        match approved {
            Err(error) if calls_for_reading_again(&error) => {
                let order = self.procurement.entitlement(self.order, self.deadline);
                if waits(&order.await?) {
                    Err(self.why_it_waits(error).await)
                } else {
                    Ok(())
                }
            }
            approved => Ok(approved?),
        }
    }

    /// What is wrong with an order that still waits: Google also refuses it while its account is not approved.
    async fn why_it_waits(self, error: ProcurementError) -> ApprovalError {
        if !matches!(error, ProcurementError::Refused(_)) {
            return error.into();
        }
        let account = self.procurement.account(self.account, self.deadline);
        match account.await {
            Ok(now) if sign_up_state(&now) == SignUpState::Pending => ApprovalError::AccountPending,
            // Whether the account is the reason is not known yet.
            Err(unknown @ ProcurementError::Unavailable(_)) if !unknown.is_unreadable() => {
                unknown.into()
            }
            _ => error.into(),
        }
    }
}
