//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{self, complaints, good};
use service_account_link::VARIABLES;

use crate::program::{PROGRAM, environment};

function_tests::configuration_tests!(PROGRAM, VARIABLES, environment);

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    configuration::names_what_is_missing(PROGRAM, VARIABLES).await;
}

#[tokio::test]
async fn what_google_does_not_take_is_refused_at_the_start() {
    for (name, values) in [
        (
            "CALLERS",
            &[
                "",
                "ada@example.com",
                "a@b.iam.gserviceaccount.com,",
                "a@b.iam.gserviceaccount.com=x",
                "a@b.iam.gserviceaccount.com=1,a@b.iam.gserviceaccount.com",
            ][..],
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
        ("SERVICE_ACCOUNT_PROJECT_SHARED", &["yes", "Accepted"]),
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
            let mut variables = good(environment).await;
            variables.insert(name.to_owned(), (*value).to_owned());
            let (named, log) = complaints(PROGRAM, &variables).await;
            assert_eq!(named, [name.to_owned()].into(), "{value}: {log}");
        }
    }
}

#[tokio::test]
async fn customers_accounts_in_the_deployment_s_own_project_are_refused_unless_accepted() {
    let mut variables = good(environment).await;
    let own = variables["GOOGLE_CLOUD_PROJECT"].clone();
    variables.insert("SERVICE_ACCOUNT_PROJECT".to_owned(), own);
    for shared in [None, Some("refused")] {
        if let Some(shared) = shared {
            let name = "SERVICE_ACCOUNT_PROJECT_SHARED".to_owned();
            variables.insert(name, shared.to_owned());
        }
        let (named, log) = complaints(PROGRAM, &variables).await;
        assert_eq!(named, ["SERVICE_ACCOUNT_PROJECT".to_owned()].into());
        assert!(
            log.contains("SERVICE_ACCOUNT_PROJECT_SHARED=accepted"),
            "{log}"
        );
    }
    let name = "SERVICE_ACCOUNT_PROJECT_SHARED".to_owned();
    variables.insert(name, "accepted".to_owned());
    let program = PROGRAM.start(&variables).await;
    assert_eq!(program.terminate().await.0.code(), Some(0));
}

#[tokio::test]
async fn without_a_simulated_google_no_link_returns_to_this_machine() {
    let mut variables = good(environment).await;
    variables.remove("GOOGLE_ORIGIN");
    let local = "app.example.com,http://127.0.0.1:9090".to_owned();
    variables.insert("REDIRECT_DOMAINS".to_owned(), local);
    let (named, log) = complaints(PROGRAM, &variables).await;
    assert_eq!(named, ["REDIRECT_DOMAINS".to_owned()].into());
    assert!(!log.contains("9090"), "{log}");
}
