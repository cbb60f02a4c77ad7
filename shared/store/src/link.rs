//! Who was seen with which account.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId, Role, UserIdentity};

use crate::document::LINKS;
use crate::fields::{Fields, Reader};
use crate::record::{Decode, Encode};
use crate::{Document, StoreUnavailable};

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

impl Encode for Link {
    fn document(&self) -> Document {
        Document::link(&self.account, &self.user)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("account", &self.account)
            .with("user", &self.user)
            .with("profile", &self.profile)
            .with("roles", self.roles.iter().collect::<Vec<_>>())
            .with("orders", self.orders.iter().collect::<Vec<_>>())
            .with("first_seen", self.first_seen)
            .with("last_seen", self.last_seen)
    }
}

impl Decode for Link {
    const COLLECTION: &'static str = LINKS;

    fn decode(_id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            account: reader.required("account")?,
            user: reader.required("user")?,
            profile: reader.required("profile")?,
            roles: reader.required("roles")?,
            orders: reader.required("orders")?,
            first_seen: reader.required("first_seen")?,
            last_seen: reader.required("last_seen")?,
        })
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
