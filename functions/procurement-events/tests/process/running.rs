//! The program as Cloud Run, Pub/Sub and the scheduler meet it.

use std::process::{ExitStatus, Stdio};

use marketplace::EntitlementId;
use marketplace_simulator::Simulator;
use reqwest::Client;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::program::{Environment, PATIENCE, parsed, program};
use crate::pushed::{envelope, message};

/// A running program; it ends with the test.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) caller: Caller,
}

/// Who calls the program, on connections that are not used twice.
#[derive(Clone)]
pub(crate) struct Caller {
    origin: String,
    client: Client,
}

impl Running {
    /// Starts it and waits until it is ready, as Cloud Run's start-up probe does.
    pub(crate) async fn start(environment: &Environment) -> Self {
        // The client wants one although it speaks plain HTTP only.
        function_runtime::start::install_crypto_provider();
        let mut command = program(environment);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, lines.next_line()).await;
        let started = parsed(&first.expect("in time").unwrap().expect("a line"));
        assert_eq!(
            started["message"], "procurement-events listens",
            "{started}"
        );
        let caller = Caller {
            origin: format!("http://127.0.0.1:{}", started["port"]),
            client: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
        };
        let health = caller.client.get(format!("{}/health", caller.origin));
        let health = health.send().await.unwrap();
        assert_eq!(health.status().as_u16(), 200);
        Self {
            child,
            lines,
            caller,
        }
    }

    /// Sends SIGTERM and waits until it says that it has heard.
    pub(crate) async fn ask_to_end(&mut self) {
        self.terminate().await;
        let heard = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if parsed(&line)["message"] == "received SIGTERM" {
                    return;
                }
            }
            panic!("it ended without a word");
        };
        timeout(PATIENCE, heard).await.expect("in time");
    }

    /// Asks it to end, and answers what was logged.
    pub(crate) async fn lines_to_the_end(self) -> Vec<Value> {
        self.terminate().await;
        let (status, lines) = self.ended().await;
        assert_eq!(status.code(), Some(0));
        lines
    }

    async fn terminate(&self) {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(sent.unwrap().success());
    }

    /// SIGKILL; what was logged.
    pub(crate) async fn kill(mut self) -> Vec<Value> {
        self.child.start_kill().unwrap();
        self.ended().await.1
    }

    /// Its end, and what was logged until then.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Vec<Value>) {
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

impl Caller {
    /// The status and body of the answer, if there was one.
    pub(crate) async fn post(
        &self,
        path: &str,
        token: &str,
        body: Vec<u8>,
    ) -> Option<(u16, String)> {
        let request = self.client.post(format!("{}{path}", self.origin));
        let answer = request.bearer_auth(token).body(body).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.text().await.ok()?))
    }

    /// Tells of an entitlement as it is now. The status of the answer, if there was one.
    pub(crate) async fn tell(
        &self,
        simulator: &Simulator,
        kind: &str,
        id: &EntitlementId,
    ) -> Option<u16> {
        let token = simulator.identity_token(PUSH, AUDIENCE);
        let event = message(simulator, kind, id).to_string();
        let answer = self.post("/events", &token, envelope(event.as_bytes()));
        answer.await.map(|(status, _)| status)
    }

    /// Calls of the scheduler's until a round is complete; how much they mended.
    pub(crate) async fn reconcile(&self, simulator: &Simulator) -> u64 {
        let token = simulator.identity_token(SCHEDULER, AUDIENCE);
        let mut repaired = 0;
        loop {
            let answer = self.post("/reconcile", &token, Vec::new()).await;
            let (status, body) = answer.expect("an answer");
            assert_eq!(status, 200, "{body}");
            let done = parsed(&body);
            repaired += done["repaired"].as_u64().unwrap();
            if done["finished"] == true {
                return repaired;
            }
        }
    }
}
