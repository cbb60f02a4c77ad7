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

    /// The present moment, for a request that has been waiting since this one.
    pub(super) fn later(self) -> Self {
        self.until(Instant::now())
    }

    fn until(self, steady: Instant) -> Self {
        let waited = steady.saturating_duration_since(self.steady);
        let waited = SignedDuration::try_from(waited).unwrap_or(SignedDuration::MAX);
        Self {
            wall: self.wall.checked_add(waited).unwrap_or(self.wall),
            steady,
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_request_that_waited_is_later_by_both_clocks() {
        let arrived = Moment::of(Timestamp::UNIX_EPOCH);
        let later = arrived.until(arrived.steady + Duration::from_secs(5));
        let waited = SignedDuration::from_secs(5);
        assert_eq!(later.wall.duration_since(arrived.wall), waited);
        assert_eq!(later.since(arrived), waited);
    }

    #[test]
    fn the_present_moment_is_never_earlier() {
        let arrived = Moment::of(Timestamp::UNIX_EPOCH);
        let later = arrived.later();
        assert!(later.steady >= arrived.steady && later.wall >= arrived.wall);
        let coming = Moment {
            steady: arrived.steady + Duration::from_secs(5),
            ..arrived
        };
        assert_eq!(coming.until(arrived.steady).wall, coming.wall);
    }
}
