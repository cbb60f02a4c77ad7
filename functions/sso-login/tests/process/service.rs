//! The program serves customers, and what it logs of them.

use std::collections::BTreeMap;
use std::time::Duration;

use function_tests::browser::TOKEN;
use function_tests::emulator;
use function_tests::hand_off::handed_over;
use function_tests::program::{Environment, Running};
use function_tests::wire::{Answer, exchange, form_post};
use jiff::Timestamp;
use marketplace::{Deadline, Role};
use marketplace_simulator::{Order, Settings, Simulator};
use serde_json::Value;
use store::{Account, Approval, Commit, Link};

use crate::program::{PROGRAM, environment};

const TRACE: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

async fn log_in(program: &Running, token: &str) -> Answer {
    let request = form_post("/login", &[(TOKEN, token)], TRACE);
    exchange(program.address, request).await
}

/// A customer who bought and signed up, as sign-up leaves it in the program's store.
pub(crate) async fn registered(simulator: &Simulator, environment: &Environment) -> Order {
    let order = simulator.buy();
    let earlier = Timestamp::from_second(1_700_000_000).unwrap();
    let account = Account {
        id: order.account.clone(),
        approval: Approval::Approved,
        company: None,
        service_account: None,
        created: earlier,
        updated: earlier,
        deleted: None,
        touched: None,
    };
    let link = Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: BTreeMap::new(),
        roles: vec![Role::AccountAdmin],
        orders: Vec::new(),
        first_seen: earlier,
        last_seen: earlier,
    };
    let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
    let soon = Deadline::after(Duration::from_secs(20));
    let commit = Commit::new().create(&account).create(&link);
    store.commit(commit, soon).await.unwrap();
    order
}

/// A simulated Google with one customer, and the environment of a program beside it.
async fn customer() -> (Simulator, Order, String, Environment) {
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let order = registered(&simulator, &environment).await;
    let token = simulator.token(&order.account, &order.user);
    (simulator, order, token, environment)
}

#[tokio::test]
async fn a_customer_is_known_after_a_restart() {
    let (simulator, order, token, environment) = customer().await;
    let program = PROGRAM.start(&environment).await;
    let page = log_in(&program, &token).await;
    let first = handed_over(&page, &simulator).await;
    assert_eq!(first["sub"], order.account.as_str());
    assert_eq!(first["purpose"], "login");
    assert_eq!(program.terminate().await.0.code(), Some(0));

    let program = PROGRAM.start(&environment).await;
    let page = log_in(&program, &token).await;
    assert_eq!(handed_over(&page, &simulator).await, first);
    assert_eq!(simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_log_is_json_with_the_trace_and_without_secrets() {
    let (simulator, order, token, environment) = customer().await;
    let program = PROGRAM.start(&environment).await;
    let page = log_in(&program, &token).await;
    handed_over(&page, &simulator).await;
    let refused = log_in(&program, &format!("{token}x")).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    let (status, lines) = program.terminate().await;
    assert_eq!(status.code(), Some(0));

    let log = Value::from(lines.clone()).to_string();
    for secret in [&token, order.user.as_str(), page.field("portico-token")] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
    let requests = lines
        .iter()
        .filter(|line| line.get("httpRequest").is_some());
    let requests: Vec<_> = requests.collect();
    let said = |field: &str| requests.iter().map(|line| line[field].clone()).collect();
    let messages: Vec<Value> = said("message");
    assert_eq!(messages, ["POST /login 200", "POST /login 401"]);
    let project = &environment["GOOGLE_CLOUD_PROJECT"];
    let trace = format!("projects/{project}/traces/0af7651916cd43dd8448eb211c80319c");
    let traces: Vec<Value> = said("logging.googleapis.com/trace");
    assert_eq!(traces, [trace.as_str(), trace.as_str()]);
    assert_eq!(requests[0]["outcome"], "handed-over");
    assert_eq!(requests[0]["accountId"], order.account.as_str());
    assert_eq!(requests[1]["errorCode"], "token-refused");
}
