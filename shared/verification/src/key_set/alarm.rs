//! When an outage of the keys is worth an operator's attention.

use jiff::{SignedDuration, Timestamp};

/// The least time between two alarms. Anybody can send tokens with made-up key ids; only an outage itself may
/// write errors, and only so many.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// Says of each failed fetch whether it is logged as an error. The requests that it fails say no more than a warning.
#[derive(Default)]
pub(super) struct Alarm {
    /// Somebody waits who has no key to go on with.
    is_armed: bool,
    raised_at: Option<Timestamp>,
}

impl Alarm {
    /// Somebody needs the fetch that is under way, or begins.
    pub(super) fn arm(&mut self) {
        self.is_armed = true;
    }

    /// Whether the fetch that has ended is an alarm.
    pub(super) fn is_raised(&mut self, now: Timestamp, has_failed: bool) -> bool {
        let is_needed = std::mem::take(&mut self.is_armed);
        let is_quiet = |raised_at: Timestamp| now.duration_since(raised_at).abs() < PAUSE;
        let is_raised = has_failed && is_needed && !self.raised_at.is_some_and(is_quiet);
        if is_raised {
            self.raised_at = Some(now);
        }
        is_raised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn a_failure_that_nobody_waits_for_is_no_alarm() {
        let mut alarm = Alarm::default();
        assert!(!alarm.is_raised(at(0), true));
        alarm.arm();
        assert!(!alarm.is_raised(at(0), false));
        assert!(!alarm.is_raised(at(0), true));
    }

    #[test]
    fn there_is_one_alarm_in_ten_seconds() {
        let mut alarm = Alarm::default();
        let seconds = [0, 1, 9, 10, 11, 19, 5, 20];
        let raised = seconds.map(|second| {
            alarm.arm();
            alarm.is_raised(at(second), true)
        });
        let expected = [true, false, false, true, false, false, false, true];
        assert_eq!(raised, expected);
    }
}
