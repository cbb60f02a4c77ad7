//! A project of its own in the Firestore emulator for each test.

use link_store::LinkStore;

use crate::firestore_emulator::{host, new_project, store_at};

/// An empty store in the emulator.
pub(crate) fn store() -> LinkStore {
    store_at(&new_project(), &host())
}
