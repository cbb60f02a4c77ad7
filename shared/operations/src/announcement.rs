//! Publishes the present state again.

use marketplace::{EntitlementId, ProcurementAccountId};
use outbox::{AccountCommit, Notify};
use store::{Commit, Contended as _, JournalEntry, JournalKind, StoreUnavailable, retry_contended};

use crate::actor::Actor;
use crate::announced_news::{AnnouncedNews, announced};
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
    /// Publishes the present state of an account again, or of all accounts, also of those that are closed or erased: an
    /// application that has lost such news would never end their access or erase its own data.
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
        let now = self.clock.stored_now();
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
            notes.push("No account is stored.".to_owned());
            return Ok(Prepared::nothing(notes));
        }
        let whose = match account {
            Some(id) => format!("account {id}"),
            None => format!("all {} accounts", accounts.len()),
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
            Some(account) if !account.is_of(&self.provider) => "belongs to another provider",
            Some(_) => return Ok(()),
        };
        let reason = format!("account {id} {why}");
        Err(OperationError::not_applicable(reason))
    }

    /// The accounts of this provider, and a sentence about what could not be read.
    async fn announceable(
        &self,
    ) -> Result<(Vec<ProcurementAccountId>, Vec<String>), OperationError> {
        let all = self.all_accounts().await?;
        let accounts = all.records.into_iter().map(|stored| stored.record);
        let own = accounts.filter(|it| it.is_of(&self.provider));
        let notes = match all.unreadable {
            0 => Vec::new(),
            count => vec![format!(
                "{count} accounts cannot be read, and are left out."
            )],
        };
        Ok((own.map(|account| account.id).collect(), notes))
    }

    /// Writes the state to the outbox, and returns the orders whose stop is not repeated; none if the account is not
    /// stored.
    async fn announce_one(
        &self,
        id: &ProcurementAccountId,
    ) -> Result<Option<Vec<EntitlementId>>, OperationError> {
        retry_contended(|| async {
            let known = self.store.account(id, call_deadline()).await?;
            let Some(known) = known else {
                return Ok(None);
            };
            // After the account, whose version guards the commit: whatever changes an order or stops it, changes that.
            let orders = self.store.entitlements_of(id, call_deadline()).await?;
            let ids: Vec<_> = orders.iter().map(|order| order.record.id.clone()).collect();
            let meters = self.store.meters(&ids, call_deadline()).await?;
            let meters = meters
                .iter()
                .map(|meter| meter.as_ref().map(|it| &it.record));
            let orders: Vec<_> = orders.iter().map(|order| &order.record).collect();
            let AnnouncedNews { news, unexplained } =
                announced(&known.record, orders.iter().copied().zip(meters));
            let state = AccountCommit {
                known: Some(&known),
                account: known.record.clone(),
                orders,
                news,
            };
            let commit = state.add_to(Commit::new(), self.notify, self.clock.now());
            self.store.commit(commit, call_deadline()).await?;
            Ok(Some(unexplained))
        })
        .await
    }
}

/// What became of the accounts.
#[derive(Default)]
struct Announced {
    count: usize,
    /// Accounts of which something cannot be read.
    unreadable: Vec<ProcurementAccountId>,
    /// Accounts that were changed again and again meanwhile.
    contended: Vec<ProcurementAccountId>,
    unexplained: Vec<EntitlementId>,
}

impl Decision for Announcement<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let mut all = Announced::default();
        let mut error = self.operations.write_line(&self.note).await.err();
        for id in &self.accounts {
            if error.is_some() {
                break;
            }
            match self.operations.announce_one(id).await {
                Ok(None) => {}
                Ok(Some(orders)) => {
                    all.count += 1;
                    all.unexplained.extend(orders);
                }
                // One account does not stop the others.
                Err(OperationError::Store(StoreUnavailable::Undecodable { .. })) => {
                    all.unreadable.push(id.clone());
                }
                Err(other) if other.is_contended() => all.contended.push(id.clone()),
                Err(other) => error = Some(other),
            }
        }
        DecisionOutcome {
            sentences: all.sentences(),
            error: error.or_else(|| all.left()),
            ..DecisionOutcome::default()
        }
    }
}

impl Announced {
    fn sentences(&self) -> Vec<String> {
        let announced = format!(
            "The state of {} accounts is on its way: the functions publish it with their next request.",
            self.count
        );
        let unreadable = (!self.unreadable.is_empty()).then(|| {
            format!(
                "Left out, because something of theirs cannot be read: {}.",
                named(&self.unreadable)
            )
        });
        let all = [announced].into_iter().chain(unreadable);
        all.chain(self.unexplained.iter().map(not_repeated))
            .collect()
    }

    /// Why not all of it was done: what was in the way of these accounts passes.
    fn left(&self) -> Option<OperationError> {
        (!self.contended.is_empty()).then(|| {
            OperationError::Overtaken(format!(
                "others changed these accounts at the same moment, again and again, and they were not announced: {}",
                named(&self.contended)
            ))
        })
    }
}

fn named(accounts: &[ProcurementAccountId]) -> String {
    let ids: Vec<_> = accounts.iter().map(ProcurementAccountId::as_str).collect();
    ids.join(", ")
}

fn not_repeated(order: &EntitlementId) -> String {
    format!(
        "Google cannot bill order {order}, and an earlier version did not keep why: that the application has to stop \
         serving it is not repeated."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str) -> ProcurementAccountId {
        ProcurementAccountId::parse(id).unwrap()
    }

    #[test]
    fn accounts_that_were_left_are_named() {
        let all = Announced {
            count: 3,
            unreadable: vec![account("A-1")],
            contended: vec![account("A-2"), account("A-3")],
            unexplained: Vec::new(),
        };
        let said = all.sentences().join("\n");
        assert!(said.contains("The state of 3 accounts"), "{said}");
        assert!(said.contains("cannot be read: A-1."), "{said}");
        let left = all.left().unwrap().to_string();
        assert!(left.ends_with("not announced: A-2, A-3"), "{left}");
        assert!(Announced::default().left().is_none());
    }
}
