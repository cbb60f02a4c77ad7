//! The steps that approve, or that ask the customer to wait.

use approval::{
    ApprovalError, ApprovalStep, CustomerRequest, Fetched, SignUpState, SignUpVerdict,
    sign_up_news, sign_up_state, with_approval,
};
use marketplace::{At, EntitlementId, ErrorChain, ProcurementAccountId};
use procurement::ProcurementError;
use store::{Approval, retry_contended};

use crate::decide::Effect;
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
        account: &ProcurementAccountId,
        id: &EntitlementId,
        at: At,
    ) -> Result<(), SyncError> {
        match step {
            ApprovalStep::ApproveOrder => {
                let approved = self.approvals.approve_entitlement(account, id, at.deadline);
                self.unless_refused(approved.await, account, at).await
            }
            ApprovalStep::ApprovePlanChange(plan) => {
                let approved = self
                    .approvals
                    .approve_plan_change(account, id, plan, at.deadline);
                self.unless_refused(approved.await, account, at).await
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
        let approved = self.approvals.approve_held(account, &[], at.deadline).await;
        self.unless_refused(approved, account, at).await
    }

    /// Between the approval of an account and its activation Google refuses to approve orders, for up to twenty
    /// minutes, although they still wait. Trying again soon would not help; reconciliation does it later. If Google
    /// took the account's own approval back, that is stored: the customer signs up again.
    async fn unless_refused(
        &self,
        approved: Result<(), ApprovalError>,
        account: &ProcurementAccountId,
        at: At,
    ) -> Result<(), SyncError> {
        match approved {
            Err(ApprovalError::AccountPending) => {
                let fetched = self.procurement.account(account, at.deadline).await?;
                retry_contended(|| self.store_taken_back(account, &fetched, at)).await
            }
            Err(ApprovalError::Procurement(error @ ProcurementError::Refused(_))) => {
                tracing::warn!(
                    account_id = %account,
                    error = %ErrorChain(&error),
                    "an order still waits, and its approval was refused"
                );
                Ok(())
            }
            approved => Ok(approved?),
        }
    }

    /// Stores that Google has the account's sign-up as pending again.
    async fn store_taken_back(
        &self,
        id: &ProcurementAccountId,
        fetched: &procurement::Account,
        at: At,
    ) -> Result<(), SyncError> {
        let stored = self.account_and_orders(id, at).await?;
        let Some(known) = &stored.account else {
            return Ok(());
        };
        let is_pending = sign_up_state(fetched) == SignUpState::Pending;
        if !is_pending || known.record.approval != Approval::Approved {
            return Ok(());
        }
        tracing::warn!(
            account_id = %id,
            "Google took the approval of an account back: the customer has to sign up again"
        );
        let record = with_approval(known, Approval::None, at.now);
        let commit = self.account_commit(&stored, &Effect::record(Some(record)), at.now);
        self.commit(commit, at).await
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
        if retry_contended(|| self.store_verdict(id, verdict, at)).await? {
            // Google has just approved the account. If it refuses the orders now, it will not for long.
            let approved = self.approvals.approve_held(id, &[], at.deadline).await;
            match approved {
                Err(ApprovalError::AccountPending) => {}
                approved => approved?,
            }
        }
        Ok(())
    }

    /// Stores what Google says. Says whether the account is approved by what is stored then: an operator may have
    /// rejected it meanwhile.
    async fn store_verdict(
        &self,
        id: &ProcurementAccountId,
        verdict: SignUpVerdict,
        at: At,
    ) -> Result<bool, SyncError> {
        let approval = match verdict {
            SignUpVerdict::Approved => Approval::Approved,
            SignUpVerdict::Rejected => Approval::Rejected,
        };
        let stored = self.account_and_orders(id, at).await?;
        let Some(known) = &stored.account else {
            return Ok(false);
        };
        if known.record.is_closed() {
            return Ok(false);
        }
        if known.record.approval != Approval::Approving {
            return Ok(known.record.approval == Approval::Approved);
        }
        let record = with_approval(known, approval, at.now);
        let effect = Effect {
            news: sign_up_news(Some(&known.record), &record, &stored.orders, at.now),
            ..Effect::record(Some(record))
        };
        let commit = self.account_commit(&stored, &effect, at.now);
        self.commit(commit, at).await?;
        Ok(approval == Approval::Approved)
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
