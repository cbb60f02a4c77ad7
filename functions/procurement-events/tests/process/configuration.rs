//! What the program does with its environment and arguments before it listens.

use function_tests::configuration;
use function_tests::program::Environment;
use marketplace_simulator::{Settings, Simulator};
use procurement_events::VARIABLES;

use crate::program::{PROGRAM, environment};

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
async fn a_test_seam_is_refused_on_cloud_run_and_away_from_this_machine() {
    configuration::refuses_test_seams(PROGRAM, &good().await).await;
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
