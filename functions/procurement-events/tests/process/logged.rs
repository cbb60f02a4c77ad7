//! What the program logs of those who call and of customers.

use function_tests::emulator::{host, store};
use function_tests::program::request_lines;
use marketplace_simulator::{Settings, Simulator};
use serde_json::Value;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::program::environment;
use crate::pushed::{REQUESTED, envelope, message};
use crate::running::start;
use crate::sign_up::begin_sign_up;

#[tokio::test]
async fn each_request_is_one_line_with_its_outcome_and_without_secrets() {
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let store = store(&environment["GOOGLE_CLOUD_PROJECT"], &host());
    let order = simulator.buy();
    begin_sign_up(&store, &order).await;
    let (program, caller) = start(&environment).await;

    let push = simulator.identity_token(PUSH, AUDIENCE);
    let scheduler = simulator.identity_token(SCHEDULER, AUDIENCE);
    let mut event = message(&simulator, REQUESTED, &order.entitlement);
    event["unverifiedNote"] = Value::from("hunter2");
    let event = envelope(event.to_string().as_bytes());
    let garbage = envelope(b"hunter2");
    let requests = [
        ("/events", &push, event.clone()),
        ("/events", &push, event.clone()),
        ("/events", &push, garbage.clone()),
        ("/events", &scheduler, event.clone()),
        ("/reconcile", &scheduler, Vec::new()),
    ];
    for (path, token, body) in requests {
        caller.post(path, token, body).await.unwrap();
    }
    let lines = program.terminate().await.1;

    let log = Value::from(lines.clone()).to_string();
    let event: Value = serde_json::from_slice(&event).unwrap();
    let garbage: Value = serde_json::from_slice(&garbage).unwrap();
    let bodies = [&event, &garbage].map(|body| body["message"]["data"].as_str().unwrap());
    let secrets = [&push, &scheduler, PUSH, SCHEDULER, order.user.as_str()];
    for secret in secrets.into_iter().chain(bodies).chain(["hunter2", "Ada"]) {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
    let requests: Vec<_> = request_lines(&lines)
        .into_iter()
        .map(|line| {
            let said = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
            (said("message"), said("outcome") + &said("errorCode"))
        })
        .collect();
    let expected = [
        ("POST /events 204", "stored"),
        ("POST /events 204", "delivered-before"),
        ("POST /events 204", "malformed"),
        ("POST /events 401", "not-authenticated"),
        ("POST /reconcile 200", "reconciled"),
    ];
    let expected = expected.map(|(message, said)| (message.to_owned(), said.to_owned()));
    assert_eq!(requests, expected);
}

#[tokio::test]
async fn addresses_and_tokens_in_types_and_ids_are_not_logged() {
    let simulator = Simulator::start(Settings::default()).await;
    let (program, caller) = start(&environment(&simulator)).await;
    let order = simulator.buy();
    let mut event = message(&simulator, "OF ada@example.com", &order.entitlement);
    event["eventId"] = Value::from("ya29.hunter2");
    let push = simulator.identity_token(PUSH, AUDIENCE);
    let answer = caller.post("/events", &push, envelope(event.to_string().as_bytes()));
    assert_eq!(answer.await.unwrap().0, 204);
    let lines = program.terminate().await.1;
    let arrived = lines.iter().find(|line| line["eventType"] == "OF …");
    assert_eq!(arrived.unwrap()["eventId"], "…", "{lines:?}");
    let log = Value::from(lines).to_string();
    assert!(!log.contains("ada@") && !log.contains("hunter2"), "{log}");
}
