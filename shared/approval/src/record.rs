//! Records what Google said: adds it to a commit, with the news for the application.

use jiff::Timestamp;
use outbox::{AccountCommit, News, Notify, OrderChange, order_changes};
use store::{Account, Approval, Commit, Entitlement, Stored};

/// The account with this approval, everything else as it was.
pub fn with_approval(stored: &Stored<Account>, approval: Approval, now: Timestamp) -> Account {
    Account {
        approval,
        updated: now,
        ..stored.record.clone()
    }
}

/// The sign-up is news in the commit that stores the approval, in whichever request that is. So is every order that was
/// in force before it: nothing is published while an account is closed, and its closing has published their end.
pub fn sign_up_news<'a>(
    before: Option<&Account>,
    after: &Account,
    stored: impl IntoIterator<Item = &'a Entitlement>,
    now: Timestamp,
) -> Vec<News> {
    let was_approving = before.is_some_and(|before| before.approval == Approval::Approving);
    if !was_approving || after.approval != Approval::Approved {
        return Vec::new();
    }
    let is_older = |order: &&Entitlement| {
        let opened = after.opened;
        order.state.is_live() && opened.is_some_and(|opened| order.update_time < opened)
    };
    let granted = stored.into_iter().filter(is_older);
    let granted = granted.map(|order| News::Order {
        change: OrderChange::AccessGranted,
        order: order.clone(),
        changed: now,
    });
    std::iter::once(News::SignedUp).chain(granted).collect()
}

/// An account as it is to be stored, with the orders that Google listed of it.
#[derive(Debug, Clone)]
pub struct FetchedCommit<'a> {
    /// The account as it was read.
    pub known: &'a Stored<Account>,
    /// The account as it shall be.
    pub account: Account,
    /// The orders that Google listed.
    pub fetched: &'a [Entitlement],
    /// All stored orders of the account.
    pub stored: &'a [Stored<Entitlement>],
    /// Listed orders that are stored under another account. They are left alone here: moving one changes the
    /// other account, too.
    pub elsewhere: &'a [Stored<Entitlement>],
}

impl FetchedCommit<'_> {
    /// Adds the account, the orders that are newer than what is stored, and the news about them.
    ///
    /// Versions guard each write: if an event stores the same entitlement at the same time, the commit fails as a
    /// whole and has to be prepared again from what is stored then.
    pub fn add_to(self, commit: Commit, notify: Notify, now: Timestamp) -> Commit {
        let Self {
            known,
            account,
            fetched,
            stored,
            elsewhere,
        } = self;
        let is_elsewhere =
            |own: &Entitlement| elsewhere.iter().any(|other| other.record.id == own.id);
        let own = fetched.iter().filter(|order| !is_elsewhere(order));
        let own: Vec<_> = own.cloned().collect();
        let orders = newest(&own, stored);
        let access = account.access(orders.iter().copied());
        let known_orders = stored.iter().map(|stored| &stored.record);
        let mut news = sign_up_news(Some(&known.record), &account, known_orders, now);
        let mut commit = commit;
        for order in &own {
            let before = stored.iter().find(|stored| stored.record.id == order.id);
            if before.is_some_and(|before| before.record.update_time >= order.update_time) {
                continue;
            }
            let changes = order_changes(before.map(|before| &before.record), order, access);
            let changes = changes.into_iter();
            news.extend(changes.map(|change| News::of_order(change, order)));
            commit = with_entitlement(commit, order, before);
        }
        let change = AccountCommit {
            known: Some(known),
            account,
            orders,
            news,
        };
        change.add_to(commit, notify, now)
    }
}

/// The newest version of each entitlement: an event may have stored one after Google was asked.
pub fn newest<'a>(
    fetched: &'a [Entitlement],
    stored: &'a [Stored<Entitlement>],
) -> Vec<&'a Entitlement> {
    let stored = || stored.iter().map(|stored| &stored.record);
    let only_stored = stored().filter(|s| fetched.iter().all(|f| f.id != s.id));
    let newest = fetched.iter().map(|fetched| {
        let mut newer =
            stored().filter(|s| s.id == fetched.id && s.update_time > fetched.update_time);
        newer.next().unwrap_or(fetched)
    });
    newest.chain(only_stored).collect()
}

/// Adds an entitlement to a commit, in place of the one that was read.
pub fn with_entitlement(
    commit: Commit,
    entitlement: &Entitlement,
    known: Option<&Stored<Entitlement>>,
) -> Commit {
    match known {
        None => commit.create(entitlement),
        Some(known) => commit.replace(entitlement, &known.version),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use marketplace::{Deadline, EntitlementState as State};
    use store::Store;

    use super::*;
    use crate::tests::{account_id, entitlement};

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(9))
    }

    /// The kinds of news, in their order, once Google has approved and listed these orders.
    async fn news_of(fetched: &[Entitlement], stored: &[Entitlement]) -> Vec<String> {
        let store = Store::memory();
        let account = Account::new(&account_id(), Approval::Approving, Timestamp::UNIX_EPOCH);
        let before = stored.iter().fold(Commit::new().put(account), Commit::put);
        store.commit(before, soon()).await.unwrap();
        let known = store.account(&account_id(), soon()).await.unwrap().unwrap();
        let now = Timestamp::from_second(9).unwrap();
        let commit = FetchedCommit {
            account: with_approval(&known, Approval::Approved, now),
            known: &known,
            fetched,
            stored: &store.entitlements_of(&account_id(), soon()).await.unwrap(),
            elsewhere: &[],
        };
        let commit = commit.add_to(Commit::new(), Notify::On, now);
        store.commit(commit, soon()).await.unwrap();
        let mut news = store.outbox_batch(9, soon()).await.unwrap();
        news.sort_by_key(|entry| entry.record.sequence.clone());
        news.into_iter().map(|entry| entry.record.kind).collect()
    }

    #[tokio::test]
    async fn an_order_that_has_ended_after_google_was_asked_gives_no_access() {
        // An event about the second one was handled since then.
        let stored = [
            entitlement("E-1", &State::Active, 1),
            entitlement("E-2", &State::Cancelled, 3),
        ];
        let fetched = [
            entitlement("E-1", &State::Cancelled, 2),
            entitlement("E-2", &State::Active, 1),
        ];
        let kinds = news_of(&fetched, &stored).await;
        assert_eq!(kinds, ["portico.account.signed-up", "portico.access.ended"]);
    }

    /// The orders that a sign-up grants again, by their ids.
    fn granted(before: Approval, opened: Option<i64>, orders: &[Entitlement]) -> Vec<String> {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let before = Account::new(&account_id(), before, at(0));
        let after = Account {
            approval: Approval::Approved,
            opened: opened.map(at),
            ..before.clone()
        };
        let news = sign_up_news(Some(&before), &after, orders, at(9));
        let granted = news.into_iter().filter_map(|news| match news {
            News::Order {
                change: OrderChange::AccessGranted,
                order,
                changed,
            } if changed == at(9) => Some(order.id.to_string()),
            _ => None,
        });
        granted.collect()
    }

    #[test]
    fn a_sign_up_grants_again_what_was_in_force_before_the_account_was_opened() {
        let orders = [
            entitlement("E-1", &State::Active, 4),
            entitlement("E-2", &State::Active, 5),
            entitlement("E-3", &State::Cancelled, 4),
            entitlement("E-4", &State::PendingCancellation, 4),
        ];
        let approving = Approval::Approving;
        assert_eq!(granted(approving, Some(5), &orders), ["E-1", "E-4"]);
        // What came after it had news of its own.
        assert_eq!(granted(approving, None, &orders), [""; 0]);
        assert_eq!(granted(Approval::Approved, Some(5), &orders), [""; 0]);
    }

    #[tokio::test]
    async fn the_sign_up_is_told_before_what_was_bought() {
        let fetched = [entitlement("E-1", &State::Active, 1)];
        let kinds = news_of(&fetched, &[]).await;
        assert_eq!(
            kinds,
            ["portico.account.signed-up", "portico.access.granted"]
        );
    }
}
