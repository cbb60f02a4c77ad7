//! What is stored of a customer who registers.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use outbox::{Notify, signed_up};
use store::{Account, Approval, Commit, Document, HandOffRecord, Landing, Link, Stored, Version};

use crate::registration::Registration;

impl Registration {
    /// Whether everything is stored already, by a request that was cut off before Google answered.
    pub(crate) fn is_recorded(&self, landing: &Landing) -> bool {
        let approving = landing.account.as_ref().is_some_and(|account| {
            account.record.approval == Approval::Approving && account.record.deleted.is_none()
        });
        approving && landing.link.is_some() && self.entry.open_session().is_none()
    }

    /// One commit: the link, the account as at least `approving`, the completed session, and the
    /// news for the application.
    pub(crate) fn commit(&self, landing: &Landing, notify: Notify, now: Timestamp) -> Commit {
        let link = self.link(landing, now);
        let commit = match &landing.link {
            None => Commit::new().create(&link),
            Some(stored) => Commit::new().replace(&link, &stored.version),
        };
        let commit = self.with_account(commit, landing, notify, now);
        self.entry.complete_session(commit, now)
    }

    /// [`commit`](Self::commit) and the hand-off, for an account that is approved already.
    pub(crate) fn commit_handed_off(
        &self,
        landing: &Landing,
        hand_off: &HandOffRecord,
        now: Timestamp,
    ) -> Commit {
        self.commit(landing, Notify::Off, now).create(hand_off)
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
        notify: Notify,
        now: Timestamp,
    ) -> Commit {
        let id = self.entry.account();
        let company = self
            .typed
            .as_ref()
            .and_then(|profile| profile.get("company"))
            .cloned();
        let (commit, account) = match account_change(landing.account.as_ref()) {
            // Nobody may delete or refuse the account under this link.
            AccountChange::Keep(version) => {
                return commit.unchanged(Document::account(id), version);
            }
            AccountChange::Begin => {
                let account = new_account(id, company, now);
                (commit.create(&account), account)
            }
            AccountChange::BeginAgain(version) => {
                let account = new_account(id, company, now);
                (commit.replace(&account, version), account)
            }
            AccountChange::Advance(stored) => {
                let before = stored.record.clone();
                let company = company.or_else(|| before.company.clone());
                let account = Account {
                    approval: Approval::Approving,
                    company,
                    updated: now,
                    ..before
                };
                (commit.replace(&account, &stored.version), account)
            }
        };
        notify.add_to(commit, signed_up(id, account.company.as_deref(), now))
    }
}

/// What a sign-up does to the account's record.
enum AccountChange<'a> {
    /// The account is signed up already.
    Keep(&'a Version),
    /// Nothing is known of it.
    Begin,
    /// Google deleted it and, as a newer token shows, has it again.
    BeginAgain(&'a Version),
    /// An event came before anybody signed up.
    Advance(&'a Stored<Account>),
}

fn account_change(stored: Option<&Stored<Account>>) -> AccountChange<'_> {
    match stored {
        None => AccountChange::Begin,
        Some(stored) if stored.record.deleted.is_some() => {
            AccountChange::BeginAgain(&stored.version)
        }
        Some(stored) if stored.record.approval == Approval::None => AccountChange::Advance(stored),
        Some(stored) => AccountChange::Keep(&stored.version),
    }
}

fn new_account(id: &ProcurementAccountId, company: Option<String>, now: Timestamp) -> Account {
    Account {
        company,
        ..Account::new(id, Approval::Approving, now)
    }
}
