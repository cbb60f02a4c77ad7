//! An instance whose clock is wrong.

use std::sync::Arc;
use std::time::Duration;

use function_runtime::{Handler, MapEnv, Rejection, Request, Response, serve};
use http::request::Parts;
use jiff::Timestamp;
use marketplace_simulator::Clock;
use procurement_events::{Config, Error, build};
use store::Store;
use tokio::net::TcpListener;

use crate::environment::environment;
use crate::function::{TOPIC, TestFunction, soon};

/// The function on a machine whose clock is ahead.
struct Ahead {
    function: procurement_events::Handler,
    clock: Clock,
}

impl Handler for Ahead {
    type Error = Error;

    fn before_body(&self, head: &Parts) -> Result<(), Error> {
        self.function.before_body(head)
    }

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let now = self.clock.at(request.now);
        self.function.handle(Request { now, ..request }).await
    }

    fn render(&self, rejection: &Rejection, path: &str) -> Response {
        self.function.render(rejection, path)
    }
}

impl TestFunction {
    /// One more instance over the same store, with the simulated clock: its callers' tokens are of that time.
    async fn with_the_simulated_clock(&self) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let environment = environment(&origin, &self.simulator).into_iter();
        let env = environment.collect::<MapEnv>().with("LINK_STORE", "memory");
        let config = Config::from_env(&env.with("EVENTS_TOPIC", TOPIC)).unwrap();
        let handler = Arc::new(Ahead {
            function: build(config, self.store.clone()),
            clock: self.simulator.clock(),
        });
        tokio::spawn(serve(listener, handler, std::future::pending()));
        Self {
            simulator: self.simulator.clone(),
            store: self.store.clone(),
            origin,
            client: reqwest::Client::builder().build().unwrap(),
        }
    }
}

pub(crate) async fn an_instance_a_day_ahead_believes_no_absence_of_a_minute(store: Store) {
    if store.now(soon()).await.unwrap().is_none() {
        // A store in memory has one process, and that has one clock.
        return;
    }
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let (account, order) = (&orders[0].account, &orders[1].entitlement);
    function.list_nothing();
    function.lose(account.as_str());
    function.round().await;
    assert!(function.account(account).await.unwrap().absent.is_some());
    function.simulator.pass_time(Duration::from_hours(25));
    let ahead = function.with_the_simulated_clock().await;
    ahead.lose(order.as_str());
    for _ in 0..3 {
        ahead.round().await;
    }
    assert!(ahead.is_open(account).await);
    assert!(ahead.is_in_force(order).await);
    // What it has noted itself began by the clock that all share.
    let noted = ahead.entitlement(order).await.unwrap().absent.unwrap();
    assert!(noted.since <= Timestamp::now(), "{}", noted.since);
}
