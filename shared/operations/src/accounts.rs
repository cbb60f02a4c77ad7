//! The decision about an account's sign-up.

use marketplace::{ApprovalState, EntitlementId, EntitlementState, ProcurementAccountId};
use store::{Account, Approval, Stored};

use crate::call_effect::CallEffect;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::next_step::NextStep;
use crate::operations::{Operations, call_deadline};
use crate::text::one_line;

/// Approves or rejects the sign-up of an account.
pub struct AccountDecision<'a> {
    operations: &'a Operations,
    id: ProcurementAccountId,
    change: AccountChange,
    has_signed_up: bool,
}

#[derive(Debug)]
enum AccountChange {
    Approve,
    Reject { reason: String },
}

impl Operations {
    /// Approves a sign-up, also one that was rejected.
    pub async fn approve_account(
        &self,
        id: &ProcurementAccountId,
    ) -> Result<Prepared<AccountDecision<'_>>, OperationError> {
        self.about_account(id, AccountChange::Approve).await
    }

    /// Rejects a sign-up, which stays rejected until it is approved.
    pub async fn reject_account(
        &self,
        id: &ProcurementAccountId,
        reason: String,
    ) -> Result<Prepared<AccountDecision<'_>>, OperationError> {
        self.about_account(id, AccountChange::Reject { reason })
            .await
    }

    async fn about_account(
        &self,
        id: &ProcurementAccountId,
        change: AccountChange,
    ) -> Result<Prepared<AccountDecision<'_>>, OperationError> {
        let at_google = self.sign_up_state(id).await?;
        let stored = self.store.account(id, call_deadline()).await?;
        if at_google == change.wanted() {
            let (approval, done) = match change {
                AccountChange::Approve => (Approval::Approved, "approved"),
                AccountChange::Reject { .. } => (Approval::Rejected, "rejected"),
            };
            self.store_approval(id, approval).await?;
            let note = format!("Account {id} is {done} already.");
            return Ok(Prepared::nothing(vec![note]));
        }
        let account = customer(id, stored.as_ref());
        let account = format!(
            "the sign-up of {account}, which is {} at Google",
            at_google.as_str()
        );
        let intention = match &change {
            AccountChange::Approve => format!("This approves {account}."),
            AccountChange::Reject { reason } => {
                format!("This rejects {account}, for the reason: {reason}")
            }
        };
        let decision = AccountDecision {
            operations: self,
            id: id.clone(),
            change,
            has_signed_up: stored.is_some_and(|it| it.record.approval != Approval::None),
        };
        Ok(Prepared::proposal(Vec::new(), intention, decision))
    }

    /// What Google says about the sign-up of an account.
    pub(crate) async fn sign_up_state(
        &self,
        id: &ProcurementAccountId,
    ) -> Result<ApprovalState, OperationError> {
        let account = self.procurement.account(id, call_deadline()).await?;
        let approval = account.approval(procurement::Approval::SIGN_UP);
        Ok(approval.map_or_else(
            || ApprovalState::Other("without an approval `signup`".to_owned()),
            |approval| approval.state.clone(),
        ))
    }
}

impl Decision for AccountDecision<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let decided = self.decide().await.map(|sentence| vec![sentence]);
        let mut outcome = DecisionOutcome::from(decided);
        if outcome.error.is_none() && matches!(self.change, AccountChange::Approve) {
            match self.waiting_orders().await {
                Ok(orders) => {
                    let waits = |id| format!("Its order {id} waits for approval.");
                    outcome.sentences.extend(orders.iter().map(waits));
                    let steps = orders.into_iter().map(NextStep::ApproveOrder);
                    outcome.next.extend(steps);
                }
                Err(error) => outcome.error = Some(error),
            }
        }
        outcome
    }
}

impl AccountChange {
    /// What Google says once it is made.
    fn wanted(&self) -> ApprovalState {
        match self {
            Self::Approve => ApprovalState::Approved,
            Self::Reject { .. } => ApprovalState::Rejected,
        }
    }
}

impl AccountDecision<'_> {
    async fn decide(&self) -> Result<String, OperationError> {
        let effect = self.call().await?;
        self.follow_google(effect).await
    }

    async fn call(&self) -> Result<CallEffect, OperationError> {
        let (operations, id) = (self.operations, &self.id);
        let google = &operations.procurement;
        let called = match &self.change {
            AccountChange::Approve => {
                if self.has_signed_up {
                    // The intent comes first: if this is cut off, the customer's next visit finishes it.
                    operations.store_approval(id, Approval::Approving).await?;
                }
                google.approve_account(id, call_deadline()).await
            }
            AccountChange::Reject { reason } => {
                google.reject_account(id, reason, call_deadline()).await
            }
        };
        Ok(CallEffect::of(called)?)
    }

    /// Reads the account again, stores what Google says of it, and returns that as a sentence.
    async fn follow_google(&self, effect: CallEffect) -> Result<String, OperationError> {
        let id = &self.id;
        let now = self.operations.sign_up_state(id).await?;
        let approval = match now {
            ApprovalState::Approved => Some(Approval::Approved),
            ApprovalState::Rejected => Some(Approval::Rejected),
            ApprovalState::Pending | ApprovalState::Other(_) => None,
        };
        if let Some(approval) = approval {
            self.operations.store_approval(id, approval).await?;
        }
        let says = format!("Google says of account {id} now: {}", now.as_str());
        if now == self.change.wanted() {
            Ok(format!("{says}."))
        } else {
            Err(effect.missing(says))
        }
    }

    /// The orders of the account that wait for approval.
    async fn waiting_orders(&self) -> Result<Vec<EntitlementId>, OperationError> {
        let procurement = &self.operations.procurement;
        let listed = procurement.entitlements_of(&self.id, call_deadline());
        let entitlements = listed.await?.entitlements.into_iter();
        let waiting = entitlements.filter(|entitlement| {
            entitlement.state == EntitlementState::ActivationRequested
                && self.operations.serves(entitlement)
        });
        Ok(waiting.map(|entitlement| entitlement.id).collect())
    }
}

fn customer(id: &ProcurementAccountId, stored: Option<&Stored<Account>>) -> String {
    let record = stored.map(|stored| &stored.record);
    match record.map(|record| (record.approval, &record.company)) {
        None | Some((Approval::None, _)) => {
            format!("account {id}, for which nobody has signed up yet")
        }
        Some((_, Some(company))) => {
            format!("account {id} (unverified company: {})", one_line(company))
        }
        Some((_, None)) => format!("account {id}"),
    }
}
