//! The program as Cloud Run, the application and the scheduler meet it.

use function_tests::emulator;
use function_tests::visited::soon;
use marketplace_simulator::{Settings, Simulator};
use reqwest::Client;
use serde_json::{Value, json};

use crate::environment::{AUDIENCE, CALLER, SCHEDULER};
use crate::program::{PROGRAM, environment};

#[tokio::test]
async fn it_listens_answers_logs_and_ends() {
    function_runtime::start::install_crypto_provider();
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let running = PROGRAM.start(&environment).await;
    let origin = running.origin();

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
    let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
    let rows = store.walk_reports(None, 9, soon()).await.unwrap();
    assert_eq!((rows.records, rows.unreadable), (Vec::new(), 0));
    let (status, body) = post("/report", SCHEDULER, json!({})).await;
    assert_eq!((status, &body["finished"]), (200, &json!(true)));

    let (status, log) = running.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(
        !log.iter()
            .any(|line| line.to_string().contains("a-secret-key"))
    );
    let said = |message: &str| log.iter().any(|line| line["message"] == message);
    assert!(
        said("usage was recorded") && said("usage reported"),
        "{log:?}"
    );
}
