//! The period that a report closes, and the hourly windows that it is cut into.

use jiff::{SignedDuration, Timestamp};

const HOUR: i64 = 3_600;

/// A period that is closed at once: from the end of the last one to a later moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    start: Timestamp,
    end: Timestamp,
}

/// The time that one operation reports: within one hour of UTC, from `start` on and before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// Its first moment.
    pub start: Timestamp,
    /// The first moment after it.
    pub end: Timestamp,
}

/// The full hour, UTC, that this moment is in.
pub fn hour_of(moment: Timestamp) -> Timestamp {
    let second = moment.as_second();
    let part = moment.subsec_nanosecond();
    // Before 1970 `second` is rounded towards zero.
    let second = if part < 0 { second - 1 } else { second };
    let hour = second.div_euclid(HOUR) * HOUR;
    Timestamp::from_second(hour).unwrap_or(Timestamp::MIN)
}

impl Period {
    /// The period between two moments; `None` if there is no time between them, for example because
    /// a clock stepped back.
    pub fn between(start: Timestamp, end: Timestamp) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// The period that a report closes at `now`, where everything before `open` is closed: up to the
    /// last full hour, or up to the end of the entitlement if that has come.
    pub fn to_close(open: Timestamp, ended: Option<Timestamp>, now: Timestamp) -> Option<Self> {
        let end = match ended {
            Some(ended) if ended <= now => ended,
            _ => hour_of(now),
        };
        Self::between(open, end)
    }

    /// Its first moment.
    pub fn start(self) -> Timestamp {
        self.start
    }

    /// The first moment after it.
    pub fn end(self) -> Timestamp {
        self.end
    }

    /// The windows of this period, in order: cut at every full hour.
    pub fn windows(self) -> impl Iterator<Item = Window> {
        let mut start = self.start;
        std::iter::from_fn(move || {
            if start >= self.end {
                return None;
            }
            let next = next_hour(start).unwrap_or(self.end);
            let end = next.min(self.end);
            let window = Window { start, end };
            start = end;
            Some(window)
        })
    }
}

impl Window {
    /// The hour by which records name their window.
    pub fn hour(self) -> Timestamp {
        hour_of(self.start)
    }
}

fn next_hour(moment: Timestamp) -> Option<Timestamp> {
    hour_of(moment)
        .checked_add(SignedDuration::from_secs(HOUR))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn windows(start: &str, end: &str) -> Vec<(Timestamp, Timestamp)> {
        let period = Period::between(at(start), at(end)).unwrap();
        period.windows().map(|w| (w.start, w.end)).collect()
    }

    #[test]
    fn a_period_is_cut_at_every_full_hour() {
        let expected = [
            ("2026-01-21T01:20:00Z", "2026-01-21T02:00:00Z"),
            ("2026-01-21T02:00:00Z", "2026-01-21T03:00:00Z"),
            ("2026-01-21T03:00:00Z", "2026-01-21T03:00:00.5Z"),
        ];
        assert_eq!(
            windows("2026-01-21T01:20:00Z", "2026-01-21T03:00:00.5Z"),
            expected.map(|(start, end)| (at(start), at(end)))
        );
    }

    #[test]
    fn an_hour_is_left_open_until_it_is_over() {
        let open = at("2026-01-21T01:00:00Z");
        let close = |now: &str| Period::to_close(open, None, at(now)).map(Period::end);
        assert_eq!(close("2026-01-21T01:59:59.999Z"), None);
        for (now, end) in [
            ("2026-01-21T02:00:00Z", "2026-01-21T02:00:00Z"),
            ("2026-01-21T05:30:00Z", "2026-01-21T05:00:00Z"),
        ] {
            assert_eq!(close(now), Some(at(end)), "{now}");
        }
    }

    #[test]
    fn an_end_closes_the_hour_at_once() {
        let (open, ended) = (at("2026-01-21T01:00:00Z"), at("2026-01-21T01:10:00Z"));
        let close = |now: &str| Period::to_close(open, Some(ended), at(now)).map(Period::end);
        assert_eq!(close("2026-01-21T01:12:00Z"), Some(ended));
        assert_eq!(close("2026-01-21T09:00:00Z"), Some(ended));
        assert_eq!(close("2026-01-21T01:09:00Z"), None);
    }

    #[test]
    fn a_clock_that_stepped_back_closes_nothing() {
        let open = at("2026-01-21T03:00:00Z");
        let now = at("2026-01-21T02:30:00Z");
        assert_eq!(Period::to_close(open, None, now), None);
    }

    #[test]
    fn hours_before_1970_begin_before_their_moments() {
        for (moment, hour) in [
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:00:00Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(hour_of(at(moment)), at(hour), "{moment}");
        }
    }
}
