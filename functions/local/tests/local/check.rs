//! `scripts/check.sh`: failures, what cannot be checked, and what it says of both.

use crate::stand_ins::{Computer, Ended};

fn check(computer: &Computer, steps: &[&str], env: &[(&str, &str)]) -> Ended {
    let arguments: Vec<_> = steps.iter().flat_map(|step| ["--only", step]).collect();
    computer.run("check.sh", &arguments, env)
}

#[test]
fn a_step_that_fails_keeps_no_later_one_from_running_and_the_end_lists_it() {
    let computer = Computer::with("failing", &["cargo", "cc", "shellcheck"]);
    let fails = "case $1 in fmt | clippy) exit 1 ;; esac";
    computer.answer("cargo", fails);
    let steps = ["formatting", "scripts", "lints", "fuzz"];
    let ended = check(&computer, &steps, &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected = "\nFAILED: formatting\nFAILED: lints\n";
    assert!(ended.stdout.ends_with(expected), "{ended:?}");
    let called = computer.called();
    let first_words: Vec<_> = called.iter().map(|call| call.split(" -").next()).collect();
    let expected = ["cargo fmt", "shellcheck", "cargo clippy", "cargo check"];
    assert_eq!(first_words, expected.map(Some));
}

#[test]
fn a_step_stops_at_its_first_error() {
    let computer = Computer::with("first-error", &["cargo", "terraform"]);
    computer.answer("terraform", "[ \"$2\" != validate ]");
    let ended = check(&computer, &["terraform"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.ends_with("\nFAILED: terraform\n"), "{ended:?}");
    let last = computer.called().pop();
    assert_eq!(last.as_deref(), Some("terraform -chdir=terraform validate"));
}

#[test]
fn a_step_that_cannot_run_is_named_with_what_it_lacks_and_how_to_get_it() {
    let computer = Computer::with("lacking", &["cargo"]);
    let ended = check(&computer, &["scripts", "terraform", "formatting"], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for said in [
        "\nMissing here: shellcheck.\n",
        "\n- scripts: shellcheck\n- terraform: terraform\n",
        "\n- shellcheck: Debian and Ubuntu: sudo apt-get install shellcheck. Fedora: sudo dnf install ShellCheck.\n",
        "sudo apt-get update && sudo apt-get install terraform\n",
        "\nAll checks that could run passed; 2 could not, see above.\n",
    ] {
        assert!(ended.stdout.contains(said), "{said}: {ended:?}");
    }
    assert_eq!(computer.called(), ["cargo fmt --all --check"]);
}

#[test]
fn queries_and_log_filters_that_cannot_be_tested_are_left_out_by_name() {
    let computer = Computer::with("operations", &["cargo", "terraform"]);
    let costs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../terraform/costs.md");
    let costs = std::fs::read_to_string(costs).expect("it is there");
    computer.put("terraform/costs.md", &costs);
    let ended = check(&computer, &["operations"], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for said in [
        "\n- the alerts' queries: promtool\n- log filters: log-lines\n",
        "\n- log-lines: scripts/check.sh --only tests --only operations\n",
        "sudo apt-get install prometheus",
    ] {
        assert!(ended.stdout.contains(said), "{said}: {ended:?}");
    }
    let last = computer.called().pop();
    let expected = "terraform -chdir=terraform/modules/portico test -json -verbose -filter=tests/rendered.tftest.hcl";
    assert_eq!(last.as_deref(), Some(expected));

    computer.put("terraform/costs.md", "Nothing.");
    let ended = check(&computer, &["operations"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stdout.ends_with("\nFAILED: operations\n"),
        "{ended:?}"
    );
}

#[test]
fn in_continuous_integration_what_cannot_be_checked_is_a_failure() {
    let computer = Computer::with("ci", &["cargo"]);
    let ended = check(&computer, &["scripts", "formatting"], &[("CI", "true")]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let expected = "\nFAILED: what was not checked, because CI is true\n";
    assert!(ended.stdout.ends_with(expected), "{ended:?}");
    assert_eq!(computer.called(), ["cargo fmt --all --check"]);
}

#[test]
fn a_stand_in_for_terraform_is_enough_for_continuous_integration() {
    let computer = Computer::with("stand-in", &["cargo", "tofu"]);
    let wait = r#"echo '"time_sleep.apis" [label="time_sleep.apis"];'"#;
    computer.answer("tofu", &format!("[ \"$2\" != graph ] || {wait}"));
    let env = [("CI", "true"), ("TERRAFORM", "tofu")];
    let ended = check(&computer, &["terraform"], &env);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(
        ended.stdout.ends_with("\nAll checks passed.\n"),
        "{ended:?}"
    );
    let called = computer.called();
    let expected = [
        "tofu -chdir=terraform fmt -check -recursive",
        "tofu -chdir=terraform init -no-color -backend=false -input=false",
        "tofu -chdir=terraform validate",
        "tofu -chdir=terraform test",
        "tofu -chdir=terraform/modules/portico init -no-color -backend=false -input=false",
        "tofu -chdir=terraform/modules/portico test",
        "tofu -chdir=terraform graph",
    ];
    assert_eq!(called, expected);
}

#[test]
fn where_the_registry_of_providers_does_not_answer_the_rest_of_terraform_is_left_out() {
    let computer = Computer::with("registry", &["cargo", "terraform"]);
    let wrapped =
        "echo '│ could not connect to'; echo '│ registry.terraform.io: no such host'; exit 1";
    computer.answer(
        "terraform",
        &format!("[ \"$2\" != init ] || {{ {wrapped}; }}"),
    );
    let ended = check(&computer, &["terraform"], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = "\n- terraform validate and test: terraform-registry\n";
    assert!(ended.stdout.contains(said), "{ended:?}");

    computer.answer(
        "terraform",
        "[ \"$2\" != init ] || { echo 'Unsupported block type'; exit 1; }",
    );
    let ended = check(&computer, &["terraform"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.ends_with("\nFAILED: terraform\n"), "{ended:?}");
}

/// What `cargo test` prints of a program with one test that passes and these failures, each with its message.
fn tested(failures: &[(&str, &str)]) -> String {
    let failed = |(test, _): &(&str, &str)| format!("test {test} ... FAILED\n");
    let failed = failures.iter().map(failed).collect::<Vec<_>>().concat();
    let section = |(test, message): &(&str, &str)| {
        format!("---- {test} stdout ----\nthread '{test}' panicked at a.rs:1:2:\n{message}\n\n")
    };
    let sections = failures.iter().map(section).collect::<Vec<_>>().concat();
    let count = failures.len();
    let outcome = if count == 0 { "ok" } else { "FAILED" };
    format!(
        "running 2 tests\ntest works ... ok\n{failed}\nfailures:\n\n{sections}\nfailures:\n    listed\n\n\
         test result: {outcome}. 1 passed; {count} failed; 0 ignored; 0 measured; 0 filtered out\n\
         error: 1 target failed:\n    `-p store --test contract`\n"
    )
}

/// A computer without emulators and browser, on which the tests end so.
fn with_tests(test: &str, output: &str) -> Computer {
    let computer = Computer::with(test, &["cargo", "cc"]);
    let prints = format!("cat <<'END'\n{output}END\nexit 101");
    computer.answer("cargo", &prints);
    computer
}

const NO_EMULATOR: &str = "missing: firestore-emulator. FIRESTORE_EMULATOR_HOST is not set";

#[test]
fn tests_that_need_what_is_missing_are_left_out_by_name_and_counted() {
    let failures = [("a::stores", NO_EMULATOR), ("b::reads", NO_EMULATOR)];
    let computer = with_tests("left-out", &tested(&failures));
    let ended = check(&computer, &["tests"], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for said in [
        "\ntest b::reads ... left out: firestore-emulator is missing\n",
        "\ntest result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out\n",
        "\n- 2 tests: firestore-emulator\n",
        "google-cloud-cli-firestore-emulator",
    ] {
        assert!(ended.stdout.contains(said), "{said}: {ended:?}");
    }
    assert!(!ended.stdout.contains("FAILED"), "{ended:?}");
}

#[test]
fn a_test_that_fails_for_another_reason_is_shown_and_fails() {
    let failures = [
        ("a::stores", NO_EMULATOR),
        ("b::adds", "assertion `left == right` failed"),
    ];
    let computer = with_tests("other-reason", &tested(&failures));
    let ended = check(&computer, &["tests"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for said in [
        "\ntest a::stores ... left out: firestore-emulator is missing\n",
        "\ntest b::adds ... FAILED\n",
        "\nassertion `left == right` failed\n",
        "\ntest result: FAILED. 1 passed; 1 failed; 1 ignored;",
        "\nFAILED: tests\n",
    ] {
        assert!(ended.stdout.contains(said), "{said}: {ended:?}");
    }
}

#[test]
fn nothing_excuses_a_tool_that_is_here_or_a_program_that_crashed() {
    let computer = with_tests(
        "not-lacking",
        &tested(&[("a::runs", "missing: cc. Install it")]),
    );
    let ended = check(&computer, &["tests"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");

    let crashed = tested(&[("a::stores", NO_EMULATOR)]).replace("1 target", "2 targets");
    let ended = check(&with_tests("crashed", &crashed), &["tests"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");

    let uncompiled = "error: could not compile `store` (lib)\n";
    let ended = check(&with_tests("uncompiled", uncompiled), &["tests"], &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains(uncompiled), "{ended:?}");
}

#[test]
fn an_unknown_step_is_refused_by_name_with_those_there_are() {
    let computer = Computer::with("unknown-step", &["cargo"]);
    let ended = check(&computer, &["lint"], &[]);
    assert_eq!(ended.code, Some(64), "{ended:?}");
    let expected = "unknown step: lint; these are: formatting scripts ";
    assert!(ended.stderr.starts_with(expected), "{ended:?}");
    assert!(
        ended.stderr.ends_with(" unit-tests advisories\n"),
        "{ended:?}"
    );
    assert_eq!(computer.called(), [""; 0]);
}

#[test]
fn the_fast_run_is_for_each_commit_and_its_help_says_what_it_leaves_out() {
    let computer = Computer::with("fast", &["cargo", "cc", "shellcheck"]);
    let ended = computer.run("check.sh", &["--fast"], &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let called = computer.called();
    let words: Vec<_> = called.iter().map(|call| call.split(' ').nth(1)).collect();
    assert_eq!(words.len(), 4, "{called:?}");
    assert_eq!(words.last(), Some(&Some("test")));
    assert!(
        ended
            .stdout
            .starts_with("Checking: formatting scripts lints unit-tests\n")
    );
    let help = computer.run("check.sh", &["--help"], &[]).stdout;
    assert!(help.contains("Leaves out the tests of"), "{help}");
}
