//! When it is believed that Google does not have a resource any more.

use jiff::{SignedDuration, Timestamp};
use store::Absence;

/// How long an absence has to last before it is believed. Faults of whole services have lasted for most of a day;
/// none that is publicly known has lasted for a whole one.
const BELIEVED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// So long a message about an absent resource is delivered again, in case it was only early.
const DELIVERED_AGAIN_FOR: SignedDuration = SignedDuration::from_mins(15);

/// Whether an absence is so young that a message about it is better delivered again.
pub(crate) fn is_young(since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since) < DELIVERED_AGAIN_FOR
}

/// Whether an absence has lasted for so long that reconciliation may confirm it. Both times are to be by one clock: that
/// of one instance alone may be wrong.
pub(crate) fn is_confirmable(absence: Absence, now: Timestamp) -> bool {
    now.duration_since(absence.since) >= BELIEVED_AFTER
}

/// The absence for a record that is stored with `known`: it began when it was first seen.
pub(super) fn noted(known: Option<Absence>, now: Timestamp) -> Absence {
    known.unwrap_or(Absence {
        since: now,
        accepted: None,
    })
}
