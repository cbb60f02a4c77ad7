//! When something about keys happened, on both clocks.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// A moment by the clock of the wall, which may be set, and by one that only runs forward, which may stand still
/// while an instance is frozen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) wall: Timestamp,
    pub(super) steady: Instant,
}

impl Moment {
    /// Now, for a request that arrived at this time.
    pub(super) fn of(wall: Timestamp) -> Self {
        Self {
            wall,
            steady: Instant::now(),
        }
    }

    /// How long ago something was, by the clock that says more: neither one that was set back nor one that stood
    /// still makes it younger.
    pub(super) fn since(self, earlier: Self) -> SignedDuration {
        let steady = self.steady.saturating_duration_since(earlier.steady);
        let steady = SignedDuration::try_from(steady).unwrap_or(SignedDuration::MAX);
        self.wall.duration_since(earlier.wall).max(steady)
    }
}
