//! A customer who logs in, in one request.

use std::fmt;

use customer_entry::Entry;

/// A customer who logs in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) entry: Entry,
    /// The order that the customer asks for.
    pub(crate) order: RequestedOrder,
}

/// What a customer has said about orders.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RequestedOrder {
    /// Nothing: the customer was not asked.
    NotAsked,
    /// This, in the form, or nothing there.
    Unverified(Option<String>),
}

impl From<Entry> for Login {
    fn from(entry: Entry) -> Self {
        Self {
            entry,
            order: RequestedOrder::NotAsked,
        }
    }
}

impl fmt::Debug for RequestedOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked => "NotAsked",
            Self::Unverified(_) => "Unverified(…)",
        })
    }
}
