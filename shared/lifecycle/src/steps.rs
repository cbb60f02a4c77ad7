//! Carries out a decision: the commit, the steps, the receipt.

use approval::ApprovalStep;
use marketplace::{At, EntitlementId, ProcurementAccountId};
use store::Commit;

use crate::decide::{Effect, Step};
use crate::{Lifecycle, SyncError, SyncOutcome, SyncRequest};

/// What was decided about one account or order.
pub(crate) struct Planned<'a> {
    pub(crate) commit: Commit,
    pub(crate) outcome: SyncOutcome,
    pub(crate) steps: &'a [Step],
    pub(crate) account: &'a ProcurementAccountId,
    /// The order, if it is about one.
    pub(crate) order: Option<&'a EntitlementId>,
}

impl<R> Effect<R> {
    /// Storing a record, and nothing else.
    pub(crate) fn record(record: Option<R>) -> Self {
        Self {
            record,
            ..Self::steps(Vec::new())
        }
    }
}

impl Lifecycle {
    /// Commits, then takes the steps. The receipt is stored last: with the commit if there are no steps.
    pub(crate) async fn carry_out(
        &self,
        planned: Planned<'_>,
        request: SyncRequest<'_>,
    ) -> Result<SyncOutcome, SyncError> {
        let Planned {
            commit,
            outcome,
            steps,
            account,
            order,
        } = planned;
        if steps.is_empty() {
            let commit = request.with_receipt(commit, outcome);
            self.commit(commit, request.at).await?;
            return Ok(outcome);
        }
        self.commit(commit, request.at).await?;
        let mut taken = Ok(());
        for step in steps {
            // One that fails does not keep the customer from the others.
            let step = Box::pin(self.take_step(step, account, order, request.at)).await;
            taken = taken.and(step);
        }
        taken?;
        self.leave_receipt(request, outcome).await
    }

    /// Each step may be taken again.
    async fn take_step(
        &self,
        step: &Step,
        account: &ProcurementAccountId,
        order: Option<&EntitlementId>,
        at: At,
    ) -> Result<(), SyncError> {
        match (step, order) {
            (Step::Approval(ApprovalStep::ApproveAccount), _) => {
                self.finish_approval(account, at).await
            }
            (Step::Approval(step), Some(order)) => {
                self.approve_order(step, account, order, at).await
            }
            (Step::ApproveHeld, _) => self.approve_held_orders(account, at).await,
            (Step::RejectAccount, _) => self.reject_again(account, at).await,
            (Step::DisableServiceAccount, _) => self.disable_service_account(account, at).await,
            (Step::Approval(_), None) => Ok(()),
        }
    }
}
