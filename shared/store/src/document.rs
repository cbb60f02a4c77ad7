//! Where a record is stored.

use marketplace::{EntitlementId, ProcurementAccountId, TokenFingerprint, UserIdentity};
use sha2::{Digest as _, Sha256};

use crate::session_id::hexadecimal;
use crate::{SessionId, Shard};

pub(crate) const ACCOUNTS: &str = "accounts";
pub(crate) const LINKS: &str = "links";
pub(crate) const ENTITLEMENTS: &str = "entitlements";
pub(crate) const SESSIONS: &str = "sessions";
pub(crate) const REPLAYS: &str = "replays";
pub(crate) const EVENTS: &str = "events";
pub(crate) const OUTBOX: &str = "outbox";
pub(crate) const CURSORS: &str = "cursors";
pub(crate) const METERS: &str = "meters";
pub(crate) const GATES: &str = "gates";
pub(crate) const READINGS: &str = "readings";
pub(crate) const USAGE: &str = "usage";
pub(crate) const REPORTS: &str = "reports";

/// The address of one document: its collection and its id.
///
/// It has no `Debug`: the id of a link holds a user identity.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document {
    pub(crate) collection: &'static str,
    pub(crate) id: String,
}

impl Document {
    /// An account.
    pub fn account(account: &ProcurementAccountId) -> Self {
        Self::new(ACCOUNTS, account.as_str())
    }

    /// The link of one user to one account.
    ///
    /// The colon is in neither alphabet, so no two pairs share an id.
    pub fn link(account: &ProcurementAccountId, user: &UserIdentity) -> Self {
        Self::new(LINKS, format!("{account}:{}", user.as_str()))
    }

    /// An entitlement.
    pub fn entitlement(id: &EntitlementId) -> Self {
        Self::new(ENTITLEMENTS, id.as_str())
    }

    /// A session, under the hash of its id: whoever reads the database cannot take it over.
    pub fn session(id: &SessionId) -> Self {
        Self::new(SESSIONS, id.hash())
    }

    /// The hand-off that a token was used for.
    pub fn replay(token: TokenFingerprint) -> Self {
        Self::new(REPLAYS, token.to_string())
    }

    /// An event that was handled, by its hash.
    pub fn event(id: &str) -> Self {
        Self::new(EVENTS, id)
    }

    /// A change that the application is to be told of, by its `CloudEvent` id.
    pub fn outbox(id: &str) -> Self {
        Self::new(OUTBOX, id)
    }

    /// How far a job has come that takes several requests, by the job's name.
    pub fn cursor(job: &str) -> Self {
        Self::new(CURSORS, job)
    }

    /// What an entitlement's usage has come to.
    pub fn meter(entitlement: &EntitlementId) -> Self {
        Self::new(METERS, entitlement.as_str())
    }

    /// One of an entitlement's gates. The number stands first, so that the gates of one entitlement
    /// do not lie side by side.
    pub fn gate(entitlement: &EntitlementId, shard: Shard) -> Self {
        Self::new(GATES, format!("{shard}:{entitlement}"))
    }

    /// How far the usage of an entitlement's closed span has been read.
    pub fn reading(entitlement: &EntitlementId) -> Self {
        Self::new(READINGS, entitlement.as_str())
    }

    /// A record of usage, under a hash of the entitlement and the application's key: the key may be
    /// any text, and keys that grow would put all writes on one range.
    pub fn usage(entitlement: &EntitlementId, key: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [entitlement.as_str(), key] {
            // With its length in front, neither part can run into the other.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self::new(USAGE, hexadecimal(&hash.finalize()))
    }

    /// What is reported to Google, by the id of its operation.
    pub fn report(operation: &str) -> Self {
        Self::new(REPORTS, operation)
    }

    fn new(collection: &'static str, id: impl Into<String>) -> Self {
        Self {
            collection,
            id: id.into(),
        }
    }

    /// Whether Firestore takes the id. Only those that callers hand over as text can fail.
    ///
    /// Source: Firestore's limits on document ids.
    pub(crate) fn has_valid_id(&self) -> bool {
        let id = self.id.as_str();
        let reserved = id == "." || id == ".." || (id.starts_with("__") && id.ends_with("__"));
        !id.is_empty() && id.len() <= 1_500 && !id.contains('/') && !reserved
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_that_firestore_refuses_are_known() {
        for id in ["", ".", "..", "__a__", "a/b", &"x".repeat(1_501)] {
            assert!(!Document::outbox(id).has_valid_id(), "{id}");
        }
        assert!(Document::event("0123456789abcdef").has_valid_id());
    }

    proptest! {
        #[test]
        fn two_links_share_an_id_only_if_they_are_the_same(
            first in ("[A-Za-z0-9._-]{1,8}", "[A-Za-z0-9._-]{1,8}"),
            second in ("[A-Za-z0-9._-]{1,8}", "[A-Za-z0-9._-]{1,8}"),
        ) {
            let link = |(account, user): &(String, String)| {
                let account = ProcurementAccountId::parse(account.as_str()).ok()?;
                let user = UserIdentity::parse(user.as_str()).ok()?;
                Some(Document::link(&account, &user))
            };
            if let (Some(a), Some(b)) = (link(&first), link(&second)) {
                prop_assert!(a.has_valid_id());
                prop_assert_eq!(a == b, first == second);
            }
        }

        #[test]
        fn no_split_of_the_same_letters_makes_the_same_link(text in "[a-c._-]{2,12}", at in 1_usize..11) {
            let split = |at: usize| {
                let (account, user) = text.split_at_checked(at)?;
                let account = ProcurementAccountId::parse(account).ok()?;
                let user = UserIdentity::parse(user).ok()?;
                Some(Document::link(&account, &user))
            };
            if let (Some(a), Some(b)) = (split(at), split(at + 1)) {
                prop_assert!(a != b);
            }
        }
    }
}
