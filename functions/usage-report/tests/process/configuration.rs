//! What the program does with its environment and arguments before it listens.

use function_tests::configuration::{complaints, good};
use function_tests::program::Environment;
use usage_report::VARIABLES;

use crate::program::{PROGRAM, environment};

function_tests::configuration_tests!(PROGRAM, VARIABLES, environment);

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    let (named, _) = complaints(PROGRAM, &Environment::new()).await;
    let needed = [
        "PUBLIC_URL",
        "IDENTITY_AUDIENCE",
        "CALLERS",
        "SCHEDULER_IDENTITY",
        "PRODUCTS",
        "SERVICE_NAME",
        "METRICS",
        "PROCUREMENT_PROVIDER",
        "GOOGLE_CLOUD_PROJECT",
    ];
    assert_eq!(named, needed.map(str::to_owned).into());
}

#[tokio::test]
async fn the_provider_is_needed_with_and_without_a_topic() {
    for topic in [true, false] {
        let mut variables = good(environment).await;
        variables.remove("PROCUREMENT_PROVIDER");
        if !topic {
            variables.remove("EVENTS_TOPIC");
        }
        let (named, _) = complaints(PROGRAM, &variables).await;
        assert_eq!(named, ["PROCUREMENT_PROVIDER".to_owned()].into());
    }
}

#[tokio::test]
async fn services_that_nobody_can_tell_apart_are_refused() {
    for (products, services) in [
        ("a,b", "a.example.com"),
        ("a,b", "a=a.example.com,b.example.com"),
        ("a,b", "a=a.example.com,c=c.example.com"),
        ("a", "b=b.example.com"),
        ("a,b", "a=a.example.com,a=b.example.com"),
        ("a", "a=a.example.com,a=a.example.com"),
        ("a,b", "a="),
    ] {
        let mut variables = good(environment).await;
        variables.insert("PRODUCTS".to_owned(), products.to_owned());
        variables.insert("SERVICE_NAME".to_owned(), services.to_owned());
        let (named, log) = complaints(PROGRAM, &variables).await;
        assert_eq!(
            named,
            ["SERVICE_NAME".to_owned()].into(),
            "{services}: {log}"
        );
    }
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
        let mut variables = good(environment).await;
        variables.insert("METRICS".to_owned(), value.to_owned());
        let (named, log) = complaints(PROGRAM, &variables).await;
        assert_eq!(named, ["METRICS".to_owned()].into(), "{value}: {log}");
    }
}
