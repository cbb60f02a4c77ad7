//! The built program, started and ended as Cloud Run does it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::collected;
use crate::emulator;
use crate::wire::{bare, exchange};

/// Longer than the program may take for anything: Cloud Run kills it ten seconds after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(10);

/// Variables of the program's whole environment.
pub type Environment = BTreeMap<String, String>;

/// A program, by its path: `env!("CARGO_BIN_EXE_…")`, which only its own tests know.
#[derive(Debug, Clone, Copy)]
pub struct Program(pub &'static str);

/// A running program; it ends with the test.
pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    name: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
}

/// The same environment, with any free port and an empty project of the Firestore emulator.
pub fn on_emulator(mut environment: Environment) -> Environment {
    for (name, value) in [
        ("PORT", "0"),
        ("GOOGLE_CLOUD_PROJECT", &emulator::new_project()),
        ("FIRESTORE_EMULATOR_HOST", &emulator::host()),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}

/// The lines of a log.
pub fn log_lines(stdout: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(stdout).unwrap();
    text.lines().map(parsed).collect()
}

/// The lines of requests among those of a log.
pub fn request_lines(lines: &[Value]) -> Vec<&Value> {
    let requests = lines
        .iter()
        .filter(|line| line.get("httpRequest").is_some());
    requests.collect()
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("one JSON object a line")
}

impl Program {
    /// With an environment of nothing but these variables.
    fn command(self, environment: &Environment) -> Command {
        let mut command = Command::new(self.0);
        command.env_clear().envs(environment);
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// What the program says and how it ends, where it ends by itself.
    pub async fn output(self, environment: &Environment, arguments: &[&str]) -> Output {
        let ended = self.command(environment).args(arguments).output();
        timeout(PATIENCE, ended).await.expect("in time").unwrap()
    }

    /// Starts it and waits until it is ready, as Cloud Run's start-up probe does.
    pub async fn start(self, environment: &Environment) -> Running {
        let mut command = self.command(environment);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, lines.next_line()).await;
        let first = first.expect("in time").unwrap().expect("a line");
        let started = parsed(&first);
        let name = Path::new(self.0).file_name().unwrap().to_str().unwrap();
        assert_eq!(started["message"], format!("{name} listens"), "{started}");
        collected::keep(name, first.as_bytes());
        let port = u16::try_from(started["port"].as_u64().unwrap()).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let health = exchange(address, bare("GET", "/health", "")).await;
        assert_eq!((health.status, health.body.as_str()), (200, "ok"));
        Running {
            child,
            lines,
            name,
            address,
        }
    }
}

impl Running {
    /// `http://HOST:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many bytes it has had in memory at most, without those of its own file: a debug build's code is many
    /// times a release's. Linux only.
    pub fn most_memory(&self) -> u64 {
        let pid = self.child.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.split_whitespace().next());
            number.expect("a size").parse::<u64>().unwrap()
        };
        (kilobytes("VmHWM:") - kilobytes("RssFile:")) * 1024
    }

    /// SIGTERM; the exit status, and what was logged since the start.
    pub async fn terminate(self) -> (ExitStatus, Vec<Value>) {
        self.send_sigterm().await;
        self.ended().await
    }

    /// Sends SIGTERM and waits until the program logs that it received it.
    pub async fn ask_to_end(&mut self) {
        self.send_sigterm().await;
        let received = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if parsed(&line)["message"] == "received SIGTERM" {
                    return;
                }
            }
            panic!("it ended without a line about SIGTERM");
        };
        timeout(PATIENCE, received).await.expect("in time");
    }

    async fn send_sigterm(&self) {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(sent.unwrap().success());
    }

    /// SIGKILL; what was logged.
    pub async fn kill(mut self) -> Vec<Value> {
        self.child.start_kill().unwrap();
        self.ended().await.1
    }

    /// Its end, and what was logged until then.
    pub async fn ended(mut self) -> (ExitStatus, Vec<Value>) {
        let rest = async {
            let mut lines = Vec::new();
            while let Some(line) = self.lines.next_line().await.unwrap() {
                collected::keep(self.name, line.as_bytes());
                lines.push(parsed(&line));
            }
            (self.child.wait().await.unwrap(), lines)
        };
        timeout(PATIENCE, rest).await.expect("in time")
    }
}
