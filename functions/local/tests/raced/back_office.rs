//! Everything but sign-up: the function that takes events and reconciles, and the operator.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use function_runtime::{MapEnv, serve};
use function_tests::environment::of_every_function;
use function_tests::wire::{Answer, exchange};
use google_calls::{Credentials, GoogleApi, Http};
use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use marketplace_simulator::{Order, Simulator};
use operations::{Actor, Clock, Decision, OperationError, Operations, Prepared};
use outbox::Notify;
use procurement::Procurement;
use procurement_events::Config;
use serde_json::{Value, json};
use store::Store;
use tokio::net::TcpListener;

use crate::actor::Ended;

const AUDIENCE: &str = "https://events.example.com";
const PUSH: &str = "push@example-project.iam.gserviceaccount.com";
const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// More calls than a round needs, and more rounds than there is to repair.
const MANY: usize = 20;

pub(crate) struct BackOffice {
    address: SocketAddr,
    simulator: Simulator,
    operations: Operations,
}

impl BackOffice {
    pub(crate) async fn start(simulator: &Simulator, store: &Store) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = config(&format!("http://{address}"), simulator);
        let operations = operations(&config, store);
        let handler = Arc::new(procurement_events::build(config, store.clone()));
        tokio::spawn(serve(listener, handler, std::future::pending()));
        Self {
            address,
            simulator: simulator.clone(),
            operations,
        }
    }

    /// The event about the purchase, as Pub/Sub pushes it.
    pub(crate) async fn event(&self, order: &Order) -> Ended {
        let bought = self.simulator.entitlement(&order.entitlement).unwrap();
        let message = json!({
            "eventId": format!("CREATE_ENTITLEMENT-{}", order.entitlement),
            "eventType": "ENTITLEMENT_CREATION_REQUESTED",
            "entitlement": { "id": order.entitlement, "updateTime": bought.update_time },
            "providerId": self.simulator.settings().provider,
        });
        let body = json!({
            "message": {
                "data": BASE64_STANDARD.encode(message.to_string()),
                "messageId": order.entitlement,
                "publishTime": Timestamp::now(),
            },
            "subscription": "projects/example-project/subscriptions/marketplace-push",
            "deliveryAttempt": 1,
        });
        let answer = self.post("/events", PUSH, &body.to_string()).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        Ended::Well
    }

    /// One whole round; how much it repaired.
    pub(crate) async fn round(&self) -> u64 {
        let mut repaired = 0;
        for _ in 0..MANY {
            let answer = self.post("/reconcile", SCHEDULER, "").await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let done: Value = serde_json::from_str(&answer.body).unwrap();
            repaired += done["repaired"].as_u64().unwrap();
            if done["finished"] == true {
                return repaired;
            }
        }
        panic!("a round finds no end");
    }

    /// Rounds until one has nothing to repair.
    pub(crate) async fn settle(&self) {
        for _ in 0..MANY {
            if self.round().await == 0 {
                return;
            }
        }
        panic!("reconciliation finds no end");
    }

    pub(crate) async fn approve(&self, account: &ProcurementAccountId) -> Ended {
        carried_out(self.operations.approve_account(account, &operator()).await).await
    }

    pub(crate) async fn reject(&self, account: &ProcurementAccountId) -> Ended {
        let reason = "We do not serve this customer.".to_owned();
        let by = operator();
        carried_out(self.operations.reject_account(account, reason, &by).await).await
    }

    async fn post(&self, path: &str, caller: &str, body: &str) -> Answer {
        let token = self.simulator.identity_token(caller, AUDIENCE);
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        exchange(self.address, request).await
    }
}

fn config(origin: &str, simulator: &Simulator) -> Config {
    let settings = simulator.settings();
    let topic = settings.topics.first().expect("a topic");
    let own = [
        ("IDENTITY_AUDIENCE", AUDIENCE),
        ("PUSH_IDENTITY", PUSH),
        ("SCHEDULER_IDENTITY", SCHEDULER),
        ("PROCUREMENT_PROVIDER", settings.provider.as_str()),
        ("APPROVAL_POLICY", "auto"),
        ("LINK_STORE", "memory"),
        ("EVENTS_TOPIC", topic.as_str()),
    ];
    let environment = of_every_function(origin, simulator, own).into_iter();
    Config::from_env(&environment.collect::<MapEnv>()).unwrap()
}

fn operations(config: &Config, store: &Store) -> Operations {
    let google = &config.base.google;
    let provider = config.approval.provider.clone();
    let api = GoogleApi::new(Http::new(), Credentials::new(google));
    Operations {
        procurement: Procurement::new(google, provider.clone(), api),
        store: store.clone(),
        products: config.approval.products.clone(),
        provider,
        notify: Notify::On,
        erase_after: config.erase_after,
        clock: Clock::default(),
    }
}

fn operator() -> Actor {
    Actor::of(Some("olga@example.com"), None).unwrap()
}

async fn carried_out<D: Decision>(prepared: Result<Prepared<D>, OperationError>) -> Ended {
    let error = match prepared {
        Err(error) => Some(error),
        Ok(prepared) => match prepared.proposal {
            None => None,
            Some(proposal) => proposal.decision.carry_out().await.error,
        },
    };
    error.map_or(Ended::Well, |error| Ended::NotDone(error.to_string()))
}
