//! The program serves customers, and what it logs of them.

use function_tests::browser::TOKEN;
use function_tests::hand_off::handed_over;
use function_tests::program::{Environment, Running};
use function_tests::wire::{Answer, exchange, form_post};
use marketplace_simulator::{Order, Settings, Simulator};
use serde_json::Value;

use crate::program::{PROGRAM, environment};

const TRACE: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

async fn sign_up(program: &Running, token: &str) -> Answer {
    let request = form_post("/signup", &[(TOKEN, token)], TRACE);
    exchange(program.address, request).await
}

/// A simulated Google with one customer who bought, and the environment of a program beside it.
async fn customer() -> (Simulator, Order, String, Environment) {
    let simulator = Simulator::start(Settings::default()).await;
    let order = simulator.buy();
    let token = simulator.token(&order.account, &order.user);
    let environment = environment(&simulator);
    (simulator, order, token, environment)
}

#[tokio::test]
async fn a_customer_is_signed_up_and_known_after_a_restart() {
    let (simulator, order, token, environment) = customer().await;
    let program = PROGRAM.start(&environment).await;
    let page = sign_up(&program, &token).await;
    let first = handed_over(&page, &simulator).await;
    assert_eq!(first["sub"], order.account.as_str());
    assert_eq!(program.terminate().await.0.code(), Some(0));

    let program = PROGRAM.start(&environment).await;
    let page = sign_up(&program, &token).await;
    assert_eq!(handed_over(&page, &simulator).await, first);
    assert_eq!(simulator.account(&order.account).unwrap().times_approved, 1);
    assert_eq!(simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_log_is_json_with_the_trace_and_without_secrets() {
    let (simulator, order, token, environment) = customer().await;
    let program = PROGRAM.start(&environment).await;
    let page = sign_up(&program, &token).await;
    handed_over(&page, &simulator).await;
    let refused = sign_up(&program, &format!("{token}x")).await;
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
    assert_eq!(messages, ["POST /signup 200", "POST /signup 401"]);
    let project = &environment["GOOGLE_CLOUD_PROJECT"];
    let trace = format!("projects/{project}/traces/0af7651916cd43dd8448eb211c80319c");
    let traces: Vec<Value> = said("logging.googleapis.com/trace");
    assert_eq!(traces, [trace.as_str(), trace.as_str()]);
    let severities: Vec<Value> = said("severity");
    assert_eq!(severities, ["INFO", "INFO"]);
    assert_eq!(requests[0]["outcome"], "signed-up");
    assert_eq!(requests[0]["accountId"], order.account.as_str());
    assert_eq!(requests[1]["errorCode"], "token-refused");
}
