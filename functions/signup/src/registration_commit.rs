//! What is stored of a customer who registers.

use jiff::{SignedDuration, Timestamp};
use marketplace::ProviderId;
use store::{
    Absence, Account, Approval, Commit, Document, HandOffRecord, JournalEntry, JournalKind,
    Landing, Link,
};

use crate::registration::Registration;

/// How exact `opened` is. An account that says the same as a moment ago is not written again, so that customers of
/// one account who come at the same time do not wait for each other.
const OPENED_EXACT_TO: SignedDuration = SignedDuration::from_mins(1);

impl Registration {
    /// Whether everything is stored already, by a request that was cut off before Google answered.
    pub(crate) fn is_recorded(
        &self,
        landing: &Landing,
        owner: Option<&ProviderId>,
        now: Timestamp,
    ) -> bool {
        let approving = landing.account.as_ref().is_some_and(|account| {
            account.record.approval == Approval::Approving
                && self.is_current(&account.record, owner, now)
        });
        approving && landing.link.is_some() && self.entry.open_session().is_none()
    }

    /// One commit: the link, the account as at least `approving`, and the completed session. The application is
    /// notified once the account is approved. As long as the store has no `owner`, the account is not said to be
    /// anybody's: Google has not been asked for it yet.
    pub(crate) fn commit(
        &self,
        landing: &Landing,
        owner: Option<&ProviderId>,
        now: Timestamp,
    ) -> Commit {
        let link = self.link(landing, now);
        let commit = match &landing.link {
            None => Commit::new().create(&link),
            Some(stored) => Commit::new().replace(&link, &stored.version),
        };
        let commit = self.with_account(commit, landing, owner, now);
        self.entry.complete_session(commit, now)
    }

    /// [`commit`](Self::commit) and the hand-off, for an account that is approved already.
    pub(crate) fn commit_handed_off(
        &self,
        landing: &Landing,
        owner: Option<&ProviderId>,
        hand_off: &HandOffRecord,
        now: Timestamp,
    ) -> Commit {
        self.commit(landing, owner, now).create(hand_off)
    }

    fn link(&self, landing: &Landing, now: Timestamp) -> Link {
        let customer = self.entry.customer();
        Link {
            account: customer.account().clone(),
            user: self.entry.user().clone(),
            profile: self.profile(landing),
            roles: customer.roles().to_vec(),
            orders: customer.orders().to_vec(),
            first_seen: landing
                .link
                .as_ref()
                .map_or(now, |link| link.record.first_seen),
            last_seen: now,
        }
    }

    fn with_account(
        &self,
        commit: Commit,
        landing: &Landing,
        owner: Option<&ProviderId>,
        now: Timestamp,
    ) -> Commit {
        match &landing.account {
            None => commit.create(self.new_account(owner, now)),
            // Nobody may close or refuse the account under this link.
            Some(stored) if self.is_current(&stored.record, owner, now) => {
                commit.unchanged(Document::account(&stored.record.id), &stored.version)
            }
            Some(stored) => {
                let account = self.opened(&stored.record, owner, now);
                let commit = commit.replace(&account, &stored.version);
                if !stored.record.is_closed() {
                    return commit;
                }
                let kind = JournalKind::AccountReopened;
                let line = JournalEntry::of_account(&account.id, kind, now);
                line.with("because", "signed-up").add_to(commit, None)
            }
        }
    }

    fn new_account(&self, owner: Option<&ProviderId>, now: Timestamp) -> Account {
        Account {
            provider: owner.cloned(),
            company: self.company(),
            opened: Some(now),
            ..Account::new(self.entry.account(), Approval::Approving, now)
        }
    }

    /// Whether a sign-up at this moment would leave the account as it is.
    fn is_current(&self, account: &Account, owner: Option<&ProviderId>, now: Timestamp) -> bool {
        let opened = account.opened;
        opened.is_some_and(|opened| now.duration_since(opened) < OPENED_EXACT_TO)
            && is_signed_up(account)
            && (owner.is_none() || account.provider.as_ref() == owner)
            && account.absent == self.absence(account)
    }

    /// The account as this sign-up leaves it. Everything that is not about the sign-up stays, also of an account that
    /// was closed: `touched` must never go back.
    fn opened(&self, before: &Account, owner: Option<&ProviderId>, now: Timestamp) -> Account {
        let closed = before.closing().map(|closing| closing.at);
        let account = Account {
            provider: owner.cloned().or_else(|| before.provider.clone()),
            opened: before.opened.max(closed).max(Some(now)),
            absent: self.absence(before),
            ..before.clone()
        };
        if is_signed_up(before) {
            return account;
        }
        Account {
            approval: Approval::Approving,
            company: self.company().or_else(|| before.company.clone()),
            updated: now,
            absent: None,
            closed: None,
            erase_hold: None,
            erase_asked: None,
            erased: None,
            ..account
        }
    }

    /// The account's absence, unless Google has named the account in the customer's token since.
    fn absence(&self, account: &Account) -> Option<Absence> {
        let issued = self.entry.customer().issued_at();
        account.absent.filter(|absent| issued <= absent.since)
    }

    fn company(&self) -> Option<String> {
        let typed = self.typed.as_ref();
        typed.and_then(|profile| profile.get("company")).cloned()
    }
}

/// Whether somebody has signed up for it, and it was not closed since.
fn is_signed_up(account: &Account) -> bool {
    account.approval != Approval::None && !account.is_closed()
}

#[cfg(test)]
mod tests;
