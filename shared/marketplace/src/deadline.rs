//! How long a request has left.

use std::time::{Duration, Instant};

/// The moment by which a request must be answered, made once when it arrives and passed to
/// everything that waits for somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline this far from now.
    pub fn after(duration: Duration) -> Self {
        Self(Instant::now() + duration)
    }

    /// What is left; zero when it has passed.
    pub fn remaining(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether nothing is left.
    pub fn has_passed(&self) -> bool {
        self.remaining().is_zero()
    }

    /// The earlier of this and the deadline this far from now: for one step of several.
    #[must_use]
    pub fn at_most(&self, duration: Duration) -> Self {
        Self(self.0.min(Instant::now() + duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_never_outlives_the_request() {
        let request = Deadline::after(Duration::from_secs(1));
        assert_eq!(request.at_most(Duration::from_mins(1)), request);
        assert!(request.at_most(Duration::ZERO).has_passed());
        assert!(!request.has_passed());
    }
}
