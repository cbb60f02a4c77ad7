//! Where the Firestore emulator is.

use link_store::{FirestoreSettings, LinkStore, SessionId};

/// `host:port` of the emulator. A missing emulator fails the tests: what was not tested must not
/// look tested.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but this; the other reader is function-runtime"
)]
pub(crate) fn host() -> String {
    std::env::var("FIRESTORE_EMULATOR_HOST").expect(
        "FIRESTORE_EMULATOR_HOST is not set: run scripts/check.sh, which starts the Firestore \
         emulator",
    )
}

/// A name that no other test has.
pub(crate) fn new_project() -> String {
    let random = SessionId::random().cookie_value();
    format!("demo-{}", random.get(..16).expect("32 digits"))
}

/// The store of this project, behind this address.
pub(crate) fn store_at(project: &str, address: &str) -> LinkStore {
    LinkStore::firestore(FirestoreSettings {
        project: project.to_owned(),
        database: "(default)".to_owned(),
        emulator: Some(address.to_owned()),
    })
}
