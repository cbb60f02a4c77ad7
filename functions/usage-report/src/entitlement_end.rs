//! When an entitlement ended.

use jiff::Timestamp;
use marketplace::EntitlementState;
use store::{Entitlement, Meter};

/// When the entitlement ended, if it has. A suspended entitlement has not ended.
///
/// Where Google does not have it any more, that is the first moment at which it was not found: what Google said of it
/// last is older.
pub(crate) fn end_of(entitlement: &Entitlement) -> Option<Timestamp> {
    let cancelled = entitlement.state == EntitlementState::Cancelled;
    let cancelled = cancelled.then_some(entitlement.update_time);
    entitlement.deleted.or(cancelled)
}

/// When the entitlement ended, if that is in the past by our clock too.
pub(crate) fn past_end_of(entitlement: &Entitlement, now: Timestamp) -> Option<Timestamp> {
    end_of(entitlement).filter(|end| *end <= now)
}

/// Whether Google does not find the entitlement, and only time will show whether it has ended.
pub(crate) fn may_have_ended(entitlement: &Entitlement) -> bool {
    entitlement.absent.is_some() && entitlement.deleted.is_none()
}

/// Whether the entitlement is in force again after its last window was closed.
pub(crate) fn is_back(entitlement: &Entitlement, meter: &Meter) -> bool {
    meter.ended.is_some() && !entitlement.has_ended() && !may_have_ended(entitlement)
}

#[cfg(test)]
mod tests {
    use marketplace::{EntitlementId, ProcurementAccountId, ProductId};
    use store::Absence;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn entitlement(state: &EntitlementState) -> Entitlement {
        Entitlement {
            update_time: at("2026-03-02T10:00:00Z"),
            ..Entitlement::new(
                &EntitlementId::parse("E-1").unwrap(),
                &ProcurementAccountId::parse("A-1").unwrap(),
                &ProductId::parse("ours").unwrap(),
                state,
                at("2026-03-01T10:00:00Z"),
            )
        }
    }

    #[test]
    fn a_cancelled_order_ended_when_google_says() {
        let cancelled = entitlement(&EntitlementState::Cancelled);
        assert_eq!(end_of(&cancelled), Some(at("2026-03-02T10:00:00Z")));
        for state in [EntitlementState::Active, EntitlementState::Suspended] {
            assert_eq!(end_of(&entitlement(&state)), None);
        }
    }

    #[test]
    fn an_order_that_is_gone_ended_when_it_was_first_not_found() {
        for first in ["2026-03-02T09:00:00Z", "2026-03-05T11:30:00Z"] {
            for state in [EntitlementState::Cancelled, EntitlementState::Active] {
                let gone = Entitlement {
                    deleted: Some(at(first)),
                    ..entitlement(&state)
                };
                assert_eq!(end_of(&gone), Some(at(first)));
            }
        }
    }

    #[test]
    fn an_end_in_the_future_is_none_yet() {
        let cancelled = entitlement(&EntitlementState::Cancelled);
        assert_eq!(past_end_of(&cancelled, at("2026-03-02T09:59:59Z")), None);
        assert!(past_end_of(&cancelled, at("2026-03-02T10:00:00Z")).is_some());
    }

    #[test]
    fn an_absence_is_no_end_until_it_is_confirmed() {
        let absent = Entitlement {
            absent: Some(Absence {
                since: at("2026-03-03T10:00:00Z"),
                accepted: None,
            }),
            ..entitlement(&EntitlementState::Active)
        };
        assert!(may_have_ended(&absent));
        assert_eq!(end_of(&absent), None);
        let confirmed = Entitlement {
            deleted: Some(at("2026-03-03T10:00:00Z")),
            ..absent
        };
        assert!(!may_have_ended(&confirmed));
    }
}
