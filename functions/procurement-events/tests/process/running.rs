//! The program as Pub/Sub and the scheduler meet it.

use function_tests::program::{Environment, Running};
use marketplace::EntitlementId;
use marketplace_simulator::Simulator;
use reqwest::Client;
use serde_json::Value;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::program::PROGRAM;
use crate::pushed::{envelope, message};

/// Who calls the program, on connections that are not used twice.
#[derive(Clone)]
pub(crate) struct Caller {
    origin: String,
    client: Client,
}

/// The running program, and who calls it.
pub(crate) async fn start(environment: &Environment) -> (Running, Caller) {
    // The client wants one although it speaks plain HTTP only.
    function_runtime::start::install_crypto_provider();
    let program = PROGRAM.start(environment).await;
    let caller = Caller {
        origin: program.origin(),
        client: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
    };
    (program, caller)
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

    /// Pushes an event about an entitlement as it is now. The status of the answer, if there was one.
    pub(crate) async fn push(
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

    /// Calls of the scheduler's until a round is complete; how much they repaired.
    pub(crate) async fn reconcile(&self, simulator: &Simulator) -> u64 {
        let token = simulator.identity_token(SCHEDULER, AUDIENCE);
        let mut repaired = 0;
        loop {
            let answer = self.post("/reconcile", &token, Vec::new()).await;
            let (status, body) = answer.expect("an answer");
            assert_eq!(status, 200, "{body}");
            let done: Value = serde_json::from_str(&body).unwrap();
            repaired += done["repaired"].as_u64().unwrap();
            if done["finished"] == true {
                return repaired;
            }
        }
    }
}
