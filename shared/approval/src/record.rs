//! Records what Google said: adds it to a commit, with the news for the application.

use jiff::{SignedDuration, Timestamp};
use marketplace::{ProcurementAccountId, Products};
use outbox::{Notify, access_with, order_changed, order_changes};
use store::{Account, Approval, Commit, Entitlement, Stored};

use crate::Fetched;

/// An account that is stored for the first time.
pub fn new_account(id: &ProcurementAccountId, approval: Approval, now: Timestamp) -> Account {
    Account::new(&id, approval, now)
}

/// The account with this approval, everything else as it was.
pub fn with_approval(stored: &Stored<Account>, approval: Approval, now: Timestamp) -> Account {
    Account {
        approval,
        updated: now,
        ..stored.record.clone()
    }
}

/// The account as it is written by a commit that changes one of its entitlements.
///
/// Only its field `touched` changes, to a time that is new each time. Of two such commits that were prepared from the
/// same account only one succeeds; the other one reads again and sees what the first has done.
pub fn bumped(account: &Account, now: Timestamp) -> Account {
    let after = |touched: Timestamp| touched.saturating_add(SignedDuration::from_micros(1)).ok();
    let next = account.touched.and_then(after);
    Account {
        touched: next.max(Some(now)),
        ..account.clone()
    }
}

/// Adds to a commit the fetched entitlements that are newer than what is stored, and the news about them. The commit
/// must also change the account under its version.
///
/// Versions guard each write: if an event stores the same entitlement at the same time, the commit fails as a whole
/// and has to be prepared again from what is stored then.
pub fn with_entitlements(
    commit: Commit,
    fetched: &Fetched,
    stored: &[Stored<Entitlement>],
    products: &Products,
    notify: Notify,
) -> Commit {
    let newest = newest(&fetched.entitlements, stored);
    let others = |own: &Entitlement| -> Vec<Entitlement> {
        let others = newest.iter().filter(|other| other.id != own.id);
        others.map(|other| (*other).clone()).collect()
    };
    fetched
        .entitlements
        .iter()
        .fold(commit, |commit, entitlement| {
            let known = stored.iter().find(|s| s.record.id == entitlement.id);
            if known.is_some_and(|known| known.record.update_time >= entitlement.update_time) {
                return commit;
            }
            let access = access_with(entitlement, &others(entitlement), products);
            let before = known.map(|known| &known.record);
            let changes = order_changes(before, entitlement, access);
            let commit = with_entitlement(commit, entitlement, known);
            let news = changes
                .iter()
                .map(|change| order_changed(change, entitlement, access));
            news.fold(commit, |commit, entry| notify.add_to(commit, entry))
        })
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
    use crate::tests::{account_id, entitlement, products};

    fn fetched(entitlements: Vec<Entitlement>) -> Fetched {
        let account = serde_json::json!({ "name": "providers/example-partner/accounts/A-1" });
        let mut fetched = Fetched::of_account(serde_json::from_value(account).unwrap());
        fetched.entitlements = entitlements;
        fetched
    }

    #[tokio::test]
    async fn an_order_that_has_ended_after_google_was_asked_gives_no_access() {
        let (store, soon) = (Store::memory(), Deadline::after(Duration::from_secs(9)));
        let account = new_account(&account_id(), Approval::Approving, Timestamp::UNIX_EPOCH);
        let before = Commit::new().put(account);
        let before = before.put(entitlement("E-1", &State::Active, 1));
        // An event about this one was handled since then.
        let before = before.put(entitlement("E-2", &State::Cancelled, 3));
        store.commit(before, soon).await.unwrap();
        let stored = store.entitlements_of(&account_id(), soon).await.unwrap();
        let fetched = fetched(vec![
            entitlement("E-1", &State::Cancelled, 2),
            entitlement("E-2", &State::Active, 1),
        ]);
        let products = products();
        let commit = with_entitlements(Commit::new(), &fetched, &stored, &products, Notify::On);
        store.commit(commit, soon).await.unwrap();
        let news = store.outbox_batch(9, soon).await.unwrap();
        let kinds = news.iter().map(|entry| entry.record.kind.as_str());
        assert_eq!(kinds.collect::<Vec<_>>(), ["portico.access.ended"]);
    }
}
