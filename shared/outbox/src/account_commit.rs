//! Writes an account, with the news about it in their order.

use jiff::Timestamp;
use store::{Account, Commit, Entitlement, Stored};

use crate::news::AccountState;
use crate::sequence::advanced;
use crate::{News, Notify};

/// An account as it is to be stored, and what the application is notified of by the same commit.
#[derive(Debug, Clone)]
pub struct AccountCommit<'a> {
    /// The account as it was read; none if it is stored for the first time.
    pub known: Option<&'a Stored<Account>>,
    /// The account as it shall be. Its `touched` is filled in.
    pub account: Account,
    /// All stored orders of the account, as they are once this is stored.
    pub orders: Vec<&'a Entitlement>,
    /// In the order in which it happened.
    pub news: Vec<News>,
}

impl AccountCommit<'_> {
    /// Adds the account and the news to a commit. This is the only way to publish news, so that each has its place.
    pub fn add_to(self, commit: Commit, notify: Notify, now: Timestamp) -> Commit {
        let (account, first) = advanced(&self.account, self.news.len(), now);
        let commit = match self.known {
            None => commit.create(&account),
            Some(known) => commit.replace(&account, &known.version),
        };
        let state = AccountState {
            account: &account,
            orders: &self.orders,
            now,
        };
        let entries = self.news.iter().enumerate();
        let entries = entries.map(|(place, news)| news.entry(&state, first.plus(place)));
        notify.add_to(commit, entries)
    }
}
