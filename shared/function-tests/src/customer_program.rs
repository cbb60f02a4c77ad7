//! The built program of a function that customers come to, and what each such program does for them.

use std::net::SocketAddr;
use std::time::Duration;

use marketplace_simulator::{Fault, Matcher, Order, Settings, Simulator};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::browser::TOKEN;
use crate::environment::of_customers;
use crate::hand_off::handed_over;
use crate::program::{Environment, Program, Running, on_emulator};
use crate::wire::{Answer, exchange, form_post, sent};

const TRACE: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

/// A program that customers come to.
#[derive(Debug, Clone, Copy)]
pub struct CustomerProgram {
    /// The program.
    pub program: Program,
    /// Where the Marketplace posts its token.
    pub path: &'static str,
    /// The `outcome` of a customer's first visit.
    pub outcome: &'static str,
}

/// A simulated Google with one customer, and the environment of a program beside it.
pub struct Customer {
    /// The simulated Google.
    pub simulator: Simulator,
    /// What the customer bought.
    pub order: Order,
    /// The program's environment.
    pub environment: Environment,
}

impl Customer {
    /// A customer who bought.
    pub async fn who_bought() -> Self {
        let simulator = Simulator::start(Settings::default()).await;
        Self {
            order: simulator.buy(),
            environment: environment(&simulator),
            simulator,
        }
    }

    fn token(&self) -> String {
        self.simulator.token(&self.order.account, &self.order.user)
    }
}

/// The environment of design and README, with simulator and emulator in Google's place.
pub fn environment(simulator: &Simulator) -> Environment {
    on_emulator(of_customers("http://localhost:8080", simulator))
}

impl CustomerProgram {
    async fn visit(&self, running: &Running, token: &str) -> Answer {
        let request = form_post(self.path, &[(TOKEN, token)], TRACE);
        exchange(running.address, request).await
    }

    /// The same token gets the same hand-off after a restart; the claims of it.
    pub async fn knows_its_customer_after_a_restart(&self, customer: &Customer) -> Value {
        let token = customer.token();
        let running = self.program.start(&customer.environment).await;
        let page = self.visit(&running, &token).await;
        let first = handed_over(&page, &customer.simulator).await;
        assert_eq!(first["sub"], customer.order.account.as_str());
        assert_eq!(running.terminate().await.0.code(), Some(0));

        let running = self.program.start(&customer.environment).await;
        let page = self.visit(&running, &token).await;
        assert_eq!(handed_over(&page, &customer.simulator).await, first);
        assert_eq!(customer.simulator.violations(), Vec::<String>::new());
        first
    }

    /// One visit that succeeds and one that is refused: the log is JSON with the trace, and has no secret.
    pub async fn logs_its_trace_and_no_secret(&self, customer: &Customer) {
        let token = customer.token();
        let running = self.program.start(&customer.environment).await;
        let page = self.visit(&running, &token).await;
        handed_over(&page, &customer.simulator).await;
        let refused = self.visit(&running, &format!("{token}x")).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.header("cache-control"), Some("no-store"));
        let (status, lines) = running.terminate().await;
        assert_eq!(status.code(), Some(0));

        let log = Value::from(lines.clone()).to_string();
        let user = customer.order.user.as_str();
        for secret in [&token, user, page.field("portico-token")] {
            assert!(!log.contains(secret), "{secret} is in {log}");
        }
        let requests: Vec<_> = requests(&lines).collect();
        let said = |field: &str| requests.iter().map(|line| line[field].clone()).collect();
        let messages: Vec<Value> = said("message");
        let expected = [200, 401].map(|status| format!("POST {} {status}", self.path));
        assert_eq!(messages, expected);
        let project = &customer.environment["GOOGLE_CLOUD_PROJECT"];
        let trace = format!("projects/{project}/traces/0af7651916cd43dd8448eb211c80319c");
        let traces: Vec<Value> = said("logging.googleapis.com/trace");
        assert_eq!(traces, [trace.as_str(), trace.as_str()]);
        let severities: Vec<Value> = said("severity");
        assert_eq!(severities, ["INFO", "INFO"]);
        assert_eq!(requests[0]["outcome"], self.outcome);
        assert_eq!(requests[0]["accountId"], customer.order.account.as_str());
        assert_eq!(requests[1]["errorCode"], "token-refused");
    }

    /// When it is asked to end while many customers come, it answers every request it has begun.
    pub async fn answers_what_it_has_begun(
        &self,
        running: Running,
        simulator: &Simulator,
        orders: &[Order],
    ) {
        let calm = Fault::delay(Duration::from_millis(30));
        simulator.faults().always(Matcher::sign_jwt(), calm);
        let mut visits = JoinSet::new();
        for order in orders {
            let token = simulator.token(&order.account, &order.user);
            let request = form_post(self.path, &[(TOKEN, &token)], "");
            visits.spawn(visit_until_the_end(running.address, request));
        }
        // By then all are under way, most of them for the second time or more.
        let signed = 3 * orders.len();
        simulator
            .calls()
            .answered(&Matcher::sign_jwt(), signed)
            .await;
        let (status, lines) = running.terminate().await;
        assert_eq!(status.code(), Some(0));
        let answered: usize = visits.join_all().await.into_iter().sum();
        assert_eq!(requests(&lines).count(), answered);
        assert!(answered >= signed - orders.len(), "{answered}");
        let end = lines
            .iter()
            .any(|line| line["message"] == "received SIGTERM");
        assert!(end, "{lines:?}");
    }
}

fn requests(lines: &[Value]) -> impl Iterator<Item = &Value> {
    lines
        .iter()
        .filter(|line| line.get("httpRequest").is_some())
}

/// Visits again and again until nobody answers any more; how often somebody did.
async fn visit_until_the_end(address: SocketAddr, request: String) -> usize {
    let mut answered = 0;
    while let Some(page) = sent(address, &request).await {
        assert_eq!(page.status, 200, "{}", page.body);
        answered += 1;
    }
    answered
}
