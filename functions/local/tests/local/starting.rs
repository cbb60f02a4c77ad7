//! Starting, and what can be in the way.

use std::net::TcpListener;
use std::process::{Command, Output};

fn run(variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_local"))
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the binary runs")
}

/// What a person reads who starts it: nothing is a log line.
fn said(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_port_that_is_taken_is_named_with_its_variable() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken
        .local_addr()
        .expect("it has an address")
        .port()
        .to_string();
    let cases = [
        ([("PORT", port.as_str()), ("MARKETPLACE_PORT", "0")], "PORT"),
        (
            [("PORT", "0"), ("MARKETPLACE_PORT", port.as_str())],
            "MARKETPLACE_PORT",
        ),
    ];
    for (variables, named) in cases {
        let output = run(&variables);
        assert_eq!(output.status.code(), Some(1));
        let expected = format!("port {port} is taken; choose another one with {named}");
        let said = said(&output);
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn every_wrong_variable_is_named_at_once() {
    let output = run(&[
        ("PORT", "http"),
        ("SIGNUP_MODE", "hunter2"),
        ("SIGNUP_FORM_FIELDS", "hunter2"),
        ("METRICS", "hunter2"),
        ("APPLICATION_URL", "127.0.0.1:3000"),
        ("APPLICATION_LOGIN_URL", "hunter2"),
        ("GOOGLE_ORIGIN", "http://127.0.0.1:1"),
        ("PORTICO_HUNTER", "hunter2"),
    ]);
    assert_eq!(output.status.code(), Some(64));
    let said = said(&output);
    let names: Vec<_> = said.lines().filter_map(|it| it.split(' ').next()).collect();
    let expected = [
        "PORT",
        "SIGNUP_MODE",
        "APPLICATION_URL",
        "APPLICATION_LOGIN_URL",
        "GOOGLE_ORIGIN",
        "SIGNUP_FORM_FIELDS",
        "METRICS",
        "PORTICO_HUNTER",
    ];
    assert_eq!(names, expected, "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn an_application_that_cannot_be_called_is_refused_by_name() {
    for url in [
        "127.0.0.1:3000",
        "http://127.0.0.1:3000/app",
        "http://127.0.0.1:3000/?a",
        "http://127.0.0.1:3000/#a",
        "http://ada:hunter2@127.0.0.1:3000",
        "ftp://127.0.0.1:3000",
        "http://app.example.com",
    ] {
        let output = run(&[("APPLICATION_URL", url)]);
        assert_eq!(output.status.code(), Some(64), "{url}");
        let said = said(&output);
        let expected = "APPLICATION_URL must be the origin of your application";
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_pub_sub_emulator_that_is_not_there_is_named() {
    let output = run(&[
        ("PORT", "0"),
        ("MARKETPLACE_PORT", "0"),
        ("APPLICATION_URL", "http://127.0.0.1:3000"),
        ("PUBSUB_EMULATOR_HOST", "127.0.0.1:1"),
    ]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    let expected =
        "failed to reach the Pub/Sub emulator at 127.0.0.1:1; PUBSUB_EMULATOR_HOST names it: ";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn an_emulator_elsewhere_is_refused() {
    let output = run(&[
        ("PORT", "0"),
        ("MARKETPLACE_PORT", "0"),
        ("FIRESTORE_EMULATOR_HOST", "firestore.example:8080"),
    ]);
    assert_eq!(output.status.code(), Some(64));
    let said = said(&output);
    assert!(
        said.starts_with("FIRESTORE_EMULATOR_HOST must be "),
        "{said}"
    );
    // Five functions refuse it, and it is said once.
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_file_for_an_application_needs_one() {
    let output = run(&[("APPLICATION_ENVIRONMENT_FILE", "application.env")]);
    assert_eq!(output.status.code(), Some(64));
    let said = said(&output);
    assert!(said.starts_with("APPLICATION_ENVIRONMENT_FILE"), "{said}");
    assert!(said.contains("it needs APPLICATION_URL"), "{said}");
}

#[tokio::test]
async fn what_an_application_has_to_know_is_written_with_a_key_beside() {
    let folder = std::env::temp_dir().join(format!("portico-own-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("application.env");
    let local = tokio::process::Command::new(env!("CARGO_BIN_EXE_local"))
        .env_clear()
        .envs([("PORT", "0"), ("MARKETPLACE_PORT", "0")])
        .env("APPLICATION_URL", "http://127.0.0.1:3000")
        .env("APPLICATION_ENVIRONMENT_FILE", &file)
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let _local = local.expect("the binary runs");
    let lines = loop {
        // It is there whole, or not at all.
        match std::fs::read_to_string(&file) {
            Ok(lines) => break lines,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert!(lines.contains("export APPLICATION_ORIGIN=http://127.0.0.1:3000\n"));
    let key = std::fs::read_to_string(folder.join("application.env.key.json"));
    let key: serde_json::Value = serde_json::from_str(&key.expect("it is there")).expect("JSON");
    let email = "application@example-project.iam.gserviceaccount.com";
    assert_eq!(key["client_email"], email);
    let token_uri = key["token_uri"].as_str().expect("a text");
    assert!(token_uri.starts_with("http://127.0.0.1:"), "{token_uri}");
    std::fs::remove_dir_all(folder).expect("it can be removed");
}
