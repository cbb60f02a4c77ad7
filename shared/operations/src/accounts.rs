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
    intention: String,
}

#[derive(Debug)]
enum AccountChange {
    Approve { signed_up: bool },
    Reject { reason: String },
}

impl Operations {
    /// Approves a sign-up, also one that was rejected.
    pub async fn approve_account(
        &self,
        id: &ProcurementAccountId,
    ) -> Result<Prepared<AccountDecision<'_>>, OperationError> {
        let at_google = self.sign_up_state(id).await?;
        let stored = self.store.account(id, call_deadline()).await?;
        if at_google == ApprovalState::Approved {
            self.store_approval(id, Approval::Approved).await?;
            let note = format!("Account {id} is approved already.");
            return Ok(Prepared::nothing(vec![note]));
        }
        let intention = format!(
            "This approves the sign-up of {}, which is {} at Google.",
            customer(id, stored.as_ref()),
            at_google.as_str()
        );
        let signed_up = stored.is_some_and(|it| it.record.approval != Approval::None);
        let change = AccountChange::Approve { signed_up };
        Ok(self.about_account(id, change, intention))
    }

    /// Rejects a sign-up, which stays rejected until it is approved.
    pub async fn reject_account(
        &self,
        id: &ProcurementAccountId,
        reason: String,
    ) -> Result<Prepared<AccountDecision<'_>>, OperationError> {
        let at_google = self.sign_up_state(id).await?;
        let stored = self.store.account(id, call_deadline()).await?;
        if at_google == ApprovalState::Rejected {
            self.store_approval(id, Approval::Rejected).await?;
            let note = format!("Account {id} is rejected already.");
            return Ok(Prepared::nothing(vec![note]));
        }
        let intention = format!(
            "This rejects the sign-up of {}, which is {} at Google, for the reason: {reason}",
            customer(id, stored.as_ref()),
            at_google.as_str()
        );
        Ok(self.about_account(id, AccountChange::Reject { reason }, intention))
    }

    fn about_account(
        &self,
        id: &ProcurementAccountId,
        change: AccountChange,
        intention: String,
    ) -> Prepared<AccountDecision<'_>> {
        Prepared::decision(AccountDecision {
            operations: self,
            id: id.clone(),
            change,
            intention,
        })
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
    fn intention(&self) -> &str {
        &self.intention
    }

    async fn carry_out(self) -> DecisionOutcome {
        let decided = match self.decide().await {
            Ok(sentence) => sentence,
            Err(error) => return Err(error).into(),
        };
        let mut outcome = DecisionOutcome {
            sentences: vec![decided],
            ..DecisionOutcome::default()
        };
        if matches!(self.change, AccountChange::Approve { .. }) {
            match self.waiting_orders().await {
                Ok(orders) => {
                    let waits = |id| format!("Its order {id} waits for approval.");
                    outcome.sentences.extend(orders.iter().map(waits));
                    outcome
                        .next
                        .extend(orders.into_iter().map(NextStep::ApproveOrder));
                }
                Err(error) => outcome.error = Some(error),
            }
        }
        outcome
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
            AccountChange::Approve { signed_up } => {
                if *signed_up {
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
        let wanted = match self.change {
            AccountChange::Approve { .. } => ApprovalState::Approved,
            AccountChange::Reject { .. } => ApprovalState::Rejected,
        };
        let says = format!("Google says of account {id} now: {}", now.as_str());
        if now == wanted {
            Ok(format!("{says}."))
        } else {
            Err(effect.missing(says))
        }
    }

    /// The orders of the account that wait for approval.
    async fn waiting_orders(&self) -> Result<Vec<EntitlementId>, OperationError> {
        let procurement = &self.operations.procurement;
        let entitlements = procurement.entitlements_of(&self.id, call_deadline());
        let waiting = entitlements.await?.into_iter().filter(|entitlement| {
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
