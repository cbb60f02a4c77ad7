//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{self, complaints, good};
use sso_login::VARIABLES;

use crate::program::{PROGRAM, environment};

function_tests::configuration_tests!(PROGRAM, VARIABLES, environment);

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    configuration::names_what_is_missing(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn google_sign_in_has_no_default_and_needs_its_client() {
    let mut variables = good(environment).await;
    variables.remove("GOOGLE_SIGN_IN");
    let (named, _) = complaints(PROGRAM, &variables).await;
    assert!(named.contains("GOOGLE_SIGN_IN"), "{named:?}");
    variables.insert("GOOGLE_SIGN_IN".to_owned(), "required".to_owned());
    let (named, _) = complaints(PROGRAM, &variables).await;
    let client = ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"];
    assert_eq!(named, client.map(str::to_owned).into());
}
