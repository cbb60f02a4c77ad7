//! The function under test: the real handler, served for real.

use std::sync::Arc;
use std::time::Duration;

use function_runtime::{MapEnv, serve, start};
use function_tests::log::Log;
use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};
use marketplace_simulator::{Fault, Matcher, Order, Settings, Simulator};
use procurement_events::{Config, build};
use serde_json::{Value, json};
use store::{Account, Approval, Commit, ServiceAccount, Store};
use tokio::net::TcpListener;

use crate::environment::environment;
pub(crate) use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
pub(crate) use crate::pushed::REQUESTED;
use crate::pushed::{envelope, message, published};
use crate::sign_up::begin_sign_up;

pub(crate) const TOPIC: &str = "projects/example-project/topics/marketplace-changes";

pub(crate) const ACTIVE: &str = "ENTITLEMENT_ACTIVE";
pub(crate) const ACCEPTED: &str = "ENTITLEMENT_OFFER_ACCEPTED";
pub(crate) const RENEWED: &str = "ENTITLEMENT_RENEWED";
pub(crate) const CANCELLED: &str = "ENTITLEMENT_CANCELLED";
pub(crate) const DELETED: &str = "ENTITLEMENT_DELETED";

/// The first news about most customers.
pub(crate) const SIGNED_UP: &str = "portico.account.signed-up";

/// One function and the simulator it talks to. When it is dropped, it makes sure that Google was
/// asked nothing that does not fit Google's documents.
pub(crate) struct TestFunction {
    pub(crate) simulator: Simulator,
    pub(crate) store: Store,
    pub(crate) origin: String,
    pub(crate) client: reqwest::Client,
}

pub(crate) struct EventsSetup {
    store: Store,
    settings: Settings,
    variables: Vec<(&'static str, String)>,
}

pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(30))
}

impl EventsSetup {
    pub(crate) fn over(store: Store) -> Self {
        Self {
            store,
            settings: Settings::default(),
            variables: vec![("EVENTS_TOPIC", TOPIC.to_owned())],
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    pub(crate) fn simulated(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    pub(crate) async fn start(self) -> TestFunction {
        start::install_crypto_provider();
        let simulator = Simulator::start(self.settings).await;
        TestFunction::beside(simulator, self.store, &self.variables).await
    }
}

impl TestFunction {
    pub(crate) async fn start(store: Store) -> Self {
        EventsSetup::over(store).start().await
    }

    /// With an order of somebody who has not signed up.
    pub(crate) async fn with_order(store: Store) -> (Self, Order) {
        let function = Self::start(store).await;
        let order = function.simulator.buy();
        (function, order)
    }

    /// With an order of a customer who has signed up.
    pub(crate) async fn with_customer(store: Store) -> (Self, Order) {
        let function = Self::start(store).await;
        let order = function.customer().await;
        (function, order)
    }

    /// One more instance over this store, beside this Google.
    pub(crate) async fn beside(
        simulator: Simulator,
        store: Store,
        variables: &[(&'static str, String)],
    ) -> Self {
        Log::collect("procurement-events");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let environment = environment(&origin, &simulator).into_iter();
        let env = environment.collect::<MapEnv>().with("LINK_STORE", "memory");
        let env = variables
            .iter()
            .fold(env, |env, (name, value)| env.with(name, value));
        let config = Config::from_env(&env).unwrap();
        let handler = Arc::new(build(config, store.clone()));
        tokio::spawn(serve(listener, handler, std::future::pending()));
        Self {
            simulator,
            store,
            origin,
            client: reqwest::Client::builder().build().unwrap(),
        }
    }

    /// The answer to a request to a route, with this token.
    pub(crate) async fn send(
        &self,
        path: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> reqwest::Response {
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .body(body);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.send().await.unwrap()
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> (u16, String) {
        let answer = self.send(path, token, body).await;
        let status = answer.status().as_u16();
        (status, answer.text().await.unwrap())
    }

    /// Delivers a message as Pub/Sub does.
    pub(crate) async fn deliver(&self, message: &Value) -> u16 {
        self.deliver_data(message.to_string().as_bytes()).await
    }

    pub(crate) async fn deliver_data(&self, data: &[u8]) -> u16 {
        let token = self.simulator.identity_token(PUSH, AUDIENCE);
        self.post("/events", Some(&token), envelope(data)).await.0
    }

    /// Delivers a message that was published at this time.
    pub(crate) async fn deliver_published(&self, message: &Value, at: Timestamp) -> u16 {
        let token = self.simulator.identity_token(PUSH, AUDIENCE);
        let body = published(message.to_string().as_bytes(), at);
        self.post("/events", Some(&token), body).await.0
    }

    /// Sends an event about an entitlement as it is now.
    pub(crate) async fn send_event(&self, kind: &str, id: &EntitlementId) -> u16 {
        self.deliver(&self.message(kind, id)).await
    }

    /// Sends an event about an entitlement, and it is acknowledged.
    pub(crate) async fn acknowledges(&self, kind: &str, id: &EntitlementId) {
        assert_eq!(self.send_event(kind, id).await, 204, "{kind}");
    }

    /// Sends an event about an entitlement, which has to be delivered again later.
    pub(crate) async fn postpones(&self, kind: &str, id: &EntitlementId) {
        assert_eq!(self.send_event(kind, id).await, 503, "{kind}");
    }

    /// The message about an entitlement as it is now.
    pub(crate) fn message(&self, kind: &str, id: &EntitlementId) -> Value {
        message(&self.simulator, kind, id)
    }

    pub(crate) async fn send_account_event(&self, kind: &str, id: &ProcurementAccountId) -> u16 {
        let updated = self.simulator.account(id).map(|it| it.update_time);
        let message = json!({
            "eventId": format!("{kind}-{id}"),
            "eventType": kind,
            "account": { "id": id, "updateTime": updated },
        });
        self.deliver(&message).await
    }

    /// Sends an event about an account, and it is acknowledged.
    pub(crate) async fn acknowledges_account_event(&self, kind: &str, id: &ProcurementAccountId) {
        assert_eq!(self.send_account_event(kind, id).await, 204, "{kind}");
    }

    /// One call of the scheduler's: its answer.
    pub(crate) async fn reconcile_once(&self) -> Value {
        let token = self.simulator.identity_token(SCHEDULER, AUDIENCE);
        let (status, body) = self.post("/reconcile", Some(&token), Vec::new()).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// One whole round: the answers to its calls.
    pub(crate) async fn round(&self) -> Vec<Value> {
        let mut answers = Vec::new();
        loop {
            let answer = self.reconcile_once().await;
            let is_last = answer["finished"] == true;
            answers.push(answer);
            if is_last {
                return answers;
            }
        }
    }

    /// Whole rounds until one has nothing to repair; how much they repaired in all.
    pub(crate) async fn reconcile(&self) -> u64 {
        let mut repaired = 0;
        for _ in 0..20 {
            let round = in_all(&self.round().await, "repaired");
            if round == 0 {
                return repaired;
            }
            repaired += round;
        }
        panic!("reconciliation finds no end");
    }

    /// What sign-up stores before it calls Google.
    pub(crate) async fn begin_sign_up(&self, order: &Order) {
        begin_sign_up(&self.store, order).await;
    }

    /// A customer who has signed up whole, and only then bought what is in this order.
    pub(crate) async fn signed_up(&self, order: &Order) {
        self.begin_sign_up(order).await;
        self.acknowledges_account_event("ACCOUNT_ACTIVE", &order.account)
            .await;
        assert_eq!(self.approval(&order.account).await, Approval::Approved);
    }

    /// An order of a new customer who has signed up.
    pub(crate) async fn customer(&self) -> Order {
        let order = self.simulator.buy();
        self.signed_up(&order).await;
        order
    }

    /// As the service account link does. Answers its e-mail.
    pub(crate) async fn give_service_account(&self, id: &ProcurementAccountId) -> String {
        let made = self.simulator.create_service_account("customer").unwrap();
        let stored = self.store.account(id, soon()).await.unwrap().unwrap();
        let account = Account {
            service_account: Some(ServiceAccount {
                email: made.email.clone(),
                unique_id: made.unique_id,
                disabled: None,
            }),
            ..stored.record
        };
        let commit = Commit::new().put(&account);
        self.store.commit(commit, soon()).await.unwrap();
        made.email
    }

    /// From now on Google describes a resource so, such as `entitlements/{id}`.
    pub(crate) fn describe(&self, resource: &str, description: Value) {
        let address = self.address(resource);
        self.simulator.put_cloud_resource(&address, description);
    }

    /// From now on Google describes it again as it is.
    pub(crate) fn describe_no_more(&self, resource: &str) {
        let address = self.address(resource);
        self.simulator.remove_cloud_resource(&address);
    }

    fn address(&self, resource: &str) -> String {
        let provider = &self.simulator.settings().provider;
        format!("cloudcommerceprocurement.googleapis.com/v1/providers/{provider}/{resource}")
    }

    /// From now on Google does not find what has this id, until its faults are cleared.
    pub(crate) fn lose(&self, id: &str) {
        let asked = Matcher::procurement().method(http::Method::GET).path(id);
        self.simulator.faults().always(asked, Fault::status(404));
    }
}

/// How much of this the calls of a round counted together.
pub(crate) fn in_all(round: &[Value], counted: &str) -> u64 {
    let counts = round.iter().map(|answer| answer[counted].as_u64().unwrap());
    counts.sum()
}

impl Drop for TestFunction {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.simulator.violations(), Vec::<String>::new());
        }
    }
}
