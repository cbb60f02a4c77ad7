//! Why a resource is synchronized.

use jiff::Timestamp;

use crate::EventType;

/// Why a resource of the Procurement API is synchronized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A message about it arrived.
    Event {
        /// What the message says has happened.
        kind: EventType,
        /// The resource's `updateTime` in the message: what is fetched must not be older.
        announced: Option<Timestamp>,
    },
    /// All resources are compared with Google.
    Reconciliation,
}

impl Trigger {
    /// Whether the trigger itself says that the resource is gone.
    pub(crate) fn announces_deletion(self) -> bool {
        match self {
            Self::Event { kind, .. } => {
                matches!(kind, EventType::AccountDeleted | EventType::Deleted)
            }
            Self::Reconciliation => false,
        }
    }

    /// Whether something that last changed at `newest` is older than what was announced.
    pub(crate) fn announces_newer_than(self, newest: Option<Timestamp>) -> bool {
        match (self, newest) {
            (
                Self::Event {
                    announced: Some(announced),
                    ..
                },
                Some(newest),
            ) => newest.as_microsecond() < announced.as_microsecond(),
            _ => false,
        }
    }
}
