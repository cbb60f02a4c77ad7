//! Rejects the sign-up of an account.

use marketplace::{ApprovalState, ProcurementAccountId};
use procurement::ProcurementError;
use store::{Account, Approval, JournalEntry, JournalKind, Rejecting};

use crate::accounts::sign_up;
use crate::actor::Actor;
use crate::asked_line::AskedLine;
use crate::call_effect::CallEffect;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};

/// Rejects the sign-up of an account.
pub struct AccountRejection<'a> {
    operations: &'a Operations,
    id: ProcurementAccountId,
    by: Actor,
    reason: String,
    /// What Google said when the operator was asked; none if it does not have the closed account any more.
    at_google: Option<ApprovalState>,
}

impl Operations {
    /// Rejects a sign-up, which stays rejected until it is approved, also if the account is closed meanwhile.
    pub async fn reject_account(
        &self,
        id: &ProcurementAccountId,
        reason: String,
        by: &Actor,
    ) -> Result<Prepared<AccountRejection<'_>>, OperationError> {
        let stored = self.store.account(id, call_deadline()).await?;
        let is_closed = stored.as_ref().is_some_and(|it| it.record.is_closed());
        let at_google = match self.sign_up_state(id).await {
            Err(OperationError::Procurement(ProcurementError::NotFound(_))) if is_closed => None,
            found => Some(found?),
        };
        let approval = stored.as_ref().map(|it| it.record.approval);
        let is_stored = approval == Some(Approval::Rejected);
        let decision = AccountRejection {
            operations: self,
            id: id.clone(),
            by: by.clone(),
            reason,
            at_google,
        };
        let is_done = match &decision.at_google {
            Some(state) => *state == ApprovalState::Rejected,
            None => is_stored,
        };
        if is_done {
            if !is_stored {
                decision.store_what_google_has().await?;
            }
            let note = format!("Account {id} is rejected already.");
            return Ok(Prepared::nothing(vec![note]));
        }
        let rejected = match &decision.at_google {
            Some(at_google) => sign_up(id, stored.as_ref(), at_google),
            None => format!("account {id}, which is closed, for the case that it is opened again"),
        };
        let reason = &decision.reason;
        let intention = format!("This rejects {rejected}, for the reason: {reason}");
        Ok(Prepared::proposal(Vec::new(), intention, decision))
    }
}

impl Decision for AccountRejection<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let line = self.line(JournalKind::AccountRejected, Some(&self.reason));
        let Some(before) = &self.at_google else {
            let says = format!(
                "The store says of account {} now: rejected. Google does not have it.",
                self.id
            );
            let stored = self.store(None, &line).await;
            return stored.map(|_| vec![says]).into();
        };
        let rejecting = Some(Rejecting {
            since: self.operations.clock.stored_now(),
            confirmed: None,
            refused: None,
        });
        let mut line = AskedLine::of(self.operations, line);
        // The intent comes first: whatever becomes of the call, reconciliation goes on from here.
        let replaced = match self.store(rejecting, line.note()).await {
            Ok(replaced) => replaced.approval,
            Err(error) => return DecisionOutcome::from(Err::<Vec<String>, _>(error)),
        };
        let decided = self.reject_at_google(before, rejecting, replaced, &mut line);
        let mut outcome = DecisionOutcome::from(decided.await.map(|says| vec![says]));
        if outcome.error.is_some() {
            outcome
                .sentences
                .extend(self.operations.both_say_now(&self.id).await);
            outcome.sentences.extend(self.what_follows().await);
        }
        line.end(outcome)
    }
}

impl AccountRejection<'_> {
    /// What Google does not take stays stored, and reconciliation goes on with it, or a line of its own says that it
    /// was overruled: the first line is never taken back.
    async fn reject_at_google(
        &self,
        before: &ApprovalState,
        rejecting: Option<Rejecting>,
        replaced: Approval,
        line: &mut AskedLine<'_>,
    ) -> Result<String, OperationError> {
        let (operations, id) = (self.operations, &self.id);
        let google = &operations.procurement;
        let called = google.reject_account(id, &self.reason, call_deadline());
        let effect = CallEffect::of(called.await)?;
        if effect.was_accepted() {
            line.taken().await;
        }
        let at_google = operations.sign_up_state(id).await?;
        if at_google == ApprovalState::Rejected {
            line.taken().await;
            self.confirm(rejecting).await?;
        } else if at_google == ApprovalState::Approved
            && *before == ApprovalState::Approved
            && effect.was_refused()
        {
            // It was approved long before: Google does not take that back, so neither can we.
            self.take_back(rejecting, replaced).await?;
        }
        let both_say = operations.both_say(id, &at_google).await?;
        if at_google == ApprovalState::Rejected {
            Ok(format!("{both_say}."))
        } else {
            Err(effect.missing(both_say))
        }
    }

    /// What reconciliation does if the account is still to be rejected.
    async fn what_follows(&self) -> Option<String> {
        let id = &self.id;
        let stored = self.operations.store.account(id, call_deadline()).await;
        let rejecting = stored.ok().flatten()?.record.rejecting?;
        rejecting.confirmed.is_none().then(|| {
            format!(
                "Account {id} is stored as rejected: the next reconciliation rejects it at Google \
                 again."
            )
        })
    }

    /// Returns the account that was replaced.
    async fn store(
        &self,
        rejecting: Option<Rejecting>,
        note: &Note,
    ) -> Result<Account, OperationError> {
        let change = |account: Account| {
            Ok(Account {
                approval: Approval::Rejected,
                rejecting,
                ..account
            })
        };
        let operations = self.operations;
        operations
            .change_account(&self.id, Some(note), change)
            .await
    }

    /// Somebody rejected it at Google before, and nobody was asked here: no line says that it was this operator.
    async fn store_what_google_has(&self) -> Result<(), OperationError> {
        let now = self.operations.clock.stored_now();
        let rejecting = Some(Rejecting {
            since: now,
            confirmed: Some(now),
            refused: None,
        });
        let change = |account: Account| {
            Ok(Account {
                approval: Approval::Rejected,
                rejecting,
                ..account
            })
        };
        let changed = self.operations.change_account(&self.id, None, change);
        changed.await.map(|_| ())
    }

    /// Stores that Google has this rejection, unless somebody has decided otherwise meanwhile.
    async fn confirm(&self, rejecting: Option<Rejecting>) -> Result<(), OperationError> {
        let confirmed = Some(self.operations.clock.stored_now());
        let change = |account: Account| {
            let is_ours = account.rejecting.is_some() && account.rejecting == rejecting;
            Ok(if is_ours {
                Account {
                    rejecting: rejecting.map(|it| Rejecting { confirmed, ..it }),
                    ..account
                }
            } else {
                account
            })
        };
        let changed = self.operations.change_account(&self.id, None, change);
        changed.await.map(|_| ())
    }

    /// `replaced` is the approval that the rejection has replaced.
    async fn take_back(
        &self,
        rejecting: Option<Rejecting>,
        replaced: Approval,
    ) -> Result<(), OperationError> {
        let note = self.line(JournalKind::RejectionOverruled, None);
        let approval = match replaced {
            // The application has yet to hear of the sign-up, by the commit that stores `approved`.
            Approval::Approving => Approval::Approving,
            _ => Approval::Approved,
        };
        let change = |account: Account| {
            if account.rejecting != rejecting || account.is_closed() {
                return Err(OperationError::Overtaken(format!(
                    "somebody else has decided about account {} meanwhile, and that was left alone",
                    account.id
                )));
            }
            Ok(Account {
                approval,
                rejecting: None,
                ..account
            })
        };
        let operations = self.operations;
        let changed = operations.change_account(&self.id, Some(&note), change);
        changed.await.map(|_| ())
    }

    fn line(&self, kind: JournalKind, text: Option<&str>) -> Note {
        let now = self.operations.clock.stored_now();
        let entry = JournalEntry::of_account(&self.id, kind, now);
        Note::new(entry, &self.by, text)
    }
}
