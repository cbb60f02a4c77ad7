//! Publishes the present state again.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use outbox::{AccountCommit, News, Notify};
use store::{Commit, JournalEntry, JournalKind, StoreUnavailable, retry_contended};

use crate::accounts::stored_now;
use crate::actor::Actor;
use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};

/// Publishes the present state of accounts again.
pub struct Announcement<'a> {
    operations: &'a Operations,
    accounts: Vec<ProcurementAccountId>,
    note: Note,
}

impl Operations {
    /// Publishes the present state of an account again, or of all that are open.
    pub async fn announce(
        &self,
        account: Option<&ProcurementAccountId>,
        by: &Actor,
    ) -> Result<Prepared<Announcement<'_>>, OperationError> {
        if self.notify == Notify::Off {
            return Err(OperationError::not_applicable(
                "EVENTS_TOPIC is not set: set it to the topic of the functions, or there is nobody to notify",
            ));
        }
        let now = stored_now();
        let kind = JournalKind::Announced;
        let (accounts, entry, mut notes) = if let Some(id) = account {
            self.expect_announceable(id).await?;
            let entry = JournalEntry::of_account(id, kind, now);
            (vec![id.clone()], entry, Vec::new())
        } else {
            let (accounts, notes) = self.announceable().await?;
            let entry = JournalEntry::of_deployment(kind, "all", now);
            let entry = entry.with("accounts", accounts.len());
            (accounts, entry, notes)
        };
        if accounts.is_empty() {
            notes.push("No account is open.".to_owned());
            return Ok(Prepared::nothing(notes));
        }
        let whose = match account {
            Some(id) => format!("account {id}"),
            None => format!("all {} open accounts", accounts.len()),
        };
        let intention = format!("This publishes the present state of {whose} again.");
        let decision = Announcement {
            operations: self,
            accounts,
            note: Note::new(entry, by, None),
        };
        Ok(Prepared::proposal(notes, intention, decision))
    }

    async fn expect_announceable(&self, id: &ProcurementAccountId) -> Result<(), OperationError> {
        let stored = self.store.account(id, call_deadline()).await?;
        let why = match stored.map(|stored| stored.record) {
            None => "is not stored",
            Some(account) if account.is_closed() => "is closed",
            Some(account) if !account.is_of(&self.provider) => "belongs to another provider",
            Some(_) => return Ok(()),
        };
        let reason = format!("account {id} {why}");
        Err(OperationError::not_applicable(reason))
    }

    /// The open accounts, and a sentence about what could not be read.
    async fn announceable(
        &self,
    ) -> Result<(Vec<ProcurementAccountId>, Vec<String>), OperationError> {
        let all = self.all_accounts().await?;
        let accounts = all.records.into_iter().map(|stored| stored.record);
        let open = accounts.filter(|it| !it.is_closed() && it.is_of(&self.provider));
        let notes = match all.unreadable {
            0 => Vec::new(),
            count => vec![format!(
                "{count} accounts cannot be read, and are left out."
            )],
        };
        Ok((open.map(|account| account.id).collect(), notes))
    }

    /// Whether the state was written to the outbox; an account that was closed meanwhile has none to announce.
    async fn announce_one(&self, id: &ProcurementAccountId) -> Result<bool, OperationError> {
        retry_contended(|| async {
            let known = self.store.account(id, call_deadline()).await?;
            // After the account, whose version guards the commit.
            let orders = self.store.entitlements_of(id, call_deadline()).await?;
            let open = known.as_ref().filter(|known| !known.record.is_closed());
            let Some(known) = open else {
                return Ok(false);
            };
            let state = AccountCommit {
                known: Some(known),
                account: known.record.clone(),
                orders: orders.iter().map(|order| &order.record).collect(),
                news: vec![News::Announced],
            };
            let commit = state.add_to(Commit::new(), self.notify, Timestamp::now());
            self.store.commit(commit, call_deadline()).await?;
            Ok(true)
        })
        .await
    }
}

impl Decision for Announcement<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let (mut announced, mut unreadable) = (0_usize, 0_usize);
        let mut error = self.operations.write_line(&self.note).await.err();
        for id in &self.accounts {
            if error.is_some() {
                break;
            }
            match self.operations.announce_one(id).await {
                Ok(done) => announced += usize::from(done),
                // One document that cannot be read does not stop the others.
                Err(OperationError::Store(StoreUnavailable::Undecodable { .. })) => unreadable += 1,
                Err(other) => error = Some(other),
            }
        }
        let mut sentences = vec![format!(
            "The state of {announced} accounts is on its way: the functions publish it with their next request."
        )];
        if unreadable > 0 {
            sentences.push(format!(
                "{unreadable} accounts were left out: something of theirs cannot be read."
            ));
        }
        DecisionOutcome {
            sentences,
            error,
            ..DecisionOutcome::default()
        }
    }
}
