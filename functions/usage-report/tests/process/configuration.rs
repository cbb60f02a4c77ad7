//! What the program does with its environment and arguments before it listens.

use std::collections::BTreeSet;

use function_runtime::{Presence, Variable};
use marketplace_simulator::{Settings, Simulator};
use usage_report::VARIABLES;

use crate::program::{Environment, environment, output, parsed};

fn names(wanted: impl Fn(&Variable) -> bool) -> BTreeSet<String> {
    let wanted = VARIABLES.iter().filter(|variable| wanted(variable));
    wanted.map(|variable| variable.name.to_owned()).collect()
}

/// The variables it complains of, after it ended with 64 and said nothing else.
async fn complaints(environment: &Environment) -> (BTreeSet<String>, String) {
    let output = output(environment, &[]).await;
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(output.stderr, b"");
    let log = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = log.lines().map(parsed).collect();
    assert!(lines.iter().all(|line| line["severity"] == "ERROR"));
    let named = lines.iter().map(|line| line["variable"].as_str().unwrap());
    (named.map(str::to_owned).collect(), log)
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
    let mut needed = names(needed);
    // Without a topic nobody is told of its provider.
    needed.remove("PROCUREMENT_PROVIDER");
    assert_eq!(named, needed);
}

#[tokio::test]
async fn bad_values_are_all_named_and_never_shown() {
    let bad = |variable: &Variable| (variable.name.to_owned(), "hunter2 \u{7f}".to_owned());
    let environment: Environment = VARIABLES.iter().map(bad).collect();
    let (named, log) = complaints(&environment).await;
    assert_eq!(named, names(|_| true));
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn a_test_seam_is_refused_on_cloud_run() {
    let mut environment = environment(&Simulator::start(Settings::default()).await);
    environment.insert("K_SERVICE".to_owned(), "usage-report".to_owned());
    let (mut named, log) = complaints(&environment).await;
    // On Cloud Run nobody is reached as localhost either.
    named.remove("PUBLIC_URL");
    let seams = ["FIRESTORE_EMULATOR_HOST", "GOOGLE_ORIGIN"];
    assert_eq!(named, seams.map(str::to_owned).into());
    assert!(!log.contains("127.0.0.1"), "{log}");
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
    let output = output(&Environment::new(), &["serve"]).await;
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(output.stdout, b"");
}
