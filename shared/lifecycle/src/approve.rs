//! The steps that approve, or that ask the customer to wait.

use approval::{
    ApprovalError, ApprovalStep, CustomerRequest, Fetched, SignUpVerdict, with_approval,
};
use marketplace::{At, EntitlementId, ErrorChain, ProcurementAccountId};
use procurement::ProcurementError;
use store::{Approval, Commit, retry_contended};

use crate::{Lifecycle, SyncError};

/// What customers read in the Marketplace while an operator decides about their order.
const WAITING_FOR_ORDER: &str = "We have received your order and will confirm it soon. If you have not \
    registered with us yet, please do so from the product's page in the Marketplace.";

/// What they read while an operator decides about another plan.
const WAITING_FOR_PLAN: &str = "We have received your request to change your plan and will \
    confirm it soon. Until then your present plan stays in force.";

impl Lifecycle {
    pub(crate) async fn approve_order(
        &self,
        step: &ApprovalStep,
        id: &EntitlementId,
        at: At,
    ) -> Result<(), SyncError> {
        match step {
            ApprovalStep::ApproveOrder => {
                unless_refused(self.approvals.approve_entitlement(id, at.deadline).await)
            }
            ApprovalStep::ApprovePlanChange(plan) => {
                let approved = self.approvals.approve_plan_change(id, plan, at.deadline);
                unless_refused(approved.await)
            }
            ApprovalStep::AskForPatience(request) => self.ask_for_patience(id, *request, at).await,
            ApprovalStep::ApproveAccount => Ok(()),
        }
    }

    /// The account is approved, and its other orders may have waited for that.
    pub(crate) async fn approve_held_orders(
        &self,
        account: &ProcurementAccountId,
        at: At,
    ) -> Result<(), SyncError> {
        unless_refused(self.approvals.approve_held(account, &[], at.deadline).await)
    }

    /// The customer has signed up, and the request that should have approved the account was interrupted.
    pub(crate) async fn finish_approval(
        &self,
        id: &ProcurementAccountId,
        at: At,
    ) -> Result<(), SyncError> {
        let fetched = Fetched::of_account(self.procurement.account(id, at.deadline).await?);
        let verdict = self
            .approvals
            .approve_account(id, &fetched, at.deadline)
            .await?;
        retry_contended(|| self.store_verdict(id, verdict, at)).await?;
        if verdict == SignUpVerdict::Approved {
            // Google has just approved the account. If it refuses the orders now, it will not for long.
            self.approvals.approve_held(id, &[], at.deadline).await?;
        }
        Ok(())
    }

    async fn store_verdict(
        &self,
        id: &ProcurementAccountId,
        verdict: SignUpVerdict,
        at: At,
    ) -> Result<(), SyncError> {
        let approval = match verdict {
            SignUpVerdict::Approved => Approval::Approved,
            SignUpVerdict::Rejected => Approval::Rejected,
        };
        let Some(account) = self.store.account(id, at.deadline).await? else {
            return Ok(());
        };
        if account.record.approval != Approval::Approving || account.record.deleted.is_some() {
            return Ok(());
        }
        let decided = with_approval(&account, approval, at.now);
        let commit = Commit::new().replace(&decided, &account.version);
        self.commit(commit, at).await
    }

    async fn ask_for_patience(
        &self,
        id: &EntitlementId,
        request: CustomerRequest,
        at: At,
    ) -> Result<(), SyncError> {
        let text = match request {
            CustomerRequest::Order => WAITING_FOR_ORDER,
            CustomerRequest::PlanChange => WAITING_FOR_PLAN,
        };
        let message = self.procurement.set_message_to_user(id, text, at.deadline);
        match message.await {
            // Refused: the order no longer waits.
            Ok(()) | Err(ProcurementError::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Between the approval of an account and its activation Google refuses to approve orders, for up to twenty minutes,
/// although they still wait. Trying again soon would not help; reconciliation does it later.
fn unless_refused(approved: Result<(), ApprovalError>) -> Result<(), SyncError> {
    match approved {
        Err(ApprovalError::Procurement(error @ ProcurementError::Refused(_))) => {
            tracing::warn!(
                error = %ErrorChain(&error),
                "an order still waits, and its approval was refused"
            );
            Ok(())
        }
        approved => Ok(approved?),
    }
}
