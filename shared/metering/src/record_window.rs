//! Which window a record belongs to.

use jiff::{SignedDuration, Timestamp};

use crate::windows::hour_of;

/// How far the clocks of the application and of Portico may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// When an entitlement was in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// From when on usage counts.
    pub start: Timestamp,
    /// When it ended, if it has.
    pub end: Option<Timestamp>,
}

/// What happens to usage whose own window is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatePolicy {
    /// It goes into the window that is open.
    NextWindow,
    /// It is refused.
    Refuse,
}

/// The times that decide which window usage belongs to.
#[derive(Debug, Clone, Copy)]
pub struct UsageTime {
    /// When it was used.
    pub occurred: Timestamp,
    /// When the entitlement was in force.
    pub in_force: InForce,
    /// Everything before this is closed.
    pub open: Timestamp,
}

/// The window of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignedWindow {
    /// The hour that the window is in.
    pub hour: Timestamp,
    /// Whether the record's own window was closed already.
    pub late: bool,
}

/// Why a record belongs to no window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWindow {
    /// By our clock the usage has not happened yet.
    #[error("the time of use is in the future")]
    Future,
    /// The entitlement was not in force yet.
    #[error("the time of use is before the entitlement began")]
    BeforeStart,
    /// The entitlement was not in force any more.
    #[error("the time of use is after the entitlement ended")]
    AfterEnd,
    /// The window is closed, and the policy refuses late usage.
    #[error("the window is closed")]
    Closed,
    /// The last window is closed, so there is no open one.
    #[error("the entitlement's last window is closed")]
    LastClosed,
}

/// Chooses the window of a record.
pub fn assign_window(
    time: UsageTime,
    late: LatePolicy,
    now: Timestamp,
) -> Result<AssignedWindow, NoWindow> {
    let UsageTime {
        occurred,
        in_force,
        open,
    } = time;
    if occurred > now.saturating_add(SKEW).unwrap_or(Timestamp::MAX) {
        return Err(NoWindow::Future);
    }
    if occurred < in_force.start {
        return Err(NoWindow::BeforeStart);
    }
    if in_force.end.is_some_and(|end| occurred >= end) {
        return Err(NoWindow::AfterEnd);
    }
    if in_force.end.is_some_and(|end| open >= end) {
        return Err(NoWindow::LastClosed);
    }
    if occurred >= open {
        return Ok(AssignedWindow {
            hour: hour_of(occurred),
            late: false,
        });
    }
    match late {
        LatePolicy::NextWindow => Ok(AssignedWindow {
            hour: hour_of(open),
            late: true,
        }),
        LatePolicy::Refuse => Err(NoWindow::Closed),
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

    fn assign(
        occurred: &str,
        end: Option<&str>,
        late: LatePolicy,
    ) -> Result<AssignedWindow, NoWindow> {
        let in_force = InForce {
            start: at("2026-01-20T09:20:00Z"),
            end: end.map(at),
        };
        let time = UsageTime {
            occurred: at(occurred),
            in_force,
            open: at(OPEN),
        };
        assign_window(time, late, at(NOW))
    }

    #[test]
    fn usage_is_in_the_window_of_its_own_time() {
        let expected = AssignedWindow {
            hour: at("2026-01-21T03:00:00Z"),
            late: false,
        };
        for occurred in [OPEN, "2026-01-21T03:29:59Z", "2026-01-21T03:30:30Z"] {
            let assigned = assign(occurred, None, LatePolicy::Refuse);
            assert_eq!(assigned, Ok(expected), "{occurred}");
        }
    }

    #[test]
    fn late_usage_goes_into_the_open_window_if_the_policy_allows() {
        let expected = AssignedWindow {
            hour: at(OPEN),
            late: true,
        };
        let occurred = "2026-01-21T02:59:59Z";
        assert_eq!(assign(occurred, None, LatePolicy::NextWindow), Ok(expected));
        assert_eq!(
            assign(occurred, None, LatePolicy::Refuse),
            Err(NoWindow::Closed)
        );
    }

    #[test]
    fn usage_outside_of_the_entitlements_life_is_refused() {
        let end = Some("2026-01-21T03:20:00Z");
        for (occurred, problem) in [
            ("2026-01-20T09:19:59Z", NoWindow::BeforeStart),
            ("1970-01-01T00:00:00Z", NoWindow::BeforeStart),
            ("2026-01-21T03:20:00Z", NoWindow::AfterEnd),
            ("2026-01-21T03:30:31Z", NoWindow::Future),
            ("9999-01-01T00:00:00Z", NoWindow::Future),
        ] {
            let assigned = assign(occurred, end, LatePolicy::NextWindow);
            assert_eq!(assigned, Err(problem), "{occurred}");
        }
    }

    #[test]
    fn nothing_is_taken_after_the_last_window() {
        let assigned = assign("2026-01-21T01:00:00Z", Some(OPEN), LatePolicy::NextWindow);
        assert_eq!(assigned, Err(NoWindow::LastClosed));
    }
}
