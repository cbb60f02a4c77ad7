//! What time it is.

use jiff::{SignedDuration, Timestamp};

/// This machine's clock, or one that is ahead of it: the time of a simulated Google, in which the functions beside it
/// live, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    ahead: SignedDuration,
}

impl Clock {
    /// A clock that is so far ahead of this machine's.
    pub const fn ahead_by(ahead: SignedDuration) -> Self {
        Self { ahead }
    }

    /// Now.
    pub fn now(self) -> Timestamp {
        let machine = Timestamp::now();
        machine.saturating_add(self.ahead).unwrap_or(machine)
    }

    /// Now, as a store keeps it.
    pub(crate) fn stored_now(self) -> Timestamp {
        let now = self.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}
