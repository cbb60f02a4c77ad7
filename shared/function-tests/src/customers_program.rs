//! What the programs that customers visit do in the same way: they serve a customer across a restart, log
//! without secrets, and answer what they have started before they end.

use std::net::SocketAddr;
use std::time::Duration;

use marketplace_simulator::{Fault, Matcher, Order, Settings, Simulator};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::browser::TOKEN;
use crate::environment::of_customers;
use crate::hand_off::handed_over;
use crate::program::{Environment, Program, Running, on_emulator, request_lines};
use crate::wire::{Answer, exchange, form_post, sent};

const TRACE: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

/// A customer of the simulated Google, and the environment of a program beside it.
pub struct ProgramsCustomer {
    /// Google.
    pub simulator: Simulator,
    /// What the customer bought.
    pub order: Order,
    /// The Marketplace's token for the buyer.
    pub token: String,
    /// The program's variables.
    pub environment: Environment,
}

/// The environment of design and README, with simulator and emulator in Google's place.
pub fn environment(simulator: &Simulator) -> Environment {
    on_emulator(of_customers("http://localhost:8080", simulator))
}

/// Posts the token as the Marketplace does, within a trace.
pub async fn post_token(program: &Running, landing: &str, token: &str) -> Answer {
    let request = form_post(landing, &[(TOKEN, token)], TRACE);
    exchange(program.address, request).await
}

impl ProgramsCustomer {
    /// A customer who bought.
    pub async fn start() -> Self {
        let simulator = Simulator::start(Settings::default()).await;
        let order = simulator.buy();
        Self {
            token: simulator.token(&order.account, &order.user),
            environment: environment(&simulator),
            order,
            simulator,
        }
    }

    /// The claims of the hand-off, which are the same after a restart.
    pub async fn is_known_after_a_restart(&self, program: Program, landing: &str) -> Value {
        let running = program.start(&self.environment).await;
        let page = post_token(&running, landing, &self.token).await;
        let first = handed_over(&page, &self.simulator).await;
        assert_eq!(first["sub"], self.order.account.as_str());
        assert_eq!(running.terminate().await.0.code(), Some(0));

        let running = program.start(&self.environment).await;
        let page = post_token(&running, landing, &self.token).await;
        assert_eq!(handed_over(&page, &self.simulator).await, first);
        assert_eq!(self.simulator.violations(), Vec::<String>::new());
        first
    }

    /// The log is JSON with the trace and without secrets; the visit ends with this outcome.
    pub async fn is_logged_without_secrets(&self, program: Program, landing: &str, outcome: &str) {
        let running = program.start(&self.environment).await;
        let page = post_token(&running, landing, &self.token).await;
        handed_over(&page, &self.simulator).await;
        let refused = post_token(&running, landing, &format!("{}x", self.token)).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.header("cache-control"), Some("no-store"));
        let (status, lines) = running.terminate().await;
        assert_eq!(status.code(), Some(0));

        let log = Value::from(lines.clone()).to_string();
        let user = self.order.user.as_str();
        for secret in [&self.token, user, page.field("portico-token")] {
            assert!(!log.contains(secret), "{secret} is in {log}");
        }
        let requests = request_lines(&lines);
        let logged = |field: &str| -> Vec<Value> {
            let values = requests.iter().map(|line| line[field].clone());
            values.collect()
        };
        let messages = [200, 401].map(|status| format!("POST {landing} {status}"));
        assert_eq!(logged("message"), messages);
        let project = &self.environment["GOOGLE_CLOUD_PROJECT"];
        let trace = format!("projects/{project}/traces/0af7651916cd43dd8448eb211c80319c");
        let traces = [trace.as_str(), trace.as_str()];
        assert_eq!(logged("logging.googleapis.com/trace"), traces);
        assert_eq!(logged("severity"), ["INFO", "INFO"]);
        assert_eq!(requests[0]["outcome"], outcome);
        assert_eq!(requests[0]["accountId"], self.order.account.as_str());
        assert_eq!(requests[1]["errorCode"], "token-refused");
    }
}

/// Visits again and again until the program answers no more; the number of answers.
async fn visit_until_the_end(address: SocketAddr, request: String) -> usize {
    let mut answered = 0;
    while let Some(page) = sent(address, &request).await {
        assert_eq!(page.status, 200, "{}", page.body);
        answered += 1;
    }
    answered
}

/// Asked to end while these customers, twenty of them, visit again and again, the program answers every
/// request that it has started.
pub async fn answers_what_it_has_started(
    program: Running,
    landing: &str,
    simulator: &Simulator,
    orders: Vec<Order>,
) {
    let calm = Fault::delay(Duration::from_millis(30));
    simulator.faults().always(Matcher::sign_jwt(), calm);
    let mut visits = JoinSet::new();
    for order in orders {
        let token = simulator.token(&order.account, &order.user);
        let request = form_post(landing, &[(TOKEN, &token)], "");
        visits.spawn(visit_until_the_end(program.address, request));
    }
    // By then all twenty are under way, most of them for the second time or more.
    simulator.calls().answered(&Matcher::sign_jwt(), 60).await;
    let (status, lines) = program.terminate().await;
    assert_eq!(status.code(), Some(0));
    let answered: usize = visits.join_all().await.into_iter().sum();
    assert_eq!(request_lines(&lines).len(), answered);
    assert!(answered >= 60 - 20, "{answered}");
    let mut messages = lines.iter().map(|line| &line["message"]);
    assert!(messages.any(|it| it == "received SIGTERM"), "{lines:?}");
}
