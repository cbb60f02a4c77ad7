//! Why a resource is synchronized.

use jiff::Timestamp;

use crate::EventType;

/// Why a resource of the Procurement API is synchronized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A message about it arrived.
    Event {
        /// What the message says has happened; none if that is not documented.
        kind: Option<EventType>,
        /// The resource's `updateTime` in the message: what is fetched must not be older.
        announced: Option<Timestamp>,
        /// When the message was published.
        published: Option<Timestamp>,
    },
    /// All resources are compared with Google.
    Reconciliation,
}

impl Trigger {
    /// Whether the trigger itself says that the resource is gone.
    pub(crate) fn announces_deletion(self) -> bool {
        match self {
            Self::Event { kind, .. } => {
                matches!(kind, Some(EventType::AccountDeleted | EventType::Deleted))
            }
            Self::Reconciliation => false,
        }
    }

    /// Whether it says that the resource was deleted after this moment. A message may be delivered again weeks later:
    /// one that says nothing of its age proves nothing.
    pub(crate) fn announces_deletion_after(self, moment: Timestamp) -> bool {
        match self {
            Self::Event {
                announced,
                published,
                ..
            } if self.announces_deletion() => {
                let deleted = announced.or(published);
                deleted.is_some_and(|deleted| deleted.as_microsecond() > moment.as_microsecond())
            }
            _ => false,
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
