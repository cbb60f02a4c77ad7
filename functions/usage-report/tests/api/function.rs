//! The function under test: the real handler, at any moment, and served for real.

use std::sync::Arc;
use std::time::Duration;

use function_runtime::{MapEnv, Response, serve, start};
use function_tests::log::Log;
use function_tests::records::{account, entitlement};
use google_calls::Http;
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use marketplace::{At, Deadline, EntitlementState, GoogleOrigin, PlanId};
use marketplace_simulator::{Buyer, Gaps, Order, Quantity, Repeats, Settings, Simulator};
use serde_json::{Value, json};
use store::{Absence, Approval, Commit, Entitlement, Meter, ReportState, Store, UsageReport};
use tokio::net::TcpListener;
use usage_report::{Config, Handler, ReportSummary, build};
use verification::{AcceptedEmails, Audiences, IdentityVerifier, KeySet, VerifiedCaller};

use crate::environment::{AUDIENCE, CALLER, environment};

pub(crate) const START: &str = "2026-03-01T09:20:00Z";

/// The metric of whole numbers, and the other one.
pub(crate) const QUERIES: &str = "usage_queries";
pub(crate) const SCANNED: &str = "usage_gib_scanned";

const TOPIC: &str = "projects/example-project/topics/marketplace-changes";

/// One function and the simulator it talks to. When it is dropped, it makes sure that Google was
/// asked nothing that does not fit Google's documents.
pub(crate) struct TestFunction {
    pub(crate) simulator: Simulator,
    pub(crate) store: Store,
    pub(crate) handler: Arc<Handler>,
    pub(crate) caller: VerifiedCaller,
}

/// How a function is set up.
pub(crate) struct UsageSetup {
    store: Store,
    settings: Settings,
    variables: Vec<(&'static str, &'static str)>,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(30))
}

/// A request at this moment, with the time that a request has.
pub(crate) fn request(now: Timestamp) -> At {
    At {
        now,
        deadline: Deadline::after(Duration::from_secs(8)),
    }
}

pub(crate) fn record(order: &Order, key: &str, quantity: impl Into<Value>, when: &str) -> Value {
    json!({
        "entitlement": order.entitlement,
        "metric": QUERIES,
        "quantity": quantity.into(),
        "occurred_at": when,
        "idempotency_key": key,
    })
}

impl UsageSetup {
    pub(crate) fn over(store: Store) -> Self {
        let mut settings = Settings::default();
        settings.usage.gaps = Gaps::AreAllowed;
        let variables = vec![("EVENTS_TOPIC", TOPIC)];
        Self {
            store,
            settings,
            variables,
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    pub(crate) fn simulated(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub(crate) async fn start(self) -> TestFunction {
        start::install_crypto_provider();
        Log::collect("usage-report");
        let simulator = Simulator::start(self.settings).await;
        let env = environment("http://127.0.0.1:8080", &simulator).into_iter();
        let env = env.collect::<MapEnv>().with("LINK_STORE", "memory");
        let variables = self.variables.iter();
        let env = variables.fold(env, |env, (name, value)| env.with(name, *value));
        let config = Config::from_env(&env).unwrap();
        let caller = verified(&simulator).await;
        TestFunction {
            simulator,
            handler: Arc::new(build(config, self.store.clone())),
            store: self.store,
            caller,
        }
    }
}

/// A caller as the routes verify one.
async fn verified(simulator: &Simulator) -> VerifiedCaller {
    let origin = GoogleOrigin::simulated_at(&simulator.origin());
    let verifier = IdentityVerifier::new(
        KeySet::google_identity(&origin, Http::new()),
        Audiences::parse(vec![AUDIENCE.to_owned()]).unwrap(),
        AcceptedEmails::parse(vec![CALLER.to_owned()]).unwrap(),
    );
    let token = simulator.identity_token(CALLER, AUDIENCE);
    let at = At {
        now: Timestamp::now(),
        deadline: soon(),
    };
    let caller = verifier.verify(&token, at).await;
    caller.unwrap()
}

impl TestFunction {
    pub(crate) async fn start(store: Store) -> Self {
        UsageSetup::over(store).start().await
    }

    /// At a Google that counts an operation once, however often it is reported.
    pub(crate) async fn where_repeats_count_once(store: Store) -> Self {
        let setup = UsageSetup::over(store);
        let setup = setup.simulated(|settings| settings.usage.repeats = Repeats::CountOnce);
        setup.start().await
    }

    /// With a customer who has access.
    pub(crate) async fn with_customer(store: Store) -> (Self, Order) {
        let function = Self::start(store).await;
        let order = function.customer().await;
        (function, order)
    }

    pub(crate) async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let handler = Arc::clone(&self.handler);
        tokio::spawn(serve(listener, handler, std::future::pending()));
        origin
    }

    /// Somebody buys a plan with usage, and it is active at once.
    pub(crate) fn buy(&self) -> Order {
        self.buy_of(0)
    }

    /// The same of the product at this place.
    pub(crate) fn buy_of(&self, place: usize) -> Order {
        let product = self.simulator.settings().products[place].id.clone();
        let plan = PlanId::parse("usage-plan").unwrap();
        let simulator = &self.simulator;
        let order = simulator.purchase(Buyer::New, &product, &plan).unwrap();
        simulator.approve_account(&order.account).unwrap();
        simulator.approve_entitlement(&order.entitlement).unwrap();
        order
    }

    /// The order as the events have stored it, bought at [`START`].
    pub(crate) fn entitlement(&self, order: &Order) -> Entitlement {
        let bought = self.simulator.entitlement(&order.entitlement).unwrap();
        entitlement(bought, at(START))
    }

    pub(crate) async fn put(&self, entitlement: &Entitlement) {
        let commit = Commit::new().put(entitlement);
        self.store.commit(commit, soon()).await.unwrap();
    }

    pub(crate) async fn customer(&self) -> Order {
        self.customer_of(0).await
    }

    /// A customer of the product at this place.
    pub(crate) async fn customer_of(&self, place: usize) -> Order {
        let order = self.buy_of(place);
        let account = account(&order, Approval::Approved, at(START));
        let commit = Commit::new().put(account);
        self.store.commit(commit, soon()).await.unwrap();
        self.put(&self.entitlement(&order)).await;
        order
    }

    /// Google does not find the order from then on, and nobody knows yet whether it has ended.
    pub(crate) async fn miss(&self, order: &Order, since: &str) {
        let absent = Absence {
            since: at(since),
            accepted: None,
        };
        let entitlement = Entitlement {
            absent: Some(absent),
            ..self.entitlement(order)
        };
        self.put(&entitlement).await;
    }

    /// It is confirmed that the order has been gone since then.
    pub(crate) async fn confirm_absence(&self, order: &Order, since: &str) {
        let entitlement = Entitlement {
            state: EntitlementState::Cancelled,
            absent: Some(Absence {
                since: at(since),
                accepted: None,
            }),
            deleted: Some(at(since)),
            absence_confirmed: Some(at(since)),
            ..self.entitlement(order)
        };
        self.put(&entitlement).await;
    }

    /// Google has the order again.
    pub(crate) async fn find_again(&self, order: &Order) {
        self.put(&self.entitlement(order)).await;
    }

    pub(crate) async fn meter(&self, order: &Order) -> Meter {
        let meter = self.store.meter(&order.entitlement, soon()).await;
        meter.unwrap().expect("a meter").record
    }

    /// Google says that it ended then, and an event tells.
    pub(crate) async fn cancel(&self, order: &Order, end: &str) {
        self.simulator.cancel(&order.entitlement).unwrap();
        let mut entitlement = self.entitlement(order);
        entitlement.state = EntitlementState::Cancelled;
        entitlement.update_time = at(end);
        self.put(&entitlement).await;
    }

    pub(crate) async fn record(&self, now: &str, records: &[Value]) -> (u16, Value) {
        let body = json!({ "records": records }).to_string();
        let at = request(at(now));
        let answer = self.handler.record(&self.caller, body.as_bytes(), at).await;
        read(answer.unwrap()).await
    }

    /// Records what has to be accepted.
    pub(crate) async fn accept(&self, now: &str, records: &[Value]) {
        let (status, body) = self.record(now, records).await;
        assert_eq!((status, &body["accepted"]), (200, &json!(records.len())));
    }

    /// The customer uses something, which is recorded a minute later.
    pub(crate) async fn uses(&self, order: &Order, key: &str, quantity: i64, when: &str) {
        let now = at(when).saturating_add(SignedDuration::from_mins(1));
        let used = record(order, key, quantity, when);
        self.accept(&now.unwrap().to_string(), &[used]).await;
    }

    /// Calls of the scheduler's at this moment, until the round is finished; what they did in all.
    pub(crate) async fn report(&self, now: &str) -> ReportSummary {
        self.report_at(at(now)).await
    }

    pub(crate) async fn report_at(&self, now: Timestamp) -> ReportSummary {
        let mut all: Option<ReportSummary> = None;
        loop {
            let done = self.handler.report(&self.caller, request(now)).await;
            let done = done.unwrap();
            let sum = match all {
                None => done,
                Some(before) => ReportSummary {
                    closed: before.closed + done.closed,
                    reported: before.reported + done.reported,
                    refused: before.refused + done.refused,
                    held: before.held + done.held,
                    published: before.published + done.published,
                    ..done
                },
            };
            if sum.finished {
                return sum;
            }
            all = Some(sum);
        }
    }

    pub(crate) fn billed(&self, order: &Order, metric: &str) -> Option<Quantity> {
        let bill = self.simulator.bill(&order.account);
        bill.total(&order.entitlement, metric)
    }

    /// The windows on the customer's bill with what was used in them.
    pub(crate) fn lines(&self, order: &Order) -> Vec<(String, String, Quantity)> {
        let bill = self.simulator.bill(&order.account);
        let lines = bill.lines.iter();
        let mut lines: Vec<_> = lines
            .map(|it| (it.start.to_string(), it.end.to_string(), it.quantity))
            .collect();
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        lines
    }

    /// Every row of the ledger in this state.
    pub(crate) async fn rows(&self, state: ReportState) -> Vec<UsageReport> {
        let store = &self.store;
        let rows = store.walk_reports_with_state(state, None, 10_000, soon());
        let rows = rows.await.unwrap().records.into_iter();
        rows.map(|row| row.record).collect()
    }

    /// Every row of the ledger is reported.
    pub(crate) async fn assert_nothing_waits(&self) {
        for state in [
            ReportState::Pending,
            ReportState::Refused,
            ReportState::Held,
        ] {
            assert_eq!(self.rows(state).await, []);
        }
    }

    /// The `CloudEvent`s that were published: their types and data.
    pub(crate) fn notifications(&self) -> Vec<(String, Value)> {
        let published = self.simulator.published().all().into_iter();
        let events = published.map(|message| message.json());
        let kind = |event: &Value| event["type"].as_str().unwrap().to_owned();
        events
            .map(|event| (kind(&event), event["data"].clone()))
            .collect()
    }
}

pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

impl Drop for TestFunction {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.simulator.violations(), Vec::<String>::new());
            assert_eq!(self.simulator.counted_twice(), Vec::<String>::new());
        }
    }
}
