//! Which users were seen with which account.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId, Role, UserIdentity};

use crate::documents::collections::LINKS;
use crate::documents::query::Query;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored};

/// One Google user of one procurement account. Many users for an account and many accounts for a
/// user are normal.
///
/// A link records; it never authorises by itself. `Debug` shows only the account.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// The account.
    pub account: ProcurementAccountId,
    /// The user.
    pub user: UserIdentity,
    /// What this user typed in the registration form, by field name. Firestore wants names that
    /// are not empty and not of the form `__…__`.
    pub profile: BTreeMap<String, String>,
    /// The roles in the last token seen.
    pub roles: Vec<Role>,
    /// The orders in the last token seen.
    pub orders: Vec<EntitlementId>,
    /// When the link was made.
    pub first_seen: Timestamp,
    /// When the user was last handed over.
    pub last_seen: Timestamp,
}

impl Document {
    /// The link of one user to one account.
    ///
    /// Percent-encoded, neither has a colon, so no two pairs share an id.
    pub fn link(account: &ProcurementAccountId, user: &UserIdentity) -> Self {
        let (account, user) = (account.percent_encoded(), user.percent_encoded());
        Self::new(LINKS, format!("{account}:{user}"))
    }
}

impl Store {
    /// The link of one user to one account.
    pub async fn link(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        deadline: Deadline,
    ) -> Result<Option<Stored<Link>>, StoreUnavailable> {
        self.one(Document::link(account, user), deadline).await
    }

    /// All links of an account. It fails if one of them cannot be read: erasing must not leave one behind unseen.
    pub async fn links_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Link>>, StoreUnavailable> {
        self.many(Query::of_account(LINKS, account), deadline).await
    }
}

stored_record! {
    Link, in LINKS, at |link| Document::link(&link.account, &link.user);
    fields: account, user, profile, roles, orders, first_seen, last_seen;
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
