//! The built program, started and ended as Cloud Run does it.

use std::collections::BTreeMap;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use marketplace_simulator::Simulator;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::emulator;

/// Longer than the program may take for anything: Cloud Run kills it ten seconds after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(10);

/// Variables of the program's whole environment.
pub(crate) type Environment = BTreeMap<String, String>;

/// The program with an environment of nothing but these variables.
fn program(environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_service-account-link"));
    command.env_clear().envs(environment);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// What the program says and how it ends, where it ends by itself.
pub(crate) async fn output(environment: &Environment, arguments: &[&str]) -> Output {
    let ended = program(environment).args(arguments).output();
    timeout(PATIENCE, ended).await.expect("in time").unwrap()
}

/// The lines of its log.
pub(crate) fn log_lines(stdout: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(stdout).unwrap();
    text.lines().map(parsed).collect()
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("one JSON object a line")
}

/// The environment of design and README, with simulator and emulator in Google's place.
pub(crate) fn environment(simulator: &Simulator) -> Environment {
    let mut environment = crate::environment::environment("http://localhost:8080", simulator);
    for (name, value) in [
        ("PORT", "0"),
        ("GOOGLE_CLOUD_PROJECT", &emulator::new_project()),
        ("FIRESTORE_EMULATOR_HOST", &emulator::host()),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}

/// A running program; it ends with the test.
pub(crate) struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) origin: String,
}

impl Program {
    /// Starts it and waits until it is ready, as Cloud Run's start-up probe does.
    pub(crate) async fn start(environment: &Environment) -> Self {
        let mut command = program(environment);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, lines.next_line()).await;
        let started = parsed(&first.expect("in time").unwrap().expect("a line"));
        assert_eq!(
            started["message"], "service-account-link listens",
            "{started}"
        );
        let origin = format!("http://127.0.0.1:{}", started["port"]);
        let client = reqwest::Client::builder().build().unwrap();
        let health = client.get(format!("{origin}/health")).send().await.unwrap();
        assert_eq!(health.text().await.unwrap(), "ok");
        Self {
            child,
            lines,
            origin,
        }
    }

    /// SIGTERM; the exit status, and what was logged since the start.
    pub(crate) async fn terminate(mut self) -> (ExitStatus, Vec<Value>) {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(sent.unwrap().success());
        let rest = async {
            let mut lines = Vec::new();
            while let Some(line) = self.lines.next_line().await.unwrap() {
                lines.push(parsed(&line));
            }
            (self.child.wait().await.unwrap(), lines)
        };
        timeout(PATIENCE, rest).await.expect("in time")
    }
}
