//! What Google said, as what is stored.

use jiff::Timestamp;
use link_store::{Account, Approval, Commit, Entitlement, Stored};

use crate::Fetched;

/// The account with this approval, everything else as it was.
pub fn with_approval(stored: &Stored<Account>, approval: Approval, now: Timestamp) -> Account {
    Account {
        approval,
        updated: now,
        ..stored.record.clone()
    }
}

/// Adds to a commit what was fetched and is not stored yet, or stored older.
///
/// Versions guard each write: if an event stores the same entitlement meanwhile, the commit fails
/// as a whole and is made again from what is stored then.
pub fn with_entitlements(
    commit: Commit,
    fetched: &Fetched,
    stored: &[Stored<Entitlement>],
) -> Commit {
    fetched
        .entitlements
        .iter()
        .fold(commit, |commit, entitlement| {
            match stored.iter().find(|s| s.record.id == entitlement.id) {
                None => commit.create(entitlement),
                Some(known) if known.record.update_time < entitlement.update_time => {
                    commit.replace(entitlement, &known.version)
                }
                Some(_) => commit,
            }
        })
}
