//! When a request arrived, and how long it may take.

use jiff::Timestamp;

use crate::Deadline;

/// The moment of a request and the moment by which it must be answered. Made once when it arrives, and passed
/// to everything that is done for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// When it arrived. Every decision about time is made with this, not with the clock.
    pub now: Timestamp,
    /// By when it must be answered.
    pub deadline: Deadline,
}
