//! The function under test: the real handler, served for real.

use std::sync::Arc;
use std::time::Duration;

use function_runtime::{Limits, MapEnv, serve_within, start};
use function_tests::browser::HEADERS;
use http::Method;
use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use marketplace_simulator::{Settings, Simulator};
use serde_json::Value;
use service_account_link::{Config, build};
use store::{Account, Commit, Store};
use tokio::net::TcpListener;

use crate::customer::{TestCustomer, soon};
use crate::environment::{AUDIENCE, CALLER, PROJECT, environment};

/// One function and the simulator it talks to. When it is dropped, it makes sure that Google was
/// asked nothing that does not fit Google's documents.
pub(crate) struct TestFunction {
    pub(crate) simulator: Simulator,
    pub(crate) store: Store,
    pub(crate) origin: String,
    pub(crate) client: reqwest::Client,
}

/// An answer, checked to be one of ours.
#[derive(Debug)]
pub(crate) struct LinkAnswer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: Value,
}

impl TestFunction {
    pub(crate) async fn start(store: Store) -> Self {
        Self::with(store, Settings::default()).await
    }

    pub(crate) async fn with_customer(store: Store) -> (Self, TestCustomer) {
        let function = Self::start(store).await;
        let customer = function.customer().await;
        (function, customer)
    }

    pub(crate) async fn with(store: Store, settings: Settings) -> Self {
        start::install_crypto_provider();
        let simulator = Simulator::start(settings).await;
        Self::beside(simulator, store, Duration::from_secs(8)).await
    }

    /// With these callers accepted, as `CALLERS` names them.
    pub(crate) async fn accepting(callers: &str, store: Store) -> Self {
        start::install_crypto_provider();
        let simulator = Simulator::start(Settings::default()).await;
        let variables = [("CALLERS", callers)];
        Self::configured(simulator, store, Duration::from_secs(8), &variables).await
    }

    /// One more instance over this store, beside this Google, with so much time for a request.
    pub(crate) async fn beside(simulator: Simulator, store: Store, time: Duration) -> Self {
        Self::configured(simulator, store, time, &[]).await
    }

    async fn configured(
        simulator: Simulator,
        store: Store,
        time: Duration,
        changed: &[(&str, &str)],
    ) -> Self {
        start::install_crypto_provider();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let variables = environment(&origin, &simulator).into_iter();
        let env = variables.collect::<MapEnv>().with("LINK_STORE", "memory");
        let changed = changed.iter();
        let env = changed.fold(env, |env, (name, value)| env.with(name, *value));
        let config = Config::from_env(&env).unwrap();
        let handler = Arc::new(build(config, store.clone()));
        let limits = Limits {
            deadline: time,
            ..Limits::default()
        };
        tokio::spawn(serve_within(
            limits,
            listener,
            handler,
            std::future::pending(),
        ));
        Self {
            simulator,
            store,
            origin,
            client: reqwest::Client::builder().build().unwrap(),
        }
    }

    /// A customer with access, in the store.
    pub(crate) async fn customer(&self) -> TestCustomer {
        let customer = TestCustomer::of(&self.simulator);
        customer.store(&self.store).await;
        customer
    }

    pub(crate) async fn ask(&self, body: &Value) -> LinkAnswer {
        let body = body.to_string().into_bytes();
        self.post(Some(&self.token()), body, None).await
    }

    /// The same, where the function shall not believe what is stored.
    pub(crate) async fn ask_google(&self, body: &Value) -> LinkAnswer {
        let body = body.to_string().into_bytes();
        self.post(Some(&self.token()), body, Some("max-age=0, no-cache"))
            .await
    }

    pub(crate) fn token(&self) -> String {
        self.simulator.identity_token(CALLER, AUDIENCE)
    }

    pub(crate) async fn post(
        &self,
        token: Option<&str>,
        body: Vec<u8>,
        cache: Option<&str>,
    ) -> LinkAnswer {
        let url = format!("{}/service-account-links", self.origin);
        let mut request = self.client.post(url).body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(cache) = cache {
            request = request.header("cache-control", cache);
        }
        LinkAnswer::read(request.send().await.unwrap()).await
    }

    /// What somebody does to a service account who is no customer and not Portico.
    pub(crate) async fn meddle(&self, method: Method, email: &str, verb: &str) {
        let path = format!("v1/projects/{PROJECT}/serviceAccounts/{email}{verb}");
        let url = format!("{}/iam.googleapis.com/{path}", self.simulator.origin());
        let request = self.client.request(method, url);
        let request = request.header("authorization", self.simulator.authorization());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
    }

    /// Creates a service account as [`meddle`](Self::meddle) does.
    pub(crate) async fn create_foreign(&self, id: &str, description: &str) {
        let path = format!("v1/projects/{PROJECT}/serviceAccounts");
        let url = format!("{}/iam.googleapis.com/{path}", self.simulator.origin());
        let request = self.client.post(url);
        let request = request.header("authorization", self.simulator.authorization());
        let body = serde_json::json!({
            "accountId": id,
            "serviceAccount": { "description": description },
        });
        let answer = request
            .header("content-type", "application/json")
            .body(body.to_string());
        assert_eq!(answer.send().await.unwrap().status().as_u16(), 200);
    }

    /// Stores that the service account was disabled, as procurement events do when access ends.
    pub(crate) async fn record_disabled(&self, customer: &TestCustomer) {
        let mut account = self.account(customer.id()).await;
        account.service_account.as_mut().unwrap().disabled = Some(Timestamp::now());
        let commit = Commit::new().put(&account);
        self.store.commit(commit, soon()).await.unwrap();
    }

    pub(crate) fn is_disabled(&self, email: &str) -> bool {
        let found = self.simulator.service_account(email);
        found.unwrap().is_disabled
    }

    pub(crate) fn description(&self, email: &str) -> String {
        let found = self.simulator.service_account(email);
        found.unwrap().description
    }

    pub(crate) async fn account(&self, id: &ProcurementAccountId) -> Account {
        let stored = self.store.account(id, soon()).await.unwrap();
        stored.expect("an account").record
    }
}

impl LinkAnswer {
    async fn read(answer: reqwest::Response) -> Self {
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        for name in headers.keys() {
            assert!(HEADERS.contains(&name.as_str()), "{name}");
        }
        assert_eq!(headers["cache-control"], "no-store");
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
        let media_type = match status {
            200 => "application/json",
            _ => "application/problem+json",
        };
        assert_eq!(text("content-type"), Some(media_type));
        let retry_after = text("retry-after").map(|seconds| seconds.parse().unwrap());
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        if status != 200 {
            assert_eq!(body["status"], status);
            assert_eq!(body["type"], "about:blank");
            assert_eq!(retry_after.is_some(), status == 503, "{body}");
        }
        Self {
            status,
            retry_after,
            body,
        }
    }

    /// Status and code of a refusal.
    pub(crate) fn refusal(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }

    #[track_caller]
    pub(crate) fn link(&self) -> &Value {
        assert_eq!(self.status, 200, "{}", self.body);
        &self.body
    }

    /// The address of the service account in a link.
    #[track_caller]
    pub(crate) fn email(&self) -> &str {
        self.link()["service_account"].as_str().unwrap()
    }
}

impl Drop for TestFunction {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.simulator.violations(), Vec::<String>::new());
        }
    }
}
