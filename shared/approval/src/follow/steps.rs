//! What is done once a commit stands.

use google_calls::Causes;
use marketplace::{Access, EntitlementId, ProcurementAccountId};
use procurement::ProcurementError;
use service_accounts::ServiceAccountName;
use store::{Account, Approval, Commit, ServiceAccount};

use super::{FollowError, Follower};
use crate::decide::{Request, Step};
use crate::{ApprovalError, Fetched, Verdict, with_approval};
use marketplace::At;

/// What customers read in the Marketplace while an operator decides about their order.
const PATIENCE: &str = "We have received your order and will confirm it soon. If you have not \
    registered with us yet, please do so from the product's page in the Marketplace.";

/// What they read while an operator decides about another plan.
const PATIENCE_FOR_PLAN: &str = "We have received your request to change your plan and will \
    confirm it soon. Until then your present plan stays in force.";

impl Follower {
    /// Takes every step, in their order. Each of them may be taken again.
    pub(super) async fn take_steps(
        &self,
        steps: &[Step],
        (account, entitlement): (&ProcurementAccountId, Option<&EntitlementId>),
        at: At,
    ) -> Result<(), FollowError> {
        for step in steps {
            match (step, entitlement) {
                (Step::ApproveAccount, _) => self.finish_approval(account, at).await?,
                (Step::ApproveHeld, _) => {
                    let held = self.approvals.approve_held(account, &[], at.deadline).await;
                    unless_refused(held)?;
                }
                (Step::DisableServiceAccount, _) => self.end_service(account, at).await?,
                (Step::Erase, _) => self.erase(account, at).await?,
                (Step::ApproveEntitlement, Some(id)) => {
                    let approved = self.approvals.approve_entitlement(id, at.deadline).await;
                    unless_refused(approved)?;
                }
                (Step::ApprovePlanChange(plan), Some(id)) => {
                    let approved = self.approvals.approve_plan_change(id, plan, at.deadline);
                    unless_refused(approved.await)?;
                }
                (Step::AskForPatience(request), Some(id)) => {
                    self.ask_for_patience(id, *request, at).await?;
                }
                (_, None) => {}
            }
        }
        Ok(())
    }

    /// A customer has signed up, and whoever should have told Google was cut off.
    async fn finish_approval(&self, id: &ProcurementAccountId, at: At) -> Result<(), FollowError> {
        let fetched = Fetched::of_account(self.procurement.account(id, at.deadline).await?);
        let verdict = self
            .approvals
            .approve_account(id, &fetched, at.deadline)
            .await?;
        self.until_uncontended(|| self.store_verdict(id, verdict, at))
            .await?;
        if verdict == Verdict::Approved {
            // Google has just approved the account; if it says that it has not, it soon will.
            self.approvals.approve_held(id, &[], at.deadline).await?;
        }
        Ok(())
    }

    async fn store_verdict(
        &self,
        id: &ProcurementAccountId,
        verdict: Verdict,
        at: At,
    ) -> Result<(), FollowError> {
        let approval = match verdict {
            Verdict::Approved => Approval::Approved,
            Verdict::Rejected => Approval::Rejected,
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
        request: Request,
        at: At,
    ) -> Result<(), FollowError> {
        let text = match request {
            Request::Order => PATIENCE,
            Request::PlanChange => PATIENCE_FOR_PLAN,
        };
        let asked = self
            .procurement
            .set_message_to_user(id, text, at.deadline)
            .await;
        match asked {
            // Refused: nobody waits any more.
            Ok(()) | Err(ProcurementError::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Disables the customer's service account, unless access has come back meanwhile.
    async fn end_service(&self, id: &ProcurementAccountId, at: At) -> Result<(), FollowError> {
        let (account, entitlements) = tokio::try_join!(
            self.store.account(id, at.deadline),
            self.store.entitlements_of(id, at.deadline),
        )?;
        let products = self.approvals.products();
        let served = entitlements
            .iter()
            .filter(|entitlement| products.serves(&entitlement.record.product));
        let access = Access::from_states(served.map(|entitlement| &entitlement.record.state));
        let Some(account) = account.map(|stored| stored.record) else {
            return Ok(());
        };
        let works = account
            .service_account
            .filter(|account| account.disabled.is_none());
        match works {
            Some(works) if access != Access::Live || account.deleted.is_some() => {
                // One that somebody has made later at the same address is none of our business.
                let name = ServiceAccountName::by_unique_id(&works.email, &works.unique_id);
                self.service_accounts.disable(&name, at.deadline).await?;
                self.until_uncontended(|| self.store_disabled(id, &works, at))
                    .await
            }
            _ => Ok(()),
        }
    }

    async fn store_disabled(
        &self,
        id: &ProcurementAccountId,
        service_account: &ServiceAccount,
        at: At,
    ) -> Result<(), FollowError> {
        let stored = self.store.account(id, at.deadline).await?;
        let Some(stored) = stored else {
            return Ok(());
        };
        if stored.record.service_account.as_ref() != Some(service_account) {
            return Ok(());
        }
        let account = Account {
            service_account: Some(ServiceAccount {
                disabled: Some(at.now),
                ..service_account.clone()
            }),
            ..stored.record.clone()
        };
        let commit = Commit::new().replace(&account, &stored.version);
        self.commit(commit, at).await
    }
}

/// Google refuses, and still says that approval is waited for: between approval and activation it
/// does so for up to twenty minutes. Trying again soon would not help, and reconciliation does it.
fn unless_refused(approved: Result<(), ApprovalError>) -> Result<(), FollowError> {
    match approved {
        Err(ApprovalError::Procurement(error @ ProcurementError::Refused(_))) => {
            tracing::warn!(
                error = %Causes(&error),
                "an order still waits, and its approval was refused"
            );
            Ok(())
        }
        approved => Ok(approved?),
    }
}
