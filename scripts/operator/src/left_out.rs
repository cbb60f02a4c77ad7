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

/// As [`warn_of_unreadable`], with the collections to look in.
pub(crate) fn warn_of_left_out(count: usize, what: &str, collections: &str) {
    if count > 0 {
        warn(&format!(
            "operator: left out {count} {what}, which cannot be read: look in the collection {collections}"
        ));
    }
}
