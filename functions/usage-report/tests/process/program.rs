//! The built program with an environment of its own.

use std::collections::BTreeMap;
use std::process::{Output, Stdio};
use std::time::Duration;

use marketplace_simulator::Simulator;
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use crate::environment;
use crate::firestore_emulator::{host, new_project};

/// Longer than the program may take for anything: Cloud Run kills it ten seconds after SIGTERM.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Variables of the program's whole environment.
pub(crate) type Environment = BTreeMap<String, String>;

/// The program with an environment of nothing but these variables.
pub(crate) fn program(environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usage-report"));
    command.env_clear().envs(environment);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// What the program says and how it ends, where it ends by itself.
pub(crate) async fn output(environment: &Environment, arguments: &[&str]) -> Output {
    let ended = program(environment).args(arguments).output();
    timeout(PATIENCE, ended).await.expect("in time").unwrap()
}

/// One line of its log.
pub(crate) fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("one JSON object a line")
}

/// Simulator and emulator in Google's place, and a topic.
pub(crate) fn environment(simulator: &Simulator) -> Environment {
    let mut environment = environment::environment("http://localhost:8080", simulator);
    for (name, value) in [
        ("PORT", "0"),
        ("EVENTS_TOPIC", simulator.settings().topics[0].as_str()),
        ("PROCUREMENT_PROVIDER", "example-partner"),
        ("GOOGLE_CLOUD_PROJECT", &new_project()),
        ("FIRESTORE_EMULATOR_HOST", &host()),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}
