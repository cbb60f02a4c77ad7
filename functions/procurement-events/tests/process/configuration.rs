//! What the program does with its environment and arguments before it listens.

use function_tests::configuration;
use procurement_events::VARIABLES;

use crate::program::{PROGRAM, environment};

function_tests::configuration_tests!(PROGRAM, VARIABLES, environment);

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    configuration::names_what_is_missing(PROGRAM, VARIABLES).await;
}
