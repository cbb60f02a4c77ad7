//! What Google said, as what is stored.

use jiff::{SignedDuration, Timestamp};
use link_store::{Account, Approval, Commit, Entitlement, Stored};
use marketplace::Products;

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
    let others = |own: &Entitlement| -> Vec<Entitlement> {
        let stored = stored.iter().map(|stored| &stored.record);
        let only_stored = stored.filter(|s| fetched.entitlements.iter().all(|f| f.id != s.id));
        let all = fetched.entitlements.iter().chain(only_stored);
        all.filter(|other| other.id != own.id).cloned().collect()
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
