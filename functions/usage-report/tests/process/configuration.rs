//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{self, complaints};
use function_tests::program::Environment;
use marketplace_simulator::{Settings, Simulator};
use usage_report::VARIABLES;

use crate::program::{PROGRAM, environment};

async fn good() -> Environment {
    environment(&Simulator::start(Settings::default()).await)
}

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    let (named, _) = complaints(PROGRAM, &Environment::new()).await;
    // Without a topic nobody is told of its provider.
    let needed = [
        "PUBLIC_URL",
        "IDENTITY_AUDIENCE",
        "CALLERS",
        "SCHEDULER_IDENTITY",
        "PRODUCTS",
        "SERVICE_NAME",
        "METRICS",
        "GOOGLE_CLOUD_PROJECT",
    ];
    assert_eq!(named, needed.map(str::to_owned).into());
}

#[tokio::test]
async fn a_topic_needs_the_provider_that_its_events_name() {
    let mut environment = good().await;
    environment.remove("PROCUREMENT_PROVIDER");
    let (named, _) = complaints(PROGRAM, &environment).await;
    assert_eq!(named, ["PROCUREMENT_PROVIDER".to_owned()].into());
}

#[tokio::test]
async fn bad_values_are_all_named_and_never_shown() {
    configuration::names_what_is_bad_and_never_shows_it(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn metrics_without_a_plan_a_type_or_a_name_are_refused() {
    for value in [
        "",
        "requests:int64",
        "pro/requests",
        "pro/requests:float",
        "pro/:int64",
        "pro/requests:int64,lite/requests:int64",
    ] {
        let mut environment = good().await;
        environment.insert("METRICS".to_owned(), value.to_owned());
        let (named, log) = complaints(PROGRAM, &environment).await;
        assert_eq!(named, ["METRICS".to_owned()].into(), "{value}: {log}");
    }
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
