//! Which window a record belongs to.

use jiff::{SignedDuration, Timestamp};

use crate::span::hour_of;

/// How far the clocks of the application and of Portico may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// When an entitlement was in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// From when on usage counts.
    pub start: Timestamp,
    /// When it ended, if it has.
    pub end: Option<Timestamp>,
}

/// What becomes of usage in a window that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatePolicy {
    /// It goes into the window that is open.
    NextWindow,
    /// It is refused.
    Refuse,
}

/// The window of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The hour that the window is in.
    pub hour: Timestamp,
    /// Whether the window of its own time was closed already.
    pub late: bool,
}

/// Why a record belongs to no window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// The use is yet to come.
    #[error("lies in the future")]
    Future,
    /// The entitlement was not yet in force.
    #[error("lies before the entitlement began")]
    BeforeLife,
    /// The entitlement was in force no more.
    #[error("lies after the entitlement ended")]
    AfterLife,
    /// The window is closed, and the policy refuses what is late.
    #[error("lies in a window that is closed")]
    Closed,
    /// The last window is closed: there is no open one to go into.
    #[error("came after the entitlement's last window was closed")]
    LastClosed,
}

/// Finds the window of usage at `occurred`, where everything before `open` is closed.
pub fn place(
    occurred: Timestamp,
    life: Life,
    (open, late): (Timestamp, LatePolicy),
    now: Timestamp,
) -> Result<Placed, Misplaced> {
    if occurred > now.saturating_add(SKEW).unwrap_or(Timestamp::MAX) {
        return Err(Misplaced::Future);
    }
    if occurred < life.start {
        return Err(Misplaced::BeforeLife);
    }
    if life.end.is_some_and(|end| occurred >= end) {
        return Err(Misplaced::AfterLife);
    }
    if life.end.is_some_and(|end| open >= end) {
        return Err(Misplaced::LastClosed);
    }
    if occurred >= open {
        return Ok(Placed {
            hour: hour_of(occurred),
            late: false,
        });
    }
    match late {
        LatePolicy::NextWindow => Ok(Placed {
            hour: hour_of(open),
            late: true,
        }),
        LatePolicy::Refuse => Err(Misplaced::Closed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-21T03:30:00Z";
    const OPEN: &str = "2026-01-21T03:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn life(end: Option<&str>) -> Life {
        Life {
            start: at("2026-01-20T09:20:00Z"),
            end: end.map(at),
        }
    }

    fn placed(occurred: &str, end: Option<&str>, late: LatePolicy) -> Result<Placed, Misplaced> {
        place(at(occurred), life(end), (at(OPEN), late), at(NOW))
    }

    #[test]
    fn usage_is_in_the_window_of_its_own_time() {
        let expected = Placed {
            hour: at("2026-01-21T03:00:00Z"),
            late: false,
        };
        for occurred in [OPEN, "2026-01-21T03:29:59Z", "2026-01-21T03:30:30Z"] {
            let placed = placed(occurred, None, LatePolicy::Refuse);
            assert_eq!(placed, Ok(expected), "{occurred}");
        }
    }

    #[test]
    fn late_usage_goes_into_the_open_window_if_the_policy_allows() {
        let expected = Placed {
            hour: at(OPEN),
            late: true,
        };
        let occurred = "2026-01-21T02:59:59Z";
        assert_eq!(placed(occurred, None, LatePolicy::NextWindow), Ok(expected));
        assert_eq!(
            placed(occurred, None, LatePolicy::Refuse),
            Err(Misplaced::Closed)
        );
    }

    #[test]
    fn usage_outside_of_the_entitlements_life_is_refused() {
        let end = Some("2026-01-21T03:20:00Z");
        for (occurred, problem) in [
            ("2026-01-20T09:19:59Z", Misplaced::BeforeLife),
            ("1970-01-01T00:00:00Z", Misplaced::BeforeLife),
            ("2026-01-21T03:20:00Z", Misplaced::AfterLife),
            ("2026-01-21T03:30:31Z", Misplaced::Future),
            ("9999-01-01T00:00:00Z", Misplaced::Future),
        ] {
            let placed = placed(occurred, end, LatePolicy::NextWindow);
            assert_eq!(placed, Err(problem), "{occurred}");
        }
    }

    #[test]
    fn nothing_is_taken_after_the_last_window() {
        let placed = placed("2026-01-21T01:00:00Z", Some(OPEN), LatePolicy::NextWindow);
        assert_eq!(placed, Err(Misplaced::LastClosed));
    }
}
