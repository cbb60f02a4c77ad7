//! The program as Cloud Run, the application and the scheduler meet it.

use std::process::Stdio;

use marketplace::Deadline;
use marketplace_simulator::{Settings, Simulator};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use crate::environment::{AUDIENCE, CALLER, SCHEDULER};
use crate::firestore_emulator::{host, store_at};
use crate::program::{PATIENCE, environment, parsed, program};

#[tokio::test]
async fn it_listens_answers_logs_and_ends() {
    function_runtime::start::install_crypto_provider();
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let mut command = program(&environment);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = timeout(PATIENCE, lines.next_line()).await.expect("in time");
    let started = parsed(&first.unwrap().expect("a line"));
    assert_eq!(started["message"], "usage-report listens", "{started}");
    let origin = format!("http://127.0.0.1:{}", started["port"]);

    let client = Client::builder().build().unwrap();
    let post = async |path: &str, identity: &str, body: Value| {
        let token = simulator.identity_token(identity, AUDIENCE);
        let request = client.post(format!("{origin}{path}")).bearer_auth(token);
        let answer = request.body(body.to_string()).send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let records = json!({ "records": [{
        "entitlement": "E-1",
        "metric": "usage_queries",
        "quantity": 1,
        "occurred_at": "2026-03-01T10:10:00Z",
        "idempotency_key": "a-secret-key",
    }] });
    let (status, body) = post("/usage", CALLER, records).await;
    assert_eq!(status, 200);
    assert_eq!(body["records"][0]["code"], "entitlement-unknown");
    let store = store_at(&environment["GOOGLE_CLOUD_PROJECT"], &host());
    let soon = Deadline::after(PATIENCE);
    assert_eq!(store.reports_after(None, 9, soon).await.unwrap(), []);
    let (status, body) = post("/report", SCHEDULER, json!({})).await;
    assert_eq!((status, &body["finished"]), (200, &json!(true)));

    let pid = child.id().unwrap().to_string();
    let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(sent.unwrap().success());
    let mut log = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        assert!(!line.contains("a-secret-key"), "{line}");
        log.push(parsed(&line));
    }
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
    let said = |message: &str| log.iter().any(|line| line["message"] == message);
    assert!(said("took usage") && said("usage reported"), "{log:?}");
}
