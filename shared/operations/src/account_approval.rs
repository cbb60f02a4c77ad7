//! Approves the sign-up of an account.

use marketplace::{ApprovalState, EntitlementId, EntitlementState, ProcurementAccountId};
use store::{Account, Approval, JournalEntry, JournalKind};

use crate::accounts::sign_up;
use crate::actor::Actor;
use crate::call_effect::CallEffect;
use crate::clock::Clock;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::next_step::NextStep;
use crate::operations::{Operations, call_deadline};

/// Approves the sign-up of an account.
pub struct AccountApproval<'a> {
    operations: &'a Operations,
    id: ProcurementAccountId,
    by: Actor,
    has_signed_up: bool,
    /// Google has approved it already: only the store has it as rejected.
    is_at_google: bool,
}

impl Operations {
    /// Approves a sign-up, also one that was rejected.
    pub async fn approve_account(
        &self,
        id: &ProcurementAccountId,
        by: &Actor,
    ) -> Result<Prepared<AccountApproval<'_>>, OperationError> {
        let stored = self.store.account(id, call_deadline()).await?;
        let record = stored.as_ref().map(|stored| &stored.record);
        expect_open(id, record)?;
        let at_google = self.sign_up_state(id).await?;
        let is_at_google = at_google == ApprovalState::Approved;
        let approval = record.map_or(Approval::None, |record| record.approval);
        if is_at_google && approval != Approval::Rejected {
            // Google decided before, and nobody was asked here: no line says that it was this operator.
            self.store_approval(id, None, Approval::Approved).await?;
            let note = format!("Account {id} is approved already.");
            return Ok(Prepared::nothing(vec![note]));
        }
        let intended = sign_up(id, stored.as_ref(), &at_google);
        let decision = AccountApproval {
            operations: self,
            id: id.clone(),
            by: by.clone(),
            has_signed_up: approval != Approval::None,
            is_at_google,
        };
        let intention = format!("This approves {intended}.");
        Ok(Prepared::proposal(Vec::new(), intention, decision))
    }

    /// Stores that an account is being approved or is approved, which ends a rejection; the account must be open.
    async fn store_approval(
        &self,
        id: &ProcurementAccountId,
        note: Option<&Note>,
        approval: Approval,
    ) -> Result<(), OperationError> {
        let change = |account: Account| {
            expect_open(id, Some(&account))?;
            Ok(Account {
                approval,
                rejecting: None,
                ..account
            })
        };
        self.change_account(id, note, change).await.map(|_| ())
    }
}

impl Decision for AccountApproval<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let decided = self.decide().await.map(|sentence| vec![sentence]);
        let mut outcome = DecisionOutcome::from(decided);
        if outcome.error.is_some() {
            outcome
                .sentences
                .extend(self.operations.both_say_now(&self.id).await);
            return outcome;
        }
        match self.waiting_orders().await {
            Ok(orders) => {
                let waits = |id| format!("Its order {id} waits for approval.");
                outcome.sentences.extend(orders.iter().map(waits));
                let steps = orders.into_iter().map(NextStep::ApproveOrder);
                outcome.next.extend(steps);
            }
            Err(error) => outcome.error = Some(error),
        }
        outcome
    }
}

impl AccountApproval<'_> {
    async fn decide(&self) -> Result<String, OperationError> {
        let (operations, id) = (self.operations, &self.id);
        let note = line(id, &self.by, operations.clock);
        if self.has_signed_up {
            // The intent comes first: if this is cut off, the customer's next visit finishes it.
            operations
                .store_approval(id, Some(&note), Approval::Approving)
                .await?;
        }
        let called = if self.is_at_google {
            Ok(())
        } else {
            let google = &operations.procurement;
            google.approve_account(id, call_deadline()).await
        };
        let effect = CallEffect::of(called)?;
        let at_google = operations.sign_up_state(id).await?;
        match at_google {
            ApprovalState::Approved => {
                let note = (!self.has_signed_up).then_some(&note);
                operations
                    .store_approval(id, note, Approval::Approved)
                    .await?;
            }
            ApprovalState::Rejected => {
                operations
                    .store_approval(id, None, Approval::Rejected)
                    .await?;
            }
            ApprovalState::Pending | ApprovalState::Other(_) => {}
        }
        let both_say = operations.both_say(id, &at_google).await?;
        if at_google == ApprovalState::Approved {
            Ok(format!("{both_say}."))
        } else {
            Err(effect.missing(both_say))
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

fn line(id: &ProcurementAccountId, by: &Actor, clock: Clock) -> Note {
    let entry = JournalEntry::of_account(id, JournalKind::AccountApproved, clock.stored_now());
    Note::new(entry, by, None)
}

fn expect_open(id: &ProcurementAccountId, account: Option<&Account>) -> Result<(), OperationError> {
    match account.and_then(Account::closing) {
        None => Ok(()),
        Some(closed) => Err(OperationError::not_applicable(format!(
            "account {id} is closed since {}: it can be approved once it is open again, which it is when \
             Google has it again or its customer signs up again",
            closed.at
        ))),
    }
}
