//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{self, complaints};
use function_tests::customer_program::environment;
use function_tests::program::{Environment, Program};
use marketplace_simulator::{Settings, Simulator};
use signup::VARIABLES;

use crate::program;

const PROGRAM: Program = program::PROGRAM.program;

async fn good() -> Environment {
    environment(&Simulator::start(Settings::default()).await)
}

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    configuration::names_what_is_missing(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn bad_values_are_all_named_and_never_shown() {
    configuration::names_what_is_bad_and_never_shows_it(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn google_sign_in_needs_its_client_and_off_does_not() {
    let mut environment = good().await;
    environment.insert("GOOGLE_SIGN_IN".to_owned(), "required".to_owned());
    let client = ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"];
    let (named, log) = complaints(PROGRAM, &environment).await;
    assert_eq!(named, client.map(str::to_owned).into());
    assert!(
        log.contains("needed when `GOOGLE_SIGN_IN` is `required`"),
        "{log}"
    );
    environment.insert(client[0].to_owned(), "two words".to_owned());
    environment.insert(client[1].to_owned(), "hunter2\nhunter2".to_owned());
    let (named, log) = complaints(PROGRAM, &environment).await;
    assert_eq!(named, client.map(str::to_owned).into());
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn a_test_seam_is_refused_on_cloud_run_and_away_from_this_machine() {
    configuration::refuses_test_seams(PROGRAM, &good().await).await;
    let mut environment = good().await;
    environment.remove("FIRESTORE_EMULATOR_HOST");
    for (name, value) in [
        ("GOOGLE_ORIGIN", "http://203.0.113.7:9000"),
        ("LINK_STORE", "memory"),
        ("PUBLIC_URL", "https://signup.example.com"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    let (named, _) = complaints(PROGRAM, &environment).await;
    let seams = ["GOOGLE_ORIGIN".to_owned(), "LINK_STORE".to_owned()];
    assert_eq!(named, seams.into());
}

#[tokio::test]
async fn help_lists_exactly_the_variables() {
    configuration::lists_its_variables(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn anything_else_on_the_command_line_is_refused() {
    configuration::takes_no_arguments(PROGRAM, &good().await).await;
}

#[test]
fn the_readme_has_the_declared_table_of_variables() {
    configuration::is_in_the_readme(include_str!("../../README.md"), VARIABLES);
}
