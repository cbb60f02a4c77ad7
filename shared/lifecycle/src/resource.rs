//! What can be synchronized.

use std::fmt;

use marketplace::{EntitlementId, ProcurementAccountId};

/// An account or an order of the Procurement API, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A customer's account.
    Account(ProcurementAccountId),
    /// An order.
    Entitlement(EntitlementId),
}

impl Resource {
    /// The id alone.
    pub fn id(&self) -> &str {
        match self {
            Self::Account(id) => id.as_str(),
            Self::Entitlement(id) => id.as_str(),
        }
    }

    /// The account, if it is one.
    pub fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::Entitlement(_) => None,
        }
    }

    /// Parses what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/')? {
            ("accounts", id) => ProcurementAccountId::parse(id).ok().map(Self::Account),
            ("entitlements", id) => EntitlementId::parse(id).ok().map(Self::Entitlement),
            _ => None,
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "accounts/{id}"),
            Self::Entitlement(id) => write!(f, "entitlements/{id}"),
        }
    }
}
