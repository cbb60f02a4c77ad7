//! What every program does with its environment and arguments before it listens.

use std::collections::BTreeSet;

use function_runtime::{Presence, Variable, markdown_table};
use marketplace_simulator::{Settings, Simulator};

use crate::program::{Environment, Program, log_lines};

/// Makes the tests that every program passes in the same way. `$environment` is the function of a
/// simulator that makes a good environment.
#[macro_export]
macro_rules! configuration_tests {
    ($program:expr, $variables:expr, $environment:expr) => {
        #[tokio::test]
        async fn bad_values_are_all_named_and_never_shown() {
            $crate::configuration::names_what_is_bad_and_never_shows_it($program, $variables).await;
        }

        #[tokio::test]
        async fn a_test_seam_is_refused_on_cloud_run_and_away_from_this_machine() {
            let good = $crate::configuration::good($environment).await;
            $crate::configuration::refuses_test_seams($program, &good).await;
        }

        #[tokio::test]
        async fn help_lists_exactly_the_variables() {
            $crate::configuration::lists_its_variables($program, $variables).await;
        }

        #[tokio::test]
        async fn anything_else_on_the_command_line_is_refused() {
            let good = $crate::configuration::good($environment).await;
            $crate::configuration::takes_no_arguments($program, &good).await;
        }

        #[test]
        fn the_readme_has_the_declared_table_of_variables() {
            let readme = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
            $crate::configuration::is_in_the_readme(readme, $variables);
        }
    };
}

/// An environment in which the program starts. The simulator that it names has ended: these programs
/// end before they call it.
pub async fn good(environment: impl FnOnce(&Simulator) -> Environment) -> Environment {
    environment(&Simulator::start(Settings::default()).await)
}

/// The names of the variables that are wanted.
fn names(variables: &[Variable], wanted: impl Fn(&Variable) -> bool) -> BTreeSet<String> {
    let wanted = variables.iter().filter(|variable| wanted(variable));
    wanted.map(|variable| variable.name.to_owned()).collect()
}

/// The variables that it rejects, and its log, after it ended with 64 and printed nothing else.
pub async fn complaints(program: Program, environment: &Environment) -> (BTreeSet<String>, String) {
    let output = program.output(environment, &[]).await;
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

/// An empty environment names every missing variable.
pub async fn names_what_is_missing(program: Program, variables: &[Variable]) {
    let needed = |variable: &Variable| {
        matches!(
            variable.presence,
            Presence::Required | Presence::Conditional(_)
        )
    };
    let (named, _) = complaints(program, &Environment::new()).await;
    assert_eq!(named, names(variables, needed));
}

/// Bad values are all named and never shown.
pub async fn names_what_is_bad_and_never_shows_it(program: Program, variables: &[Variable]) {
    let bad = |variable: &Variable| {
        let value = match variable.name {
            "VENDOR_NAME" => "hunter2".repeat(100),
            _ => "hunter2 \u{7f}".to_owned(),
        };
        (variable.name.to_owned(), value)
    };
    let environment: Environment = variables.iter().map(bad).collect();
    let (named, log) = complaints(program, &environment).await;
    assert_eq!(named, names(variables, |_| true));
    assert!(!log.contains("hunter2"), "{log}");
}

/// A test seam is refused on Cloud Run and away from this machine; `good` has two of them.
pub async fn refuses_test_seams(program: Program, good: &Environment) {
    for (name, value) in [
        ("K_SERVICE", "a-service"),
        ("PUBLIC_URL", "https://portico.example.com"),
    ] {
        let mut environment = good.clone();
        environment.insert(name.to_owned(), value.to_owned());
        let (mut named, log) = complaints(program, &environment).await;
        // On Cloud Run no program is reached as localhost either.
        named.remove("PUBLIC_URL");
        let seams = ["FIRESTORE_EMULATOR_HOST", "GOOGLE_ORIGIN"];
        assert_eq!(named, seams.map(str::to_owned).into());
        assert!(!log.contains("127.0.0.1"), "{log}");
    }
}

/// `--help` lists exactly the variables.
pub async fn lists_its_variables(program: Program, variables: &[Variable]) {
    let output = program.output(&Environment::new(), &["--help"]).await;
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    let is_name =
        |word: &&str| word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let first_words = help.lines().filter_map(|line| line.strip_prefix("  "));
    let listed = first_words.filter_map(|line| line.split(' ').next());
    let listed: BTreeSet<_> = listed.filter(is_name).map(str::to_owned).collect();
    assert_eq!(listed, names(variables, |_| true));
}

/// Anything else on the command line is refused.
pub async fn takes_no_arguments(program: Program, good: &Environment) {
    let output = program.output(good, &["serve"]).await;
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(output.stdout, b"");
}

/// The README's table of variables is the declared one.
pub fn is_in_the_readme(readme: &str, variables: &[Variable]) {
    let (_, rest) = readme.split_once("<!-- variables -->\n").expect("a start");
    let (table, _) = rest
        .split_once("<!-- end of variables -->")
        .expect("an end");
    assert_eq!(table, markdown_table(variables));
}
