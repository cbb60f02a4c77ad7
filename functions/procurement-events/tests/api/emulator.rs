//! A project of its own in the Firestore emulator for each test.

use link_store::{FirestoreSettings, LinkStore, SessionId};

/// An empty store in the emulator. A missing emulator fails the tests: what was not tested must
/// not look tested.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but this; the other reader is function-runtime"
)]
pub(crate) fn store() -> LinkStore {
    let host = std::env::var("FIRESTORE_EMULATOR_HOST").expect(
        "FIRESTORE_EMULATOR_HOST is not set: run scripts/check.sh, which starts the Firestore \
         emulator",
    );
    let random = SessionId::random().cookie_value();
    LinkStore::firestore(FirestoreSettings {
        project: format!("demo-{}", random.get(..16).expect("32 digits")),
        database: "(default)".to_owned(),
        emulator: Some(host),
    })
}
