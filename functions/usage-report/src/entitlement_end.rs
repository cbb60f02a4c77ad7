//! When an entitlement ended.

use jiff::Timestamp;
use marketplace::EntitlementState;
use store::Entitlement;

/// When the entitlement ended, if it has. A suspended entitlement has not ended.
pub(crate) fn end_of(entitlement: &Entitlement) -> Option<Timestamp> {
    match entitlement.state {
        EntitlementState::Cancelled => Some(entitlement.update_time),
        _ => entitlement.deleted,
    }
}

/// When the entitlement ended, if that is in the past by our clock too.
pub(crate) fn past_end_of(entitlement: &Entitlement, now: Timestamp) -> Option<Timestamp> {
    end_of(entitlement).filter(|end| *end <= now)
}
