//! What Google said, as what is stored.

use jiff::{SignedDuration, Timestamp};
use marketplace::Products;
use store::{Account, Approval, Commit, Entitlement, Stored};

use crate::change::{access, changes};
use crate::outbox::changed;
use crate::{Change, Fetched, Telling};

/// The account with this approval, everything else as it was.
pub fn with_approval(stored: &Stored<Account>, approval: Approval, now: Timestamp) -> Account {
    Account {
        approval,
        updated: now,
        ..stored.record.clone()
    }
}

/// The account as a commit writes it that changes one of its entitlements.
///
/// The account stays as it is but for a time that is new each time: of two such commits that were
/// prepared from the same account only one passes, and the other sees what the first has done.
pub(crate) fn touched(account: &Account, now: Timestamp) -> Account {
    let after = |touched: Timestamp| touched.saturating_add(SignedDuration::from_micros(1)).ok();
    let next = account.touched.and_then(after);
    Account {
        touched: next.max(Some(now)),
        ..account.clone()
    }
}

/// Adds to a commit what was fetched and is not stored yet, or stored older, and what the
/// application is told of it. The commit must also change the account under its version.
///
/// Versions guard each write: if an event stores the same entitlement meanwhile, the commit fails
/// as a whole and is made again from what is stored then.
pub fn with_entitlements(
    commit: Commit,
    fetched: &Fetched,
    stored: &[Stored<Entitlement>],
    (products, telling): (&Products, Telling),
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
            let access = access(entitlement, &others(entitlement), products);
            let before = known.map(|known| &known.record);
            let changes = changes(before, entitlement, access);
            let commit = written(commit, entitlement, known);
            told(commit, (entitlement, access), &changes, telling)
        })
}

/// Of each entitlement what is known last: an event may have stored one after Google was asked.
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
pub(crate) fn written(
    commit: Commit,
    entitlement: &Entitlement,
    known: Option<&Stored<Entitlement>>,
) -> Commit {
    match known {
        None => commit.create(entitlement),
        Some(known) => commit.replace(entitlement, &known.version),
    }
}

/// Adds to a commit what the application is told of an entitlement.
pub(crate) fn told(
    commit: Commit,
    (entitlement, access): (&Entitlement, marketplace::Access),
    changes: &[Change],
    telling: Telling,
) -> Commit {
    changes.iter().fold(commit, |commit, change| {
        telling.tell(commit, changed(change, entitlement, access))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use marketplace::{Deadline, EntitlementId, EntitlementState as State};
    use store::Store;

    use super::*;
    use crate::decide::samples::{account, account_id, entitlement, products};

    fn order(id: &str, state: &State, updated: i64) -> Entitlement {
        Entitlement {
            id: EntitlementId::parse(id).unwrap(),
            ..entitlement(state, updated)
        }
    }

    fn fetched(entitlements: Vec<Entitlement>) -> Fetched {
        let account = serde_json::json!({ "name": "providers/example-partner/accounts/A-1" });
        let mut fetched = Fetched::of_account(serde_json::from_value(account).unwrap());
        fetched.entitlements = entitlements;
        fetched
    }

    #[tokio::test]
    async fn an_order_that_has_ended_after_google_was_asked_gives_no_access() {
        let (store, soon) = (Store::memory(), Deadline::after(Duration::from_secs(9)));
        let before = Commit::new().put(account(Approval::Approving));
        let before = before.put(order("E-1", &State::Active, 1));
        // An event has told of this one since then.
        let before = before.put(order("E-2", &State::Cancelled, 3));
        store.commit(before, soon).await.unwrap();
        let stored = store.entitlements_of(&account_id(), soon).await.unwrap();
        let fetched = fetched(vec![
            order("E-1", &State::Cancelled, 2),
            order("E-2", &State::Active, 1),
        ]);
        let news = (&products(), Telling::Told);
        let commit = with_entitlements(Commit::new(), &fetched, &stored, news);
        store.commit(commit, soon).await.unwrap();
        let told = store.outbox_batch(9, soon).await.unwrap();
        let told: Vec<_> = told.iter().map(|told| told.record.kind.as_str()).collect();
        assert_eq!(told, ["portico.access.ended"]);
    }
}
