//! Where the emulators are, and a project of its own in Firestore's for each test.

use store::{FirestoreSettings, SessionId, Store};

/// `host:port` of the Firestore emulator.
///
/// A missing emulator fails the tests: what was not tested must not look tested.
pub fn host() -> String {
    variable(
        "FIRESTORE_EMULATOR_HOST",
        "firestore-emulator",
        "run scripts/check.sh, which starts the Firestore emulator, or install it (gcloud \
         components install cloud-firestore-emulator; it needs Java), start it (gcloud emulators \
         firestore start --host-port=127.0.0.1:8090) and set FIRESTORE_EMULATOR_HOST=127.0.0.1:8090",
    )
}

/// `host:port` of the Pub/Sub emulator.
pub fn pubsub_host() -> String {
    variable(
        "PUBSUB_EMULATOR_HOST",
        "pubsub-emulator",
        "run the tests by scripts/check.sh, or install the emulator (gcloud components install \
         pubsub-emulator beta), start it with `source scripts/pubsub-emulator.sh && \
         start_pubsub_emulator LOG`, and set the variable",
    )
}

/// A name that no other test has.
pub fn new_project() -> String {
    let random = SessionId::random().cookie_value();
    format!("demo-{}", random.get(..16).expect("32 digits"))
}

/// The store of this project, behind this address.
pub fn store(project: &str, address: &str) -> Store {
    Store::firestore(FirestoreSettings {
        project: project.to_owned(),
        database: "(default)".to_owned(),
        emulator: Some(address.to_owned()),
    })
}

/// An empty store in the emulator.
pub fn new_store() -> Store {
    store(&new_project(), &host())
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but this; the other reader is function-runtime"
)]
fn variable(name: &str, tool: &str, what_to_do: &str) -> String {
    // By these words scripts/run-tests.py knows which tests cannot run without the tool.
    std::env::var(name)
        .unwrap_or_else(|_| panic!("missing: {tool}. {name} is not set: {what_to_do}"))
}
