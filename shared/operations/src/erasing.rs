//! When the personal data of closed accounts is erased, and how an operator changes that.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use serde::Serialize;
use store::{Account, EraseHold, JournalEntry, JournalKind};

use crate::actor::Actor;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};

/// A closed account whose personal data is still stored; its JSON is part of the interface of `operator erase list`.
#[derive(Debug, Serialize)]
pub struct PendingErasure {
    /// The account.
    pub account: ProcurementAccountId,
    /// When it was closed.
    pub closed: Timestamp,
    /// Why.
    pub because: &'static str,
    /// From when on reconciliation erases it.
    pub due: Timestamp,
    /// Until when an operator holds it.
    pub held_until: Option<Timestamp>,
    /// Who holds it.
    pub held_by: Option<String>,
    /// When an operator asked to erase it without further waiting.
    pub asked: Option<Timestamp>,
}

/// Changes when the personal data of an account is erased.
pub struct ErasureDecision<'a> {
    operations: &'a Operations,
    id: ProcurementAccountId,
    change: ErasureChange,
    by: Actor,
}

#[derive(Debug)]
enum ErasureChange {
    Now { reason: String },
    Hold { until: Timestamp, reason: String },
    Release,
}

impl Operations {
    /// The closed accounts whose personal data is still stored, the first due first, and how many documents cannot
    /// be read.
    pub async fn pending_erasures(&self) -> Result<(Vec<PendingErasure>, usize), OperationError> {
        let accounts = self.all_accounts().await?;
        let records = accounts.records.iter().map(|stored| &stored.record);
        let ours = records.filter(|account| account.is_of(&self.provider));
        let mut pending: Vec<_> = ours.filter_map(|it| self.pending_erasure(it)).collect();
        pending.sort_by(|a, b| (a.due, &a.account).cmp(&(b.due, &b.account)));
        Ok((pending, accounts.unreadable))
    }

    /// Asks for the personal data of a closed account to be erased without further waiting.
    pub async fn erase_now(
        &self,
        id: &ProcurementAccountId,
        reason: String,
        by: &Actor,
    ) -> Result<Prepared<ErasureDecision<'_>>, OperationError> {
        let change = ErasureChange::Now { reason };
        self.about_erasing(id, change, by).await
    }

    /// Keeps the personal data of an account until then, should it be closed.
    pub async fn hold_erasure(
        &self,
        id: &ProcurementAccountId,
        until: Timestamp,
        reason: String,
        by: &Actor,
    ) -> Result<Prepared<ErasureDecision<'_>>, OperationError> {
        let change = ErasureChange::Hold { until, reason };
        self.about_erasing(id, change, by).await
    }

    /// Ends a hold.
    pub async fn release_erasure(
        &self,
        id: &ProcurementAccountId,
        by: &Actor,
    ) -> Result<Prepared<ErasureDecision<'_>>, OperationError> {
        self.about_erasing(id, ErasureChange::Release, by).await
    }

    fn pending_erasure(&self, account: &Account) -> Option<PendingErasure> {
        let closed = account.closed.filter(|_| account.erased.is_none())?;
        let due = closed.at.saturating_add(self.erase_after);
        let due = account.erase_asked.unwrap_or(due.unwrap_or(Timestamp::MAX));
        let hold = account.erase_hold.clone();
        let held_until = hold.as_ref().map(|hold| hold.until);
        Some(PendingErasure {
            account: account.id.clone(),
            closed: closed.at,
            because: closed.because.as_str(),
            due: held_until.map_or(due, |until| due.max(until)),
            held_until,
            held_by: hold.map(|hold| hold.by),
            asked: account.erase_asked,
        })
    }

    async fn about_erasing(
        &self,
        id: &ProcurementAccountId,
        change: ErasureChange,
        by: &Actor,
    ) -> Result<Prepared<ErasureDecision<'_>>, OperationError> {
        let stored = self.store.account(id, call_deadline()).await?;
        let Some(stored) = stored else {
            let reason = format!("account {id} is not stored");
            return Err(OperationError::not_applicable(reason));
        };
        self.expect_not_set_aside(&stored.record)?;
        change.applied(stored.record, by, self.clock.stored_now())?;
        let intention = match &change {
            ErasureChange::Now { reason } => format!(
                "This has the next reconciliation erase what is stored about the users of account {id}, which \
                 cannot be undone, for the reason: {reason}"
            ),
            ErasureChange::Hold { until, reason } => format!(
                "This keeps what is stored about the users of account {id} until {until}, for the reason: {reason}"
            ),
            ErasureChange::Release => {
                format!(
                    "This lets what is stored about the users of account {id} be erased when it is due."
                )
            }
        };
        let decision = ErasureDecision {
            operations: self,
            id: id.clone(),
            change,
            by: by.clone(),
        };
        Ok(Prepared::proposal(Vec::new(), intention, decision))
    }

    /// A mark on an account of another provider would promise what nobody does: reconciliation does not look at it, and
    /// the configured provider's answer that there is no such account proves nothing.
    fn expect_not_set_aside(&self, account: &Account) -> Result<(), OperationError> {
        let Some(owner) = account.provider.as_ref().filter(|it| **it != self.provider) else {
            return Ok(());
        };
        let id = &account.id;
        Err(OperationError::not_applicable(format!(
            "account {id} belongs to the provider {owner} and was set aside: reconciliation does not look at it, and \
             Google cannot be asked about it as {}. What is stored about its users can be erased only by hand, in the \
             database: it is in the documents of links, sessions and journal_texts that name the account",
            self.provider
        )))
    }
}

impl ErasureChange {
    /// The account with the mark, if it can have it.
    fn applied(
        &self,
        account: Account,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Account, OperationError> {
        let refused = |why: &str| {
            let id = &account.id;
            Err(OperationError::not_applicable(format!(
                "account {id} {why}"
            )))
        };
        if account.erased.is_some() {
            return refused("is erased already");
        }
        let is_held = account.erase_hold.as_ref().is_some_and(|it| it.until > now);
        let (erase_hold, erase_asked) = match self {
            Self::Now { .. } if !account.is_closed() => {
                return refused(
                    "is not closed: only what is stored about a closed account is erased",
                );
            }
            Self::Now { .. } if is_held => {
                return refused("is on hold: release it first");
            }
            Self::Now { .. } => (None, Some(now)),
            Self::Hold { until, .. } if *until <= now => {
                return refused("can be held only until a time in the future");
            }
            Self::Hold { until, .. } => {
                let by = by.as_str().to_owned();
                (Some(EraseHold { until: *until, by }), None)
            }
            Self::Release if account.erase_hold.is_none() => return refused("is not on hold"),
            Self::Release => (None, account.erase_asked),
        };
        Ok(Account {
            erase_hold,
            erase_asked,
            ..account
        })
    }
}

impl Decision for ErasureDecision<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        self.decide().await.map(|sentence| vec![sentence]).into()
    }
}

impl ErasureDecision<'_> {
    async fn decide(&self) -> Result<String, OperationError> {
        let (id, now) = (&self.id, self.operations.clock.stored_now());
        let (kind, until, reason) = match &self.change {
            ErasureChange::Now { reason } => (JournalKind::EraseAsked, None, Some(reason)),
            ErasureChange::Hold { until, reason } => (
                JournalKind::EraseHeld,
                Some(until.to_string()),
                Some(reason),
            ),
            ErasureChange::Release => (JournalKind::EraseHeld, Some("released".to_owned()), None),
        };
        let entry = JournalEntry::of_account(id, kind, now);
        let entry = match until {
            Some(until) => entry.with("until", until),
            None => entry,
        };
        let note = Note::new(entry, &self.by, reason.map(String::as_str));
        let operations = self.operations;
        let change = |account: Account| {
            operations.expect_not_set_aside(&account)?;
            self.change.applied(account, &self.by, now)
        };
        operations.change_account(id, Some(&note), change).await?;
        let stored = operations.store.account(id, call_deadline()).await?;
        let pending = stored.and_then(|stored| operations.pending_erasure(&stored.record));
        Ok(match pending {
            Some(PendingErasure { due, .. }) => {
                format!("What is stored about the users of account {id} is erased from {due} on.")
            }
            None => format!("It is stored for account {id}, which is not closed."),
        })
    }
}
