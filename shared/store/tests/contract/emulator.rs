//! A project of its own in the Firestore emulator for each test.

use function_tests::emulator::{host, new_project};
use store::{FirestoreSettings, Store};

pub(crate) fn store() -> Store {
    Store::firestore(settings(host()))
}

/// Settings for a new, empty project on the emulator behind this address.
pub(crate) fn settings(emulator: String) -> FirestoreSettings {
    FirestoreSettings {
        project: new_project(),
        database: "(default)".to_owned(),
        emulator: Some(emulator),
    }
}
