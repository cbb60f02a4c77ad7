//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{self, complaints};
use function_tests::program::Environment;
use marketplace_simulator::{Settings, Simulator};
use service_account_link::VARIABLES;

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
async fn what_google_does_not_take_is_refused_at_the_start() {
    for (name, values) in [
        (
            "CALLERS",
            &["", "ada@example.com", "a@b.iam.gserviceaccount.com,"][..],
        ),
        ("SERVICE_NAME", &["product/a", "Product", "a;b"]),
        (
            "SERVICE_ACCOUNT_ROLES",
            &["roles/viewer", "viewer,viewer", "projects/p/roles/r", ","],
        ),
        (
            "SERVICE_ACCOUNT_PROJECT",
            &["a/b", "Vendor", "example.com:a:b"],
        ),
        ("PRODUCTS", &["a/b", ","]),
        (
            "REDIRECT_DOMAINS",
            &[
                "*",
                "*.com",
                "https://app.example.com",
                "app.example.com:443",
                "exämple.com",
                "a,,b",
            ],
        ),
        (
            "CONSOLE_HOST",
            &["evil.example", "console.cloud.google.com.evil.example"],
        ),
        ("IDENTITY_AUDIENCE", &["a b"]),
    ] {
        for value in values {
            let mut environment = good().await;
            environment.insert(name.to_owned(), (*value).to_owned());
            let (named, log) = complaints(PROGRAM, &environment).await;
            assert_eq!(named, [name.to_owned()].into(), "{value}: {log}");
        }
    }
}

#[tokio::test]
async fn a_test_seam_is_refused_on_cloud_run_and_away_from_this_machine() {
    configuration::refuses_test_seams(PROGRAM, &good().await).await;
    // Without a simulated Google nobody returns to this machine.
    let mut environment = good().await;
    environment.remove("GOOGLE_ORIGIN");
    let local = "app.example.com,http://127.0.0.1:9090".to_owned();
    environment.insert("REDIRECT_DOMAINS".to_owned(), local);
    let (named, log) = complaints(PROGRAM, &environment).await;
    assert_eq!(named, ["REDIRECT_DOMAINS".to_owned()].into());
    assert!(!log.contains("9090"), "{log}");
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
