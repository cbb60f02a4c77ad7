//! Says what a list does not have.

use crate::terminal::warn;

/// Says that stored documents were left out.
pub(crate) fn warn_of_unreadable(count: usize, what: &str) {
    if count > 0 {
        warn(&format!(
            "operator: left out {count} stored {what}, which cannot be read: `operator doctor` says more"
        ));
    }
}
