//! What the program does with its environment and arguments before it listens.

use std::collections::BTreeSet;

use function_runtime::{Presence, Variable};
use marketplace_simulator::{Settings, Simulator};
use signup::VARIABLES;

use crate::program::{Environment, environment, log_lines, output};

fn names(wanted: impl Fn(&Variable) -> bool) -> BTreeSet<String> {
    let wanted = VARIABLES.iter().filter(|variable| wanted(variable));
    wanted.map(|variable| variable.name.to_owned()).collect()
}

/// The variables it complains of, after it ended with 64 and said nothing else.
async fn complaints(environment: &Environment) -> (BTreeSet<String>, String) {
    let output = output(environment, &[]).await;
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(output.stderr, b"");
    let lines = log_lines(&output.stdout);
    assert!(lines.iter().all(|line| line["severity"] == "ERROR"));
    let named = lines.iter().map(|line| line["variable"].as_str().unwrap());
    (
        named.map(str::to_owned).collect(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

async fn good() -> Environment {
    environment(&Simulator::start(Settings::default()).await)
}

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    let needed = |variable: &Variable| {
        matches!(
            variable.presence,
            Presence::Required | Presence::Conditional(_)
        )
    };
    let (named, _) = complaints(&Environment::new()).await;
    assert_eq!(named, names(needed));
}

#[tokio::test]
async fn bad_values_are_all_named_and_never_shown() {
    let bad = |variable: &Variable| {
        let value = match variable.name {
            "VENDOR_NAME" => "hunter2".repeat(100),
            _ => "hunter2 \u{7f}".to_owned(),
        };
        (variable.name.to_owned(), value)
    };
    let environment: Environment = VARIABLES.iter().map(bad).collect();
    let (named, log) = complaints(&environment).await;
    assert_eq!(named, names(|_| true));
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn google_sign_in_needs_its_client_and_off_does_not() {
    let mut environment = good().await;
    environment.insert("GOOGLE_SIGN_IN".to_owned(), "required".to_owned());
    let client = ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"];
    let (named, log) = complaints(&environment).await;
    assert_eq!(named, client.map(str::to_owned).into());
    assert!(
        log.contains("needed when `GOOGLE_SIGN_IN` is `required`"),
        "{log}"
    );
    environment.insert(client[0].to_owned(), "two words".to_owned());
    environment.insert(client[1].to_owned(), "hunter2\nhunter2".to_owned());
    let (named, log) = complaints(&environment).await;
    assert_eq!(named, client.map(str::to_owned).into());
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn a_test_seam_is_refused_on_cloud_run_and_away_from_this_machine() {
    let seams = [
        "FIRESTORE_EMULATOR_HOST".to_owned(),
        "GOOGLE_ORIGIN".to_owned(),
    ];
    for (name, value) in [
        ("K_SERVICE", "signup"),
        ("PUBLIC_URL", "https://signup.example.com"),
    ] {
        let mut environment = good().await;
        environment.insert(name.to_owned(), value.to_owned());
        let (mut named, log) = complaints(&environment).await;
        // On Cloud Run nobody is reached as localhost either.
        named.remove("PUBLIC_URL");
        assert_eq!(named, seams.clone().into());
        assert!(!log.contains("127.0.0.1"), "{log}");
    }
    let mut environment = good().await;
    environment.remove("FIRESTORE_EMULATOR_HOST");
    for (name, value) in [
        ("GOOGLE_ORIGIN", "http://203.0.113.7:9000"),
        ("LINK_STORE", "memory"),
        ("PUBLIC_URL", "https://signup.example.com"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    let (named, _) = complaints(&environment).await;
    let seams = ["GOOGLE_ORIGIN".to_owned(), "LINK_STORE".to_owned()];
    assert_eq!(named, seams.into());
}

#[tokio::test]
async fn help_lists_exactly_the_variables() {
    let output = output(&Environment::new(), &["--help"]).await;
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    let is_name =
        |word: &&str| word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let first_words = help.lines().filter_map(|line| line.strip_prefix("  "));
    let listed = first_words.filter_map(|line| line.split(' ').next());
    let listed: BTreeSet<_> = listed.filter(is_name).map(str::to_owned).collect();
    assert_eq!(listed, names(|_| true));
}

#[tokio::test]
async fn anything_else_on_the_command_line_is_refused() {
    let output = output(&good().await, &["serve"]).await;
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(output.stdout, b"");
}
