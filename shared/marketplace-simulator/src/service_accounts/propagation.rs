//! How long a new service account is not known everywhere.

use jiff::Timestamp;

use crate::settings::Propagation;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    Everywhere,
    InCalls(usize),
    From(Timestamp),
}

impl Spread {
    pub(super) fn of(propagation: Propagation, created: Timestamp) -> Self {
        match propagation {
            Propagation::AtOnce => Self::Everywhere,
            Propagation::AfterCalls(calls) => Self::InCalls(calls),
            Propagation::After(duration) => Self::From(created + duration),
        }
    }

    pub(super) fn is_everywhere(self, now: Timestamp) -> bool {
        match self {
            Self::Everywhere | Self::InCalls(0) => true,
            Self::InCalls(_) => false,
            Self::From(moment) => moment <= now,
        }
    }

    /// After one more call did not find it.
    pub(super) fn missed(self) -> Self {
        match self {
            Self::InCalls(calls) => Self::InCalls(calls.saturating_sub(1)),
            other => other,
        }
    }
}
