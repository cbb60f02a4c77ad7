//! How long a new service account is not known everywhere.

use std::time::Duration;

use jiff::Timestamp;

/// When other calls find an account that was just created. At Google it takes 60 seconds or more, in
/// which they answer 404 although its creation was answered 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Propagation {
    /// In the same moment.
    AtOnce,
    /// After so many calls about it, and visits to its page, that did not find it.
    AfterCalls(usize),
    /// So long after its creation, or when
    /// [`propagate_service_accounts`](crate::Simulator::propagate_service_accounts) is called.
    After(Duration),
}

/// Whether an account is known everywhere.
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
