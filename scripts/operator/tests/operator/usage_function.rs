//! The function `usage-report` itself, as it was built beside this program.

use std::path::Path;

use function_tests::program::{Environment, Program, Running};
use function_tests::wire::exchange;
use marketplace::PlanId;
use marketplace_simulator::{Buyer, Gaps, Order, Settings};
use serde_json::Value;
use store::{Entitlement, UsageReport};

use crate::deployment::Deployment;
use crate::ledger_rows::{ago, hours};

const AUDIENCE: &str = "https://usage.example.com";
const CALLER: &str = "application@example-project.iam.gserviceaccount.com";
const METRICS: &str = "usage-plan/usage_queries:int64,usage-plan/usage_gib_scanned:double";
const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// Somebody buys a plan with usage, and it is active and stored at once.
pub(crate) async fn customer(deployment: &Deployment) -> (Order, Entitlement) {
    let plan = PlanId::parse("usage-plan").expect("possible");
    let simulator = &deployment.simulator;
    let order = simulator.purchase(Buyer::New, &deployment.product(), &plan);
    let order = order.expect("possible");
    simulator.approve_account(&order.account).expect("possible");
    simulator
        .approve_entitlement(&order.entitlement)
        .expect("possible");
    let at_google = simulator.entitlement(&order.entitlement).expect("possible");
    let entitlement = Entitlement {
        account: order.account.clone(),
        usage_reporting_id: at_google.usage_reporting_id,
        ..deployment.entitlement(order.entitlement.as_str())
    };
    deployment.keep(&entitlement).await;
    (order, entitlement)
}

/// Google lets windows be left out here.
pub(crate) async fn metered() -> Deployment {
    let mut settings = Settings::default();
    settings.usage.gaps = Gaps::AreAllowed;
    Deployment::with(settings).await
}

/// Half a minute passes in which nobody changes the row.
pub(crate) async fn wait(deployment: &Deployment, id: &str) {
    let row = deployment.row(id).await;
    let updated = ago(hours(1));
    deployment.keep(&UsageReport { updated, ..row }).await;
}

/// A function over the store and the simulated Google of a deployment.
pub(crate) struct UsageFunction<'a> {
    deployment: &'a Deployment,
    function: Running,
}

impl<'a> UsageFunction<'a> {
    pub(crate) async fn start(deployment: &'a Deployment) -> Self {
        let operator = Path::new(env!("CARGO_BIN_EXE_operator"));
        let path = operator.with_file_name("usage-report");
        let shown = path.display();
        assert!(
            path.exists(),
            "{shown} is not there: cargo build -p usage-report"
        );
        let product = deployment.product();
        let variables = [
            ("PORT", "0"),
            ("PUBLIC_URL", "http://localhost:8080"),
            ("IDENTITY_AUDIENCE", AUDIENCE),
            ("CALLERS", CALLER),
            ("SCHEDULER_IDENTITY", SCHEDULER),
            ("SERVICE_NAME", product.as_str()),
            ("METRICS", METRICS),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut environment: Environment = deployment.environment.clone();
        environment.extend(variables);
        let path = path.to_str().expect("text").to_owned();
        Self {
            function: Program(path.leak()).start(&environment).await,
            deployment,
        }
    }

    /// The application records usage, which must be taken.
    pub(crate) async fn record(&self, record: &Value) {
        let body = serde_json::json!({ "records": [record] });
        let answer = self.post("/usage", CALLER, &body.to_string()).await;
        assert_eq!(answer["accepted"], 1, "{answer}");
    }

    /// The scheduler calls; what was done.
    pub(crate) async fn report(&self) -> Value {
        self.post("/report", SCHEDULER, "{}").await
    }

    async fn post(&self, path: &str, identity: &str, body: &str) -> Value {
        let token = self.deployment.simulator.identity_token(identity, AUDIENCE);
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer \
             {token}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let answer = exchange(self.function.address, request).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).expect("JSON")
    }
}
