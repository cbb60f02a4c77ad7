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
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected = format!("port {port} is taken; choose another one with {named}");
        assert!(said.contains(&expected), "{said}");
    }
}

#[test]
fn every_wrong_variable_is_named_at_once() {
    let output = run(&[("PORT", "http"), ("SIGNUP_MODE", "magic")]);
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("PORT must be"), "{said}");
    assert!(said.contains("SIGNUP_MODE must be"), "{said}");
}

#[test]
fn an_emulator_elsewhere_is_refused() {
    let output = run(&[
        ("PORT", "0"),
        ("MARKETPLACE_PORT", "0"),
        ("FIRESTORE_EMULATOR_HOST", "firestore.example:8080"),
    ]);
    assert_ne!(output.status.code(), Some(0));
}
