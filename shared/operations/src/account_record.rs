//! Changes of a stored account, with the news and the line of the journal that belong to them.

use marketplace::{ApprovalState, ProcurementAccountId};
use outbox::{AccountCommit, News};
use store::{Account, Approval, Commit, Entitlement, Stored, retry_contended};

use crate::error::OperationError;
use crate::journal::Note;
use crate::operations::{Operations, call_deadline};

impl Operations {
    /// Stores what `change` makes of the account as it is stored now, and the note in the same commit. An account
    /// that is not stored yet is stored with it, so that a customer who signs up later meets the decision. Returns the
    /// account that was replaced.
    pub(crate) async fn change_account(
        &self,
        id: &ProcurementAccountId,
        note: Option<&Note>,
        change: impl Fn(Account) -> Result<Account, OperationError> + Send + Sync,
    ) -> Result<Account, OperationError> {
        retry_contended(|| async {
            let known = self.store.account(id, call_deadline()).await?;
            // After the account, whose version guards the commit.
            let orders = self.store.entitlements_of(id, call_deadline()).await?;
            let now = self.clock.now();
            let before = known.as_ref().map_or_else(
                || Account {
                    provider: Some(self.provider.clone()),
                    ..Account::new(id, Approval::None, now)
                },
                |known| known.record.clone(),
            );
            let after = change(before.clone())?;
            let commit = note.map_or_else(Commit::new, |note| note.add_to(Commit::new()));
            let commit = if after == before && known.is_some() {
                commit
            } else {
                let account = Account {
                    updated: now,
                    ..after
                };
                self.changed(commit, known.as_ref(), account, &orders)
            };
            if !commit.is_empty() {
                self.store.commit(commit, call_deadline()).await?;
            }
            Ok(before)
        })
        .await
    }

    /// What Google was seen to say of a sign-up, and what the store says of it, as the beginning of a sentence.
    pub(crate) async fn both_say(
        &self,
        id: &ProcurementAccountId,
        at_google: &ApprovalState,
    ) -> Result<String, OperationError> {
        let stored = self.store.account(id, call_deadline()).await?;
        let stored = stored.map_or("nothing", |stored| stored.record.approval.as_str());
        let at_google = at_google.as_str();
        Ok(format!(
            "Google says of account {id} now: {at_google}; the store says: {stored}"
        ))
    }

    /// What Google and the store say of an account whose decision was not done, as far as they can be asked.
    pub(crate) async fn both_say_now(&self, id: &ProcurementAccountId) -> Option<String> {
        let at_google = self.sign_up_state(id).await.ok()?;
        let both_say = self.both_say(id, &at_google).await.ok()?;
        Some(format!("{both_say}."))
    }

    fn changed(
        &self,
        commit: Commit,
        known: Option<&Stored<Account>>,
        account: Account,
        orders: &[Stored<Entitlement>],
    ) -> Commit {
        let was_approving = known.is_some_and(|it| it.record.approval == Approval::Approving);
        let is_sign_up = was_approving && account.approval == Approval::Approved;
        let commit_of_account = AccountCommit {
            known,
            orders: orders.iter().map(|order| &order.record).collect(),
            news: is_sign_up.then_some(News::SignedUp).into_iter().collect(),
            account,
        };
        commit_of_account.add_to(commit, self.notify, self.clock.now())
    }
}
