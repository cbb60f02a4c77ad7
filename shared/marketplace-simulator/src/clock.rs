//! The simulated clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// This machine's clock, and ahead of it by the time that was made to pass in the simulator.
/// Clones share one.
///
/// A program that must share the simulated time reads it here. It never goes back by more than this
/// machine's clock does.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// In microseconds.
    ahead: Arc<AtomicU64>,
}

impl Clock {
    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        self.at(Timestamp::now())
    }

    /// The simulated time when it is this time by the machine's clock.
    pub fn at(&self, machine: Timestamp) -> Timestamp {
        let time = machine.checked_add(self.ahead());
        time.unwrap_or(Timestamp::MAX)
    }

    /// How far it is ahead.
    pub fn ahead(&self) -> Duration {
        Duration::from_micros(self.ahead.load(Ordering::SeqCst))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(by, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_are_ahead_by_as_much() {
        let clock = Clock::default();
        let other = clock.clone();
        other.advance(Duration::from_hours(1));
        other.advance(Duration::from_secs(1));
        assert_eq!(clock.ahead(), Duration::from_secs(3_601));
        let epoch = Timestamp::UNIX_EPOCH;
        assert_eq!(clock.at(epoch), epoch + Duration::from_secs(3_601));
        assert!(clock.now() >= Timestamp::now() + Duration::from_hours(1));
    }
}
