//! Approves the sign-up of an account.

use marketplace::{ApprovalState, EntitlementId, EntitlementState, ProcurementAccountId};
use procurement::ProcurementError;
use store::{Account, Approval, JournalEntry, JournalKind};

use crate::accounts::sign_up;
use crate::actor::Actor;
use crate::asked_line::AskedLine;
use crate::call_effect::CallEffect;
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
    /// What the store had when the operator was asked; nobody has signed up yet if it is none.
    approval: Approval,
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
            approval,
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
        let mut line = AskedLine::of(self.operations, self.line());
        if let Err(error) = self.begin(&line).await {
            return self.follow(Err(error)).await;
        }
        let decided = self.decide(&mut line).await;
        line.end(self.follow(decided).await)
    }
}

impl AccountApproval<'_> {
    /// Writes who asks for it. The intent comes first: if this is cut off, the customer's next visit finishes it.
    async fn begin(&self, line: &AskedLine<'_>) -> Result<(), OperationError> {
        if self.approval == Approval::None {
            return line.write().await;
        }
        let stored =
            self.operations
                .store_approval(&self.id, Some(line.note()), Approval::Approving);
        stored.await
    }

    /// What the operator may want to decide next; what both say if it was not done.
    async fn follow(&self, decided: Result<String, OperationError>) -> DecisionOutcome {
        let mut outcome = DecisionOutcome::from(decided.map(|sentence| vec![sentence]));
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

    async fn decide(&self, line: &mut AskedLine<'_>) -> Result<String, OperationError> {
        let (operations, id) = (self.operations, &self.id);
        let effect = match CallEffect::of(self.call().await) {
            Ok(effect) => effect,
            Err(error) => {
                self.not_taken(line).await;
                return Err(error.into());
            }
        };
        if effect.was_refused() {
            self.not_taken(line).await;
        } else {
            line.answered(&effect).await;
        }
        let at_google = operations.sign_up_state(id).await?;
        match at_google {
            ApprovalState::Approved => {
                line.taken().await;
                operations
                    .store_approval(id, None, Approval::Approved)
                    .await?;
            }
            ApprovalState::Rejected => {
                line.not_taken().await;
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

    async fn call(&self) -> Result<(), ProcurementError> {
        if self.is_at_google {
            return Ok(());
        }
        let google = &self.operations.procurement;
        google.approve_account(&self.id, call_deadline()).await
    }

    /// Writes that Google did not take it. Where it has ended a rejection, that stays ended in the store, and nothing
    /// else says who decided it: then the line goes on saying that Google was asked.
    async fn not_taken(&self, line: &mut AskedLine<'_>) {
        if self.approval != Approval::Rejected {
            line.not_taken().await;
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

    /// The line of the journal.
    fn line(&self) -> Note {
        let now = self.operations.clock.stored_now();
        let entry = JournalEntry::of_account(&self.id, JournalKind::AccountApproved, now);
        Note::new(entry, &self.by, None)
    }
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
