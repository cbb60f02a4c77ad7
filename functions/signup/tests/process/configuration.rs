//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{self, complaints, good};
use signup::VARIABLES;

use crate::program::{PROGRAM, environment};

function_tests::configuration_tests!(PROGRAM, VARIABLES, environment);

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    configuration::names_what_is_missing(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn google_sign_in_needs_its_client_and_off_does_not() {
    let mut variables = good(environment).await;
    variables.insert("GOOGLE_SIGN_IN".to_owned(), "required".to_owned());
    let client = ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"];
    let (named, log) = complaints(PROGRAM, &variables).await;
    assert_eq!(named, client.map(str::to_owned).into());
    assert!(
        log.contains("needed when `GOOGLE_SIGN_IN` is `required`"),
        "{log}"
    );
    variables.insert(client[0].to_owned(), "two words".to_owned());
    variables.insert(client[1].to_owned(), "hunter2\nhunter2".to_owned());
    let (named, log) = complaints(PROGRAM, &variables).await;
    assert_eq!(named, client.map(str::to_owned).into());
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn a_store_in_memory_and_a_google_elsewhere_are_refused_together() {
    let mut variables = good(environment).await;
    variables.remove("FIRESTORE_EMULATOR_HOST");
    for (name, value) in [
        ("GOOGLE_ORIGIN", "http://203.0.113.7:9000"),
        ("LINK_STORE", "memory"),
        ("PUBLIC_URL", "https://signup.example.com"),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    let (named, _) = complaints(PROGRAM, &variables).await;
    let seams = ["GOOGLE_ORIGIN".to_owned(), "LINK_STORE".to_owned()];
    assert_eq!(named, seams.into());
}
