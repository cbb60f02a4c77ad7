//! The simulated clock, as every page of the Marketplace shows it.

use jiff::Timestamp;
use marketplace_simulator::Simulator;

pub(super) struct ClockLine {
    /// For programs, to the minute: a page that waits for a change changes no more often than that.
    pub(super) moment: String,
    /// The same for people.
    pub(super) text: String,
    /// How far that is ahead of this computer's clock, if it is.
    pub(super) ahead: Option<String>,
}

impl ClockLine {
    pub(super) fn of(simulator: &Simulator) -> Self {
        Self::at(simulator.orders_now(), Timestamp::now())
    }

    fn at(now: Timestamp, machine: Timestamp) -> Self {
        Self {
            moment: now.strftime("%Y-%m-%dT%H:%MZ").to_string(),
            text: now.strftime("%a %Y-%m-%d %H:%M UTC").to_string(),
            ahead: ahead_in_words(now.duration_since(machine).as_secs()),
        }
    }
}

/// To the hour; none if it is less than half of one.
fn ahead_in_words(seconds: i64) -> Option<String> {
    let hours = (seconds + 1_800) / 3_600;
    let (days, hours) = (hours / 24, hours % 24);
    let counted = |count: i64, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        count => Some(format!("{count} {what}s")),
    };
    match (counted(days, "day"), counted(hours, "hour")) {
        (Some(days), Some(hours)) => Some(format!("{days} and {hours}")),
        (days, hours) => days.or(hours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_the_clock_is_ahead_is_said_in_days_and_hours() {
        for (seconds, expected) in [
            (1_000, None),
            (3_599, Some("1 hour")),
            (2 * 3_600, Some("2 hours")),
            (86_400, Some("1 day")),
            (31 * 86_400 + 3_600, Some("31 days and 1 hour")),
        ] {
            assert_eq!(ahead_in_words(seconds).as_deref(), expected, "{seconds}");
        }
    }

    #[test]
    fn the_clock_has_a_date_and_a_time() {
        let now: Timestamp = "2026-01-21T09:05:59Z".parse().unwrap();
        let clock = ClockLine::at(now, now);
        assert_eq!(clock.moment, "2026-01-21T09:05Z");
        assert_eq!(clock.text, "Wed 2026-01-21 09:05 UTC");
        assert_eq!(clock.ahead, None);
    }
}
