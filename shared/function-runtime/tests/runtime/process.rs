//! A whole function as a process, `examples/function.rs`: its arguments, exit codes and log.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;

use crate::client::{connect, get, request};

const SETTINGS: [(&str, &str); 3] = [
    ("PORT", "0"),
    ("PUBLIC_URL", "http://localhost:8080"),
    ("GREETING", "hello"),
];

/// Cargo builds examples beside the tests.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    profile.join("examples/function")
}

fn function(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(example());
    command.env_clear().envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn lines(stdout: &str) -> Vec<Value> {
    stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

/// A running function, ended with the test.
struct RunningFunction {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    address: SocketAddr,
}

impl RunningFunction {
    fn start() -> Self {
        Self::spawn(function(&SETTINGS))
    }

    /// With at most this many open files.
    fn start_with_files(limit: u8) -> Self {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -n {limit} && exec \"$0\"");
        shell.arg("-c").arg(script).arg(example());
        shell.env_clear().envs(SETTINGS);
        shell.stdout(Stdio::piped());
        Self::spawn(shell)
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self {
            child,
            stdout,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let started = running.next_line();
        assert_eq!(started["message"], "function listens");
        let port = started["port"].as_u64().unwrap();
        running.address.set_port(u16::try_from(port).unwrap());
        running
    }

    fn next_line(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Sends a signal and waits for the end; with what was logged since the start line.
    fn end(mut self, signal: &str) -> (ExitStatus, Vec<Value>) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), lines(&rest))
    }
}

impl Drop for RunningFunction {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[test]
fn help_is_printed_in_any_environment() {
    let Output { status, stdout, .. } = function(&[]).arg("--help").output().unwrap();
    assert_eq!(status.code(), Some(0));
    let help = String::from_utf8(stdout).unwrap();
    for name in ["PORT", "PUBLIC_URL", "GREETING", "GOOGLE_ORIGIN"] {
        assert!(help.contains(name), "{help}");
    }
}

#[test]
fn an_argument_it_does_not_know_exits_64() {
    let output = function(&[]).arg("--port=1").output().unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(output.stdout.is_empty());
}

#[test]
fn an_empty_environment_exits_64_and_names_every_missing_variable() {
    let output = function(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(64));
    let lines = lines(&String::from_utf8(output.stdout).unwrap());
    let named: Vec<_> = lines.iter().map(|line| &line["variable"]).collect();
    assert_eq!(named, ["PUBLIC_URL", "GREETING"]);
    assert!(lines.iter().all(|line| line["severity"] == "ERROR"));
}

#[test]
fn a_seam_on_cloud_run_exits_64_without_its_value() {
    let output = function(&[
        ("PUBLIC_URL", "http://localhost:8080"),
        ("GREETING", "hello"),
        ("GOOGLE_ORIGIN", "http://127.0.0.1:9"),
        ("K_SERVICE", "function"),
    ])
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let log = String::from_utf8(output.stdout).unwrap();
    assert!(!log.contains("127.0.0.1"), "{log}");
    let lines = lines(&log);
    let named: Vec<_> = lines.iter().map(|line| &line["variable"]).collect();
    assert_eq!(named, ["PUBLIC_URL", "GOOGLE_ORIGIN"]);
}

#[test]
fn a_port_in_use_exits_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = function(&[
        ("PORT", &port),
        ("PUBLIC_URL", "http://localhost:8080"),
        ("GREETING", "hello"),
    ])
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(lines[0]["message"], "failed to start");
}

#[tokio::test]
async fn a_signal_ends_it_in_order() {
    for signal in ["-TERM", "-INT"] {
        let running = RunningFunction::start();
        assert_eq!(get(running.address, "/greeting").await.body, "hello");
        let wrong = request(running.address, "POST", "/greeting").await;
        assert_eq!(wrong.status, 405);
        let (status, lines) = running.end(signal);
        assert_eq!(status.code(), Some(0));
        let messages: Vec<_> = lines.iter().map(|line| &line["message"]).collect();
        let received = format!("received SIG{}", &signal[1..]);
        assert_eq!(
            messages,
            ["GET /greeting 200", "POST /greeting 405", &received]
        );
    }
}

#[tokio::test]
async fn it_survives_running_out_of_open_files() {
    let mut running = RunningFunction::start_with_files(32);
    let mut clients = Vec::new();
    for _ in 0..64 {
        clients.push(connect(running.address).await);
    }
    let refused = running.next_line();
    assert_eq!(refused["message"], "failed to accept a connection");
    assert_eq!(refused["severity"], "WARNING");
    drop(clients);
    assert_eq!(get(running.address, "/greeting").await.body, "hello");
    assert_eq!(running.end("-TERM").0.code(), Some(0));
}

#[tokio::test]
async fn a_panic_is_one_line_that_quotes_nothing() {
    let running = RunningFunction::start();
    assert_eq!(get(running.address, "/mistake?hunter2").await.status, 500);
    let (status, lines) = running.end("-TERM");
    assert_eq!(status.code(), Some(0));
    assert_eq!(lines[0]["message"], "panicked");
    assert_eq!(lines[0]["severity"], "ERROR");
    let location = lines[0]["location"].as_str().unwrap();
    assert!(location.contains("examples/function.rs:"), "{location}");
    assert_eq!(lines[1]["message"], "GET /mistake 500");
    assert!(!format!("{lines:?}").contains("hunter2"), "{lines:?}");
}
