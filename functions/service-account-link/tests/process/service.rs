//! The program serves the application, and what it logs of that.

use function_runtime::start;
use function_tests::emulator;
use function_tests::program::{Environment, Running, request_lines};
use marketplace_simulator::{Settings, Simulator};
use serde_json::Value;
use store::Store;

use crate::customer::TestCustomer;
use crate::environment::{AUDIENCE, CALLER, PROJECT};
use crate::program::{PROGRAM, environment};

/// A simulated Google, and a customer of it in the program's store.
async fn customer() -> (Simulator, Environment, TestCustomer, Store) {
    start::install_crypto_provider();
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
    let customer = TestCustomer::of(&simulator);
    customer.store(&store).await;
    (simulator, environment, customer, store)
}

async fn ask(program: &Running, token: &str, body: &Value) -> (u16, Value) {
    let client = reqwest::Client::builder().build().unwrap();
    let request = client.post(format!("{}/service-account-links", program.origin()));
    let request = request.bearer_auth(token).body(body.to_string());
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_str(&answer.text().await.unwrap()).unwrap(),
    )
}

#[tokio::test]
async fn a_customer_is_known_after_a_restart() {
    let (simulator, environment, customer, _) = customer().await;
    let token = simulator.identity_token(CALLER, AUDIENCE);
    let program = PROGRAM.start(&environment).await;
    let (status, first) = ask(&program, &token, &customer.body()).await;
    assert_eq!((status, &first["created"]), (200, &true.into()), "{first}");
    assert_eq!(program.terminate().await.0.code(), Some(0));
    let program = PROGRAM.start(&environment).await;
    let (status, second) = ask(&program, &token, &customer.body()).await;
    assert_eq!(
        (status, &second["created"]),
        (200, &false.into()),
        "{second}"
    );
    assert_eq!(second["url"], first["url"]);
    assert_eq!(program.terminate().await.0.code(), Some(0));
    assert_eq!(simulator.service_accounts().len(), 1);
    assert_eq!(simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_log_says_how_each_request_ended_and_names_no_person() {
    let (simulator, environment, customer, _) = customer().await;
    let token = simulator.identity_token(CALLER, AUDIENCE);
    let program = PROGRAM.start(&environment).await;
    let (_, link) = ask(&program, &token, &customer.body()).await;
    ask(&program, &token, &customer.body()).await;
    let mut asking = customer.body();
    asking["redirect"] = "https://evil.example/secret".into();
    assert_eq!(ask(&program, &token, &asking).await.0, 400);
    assert_eq!(ask(&program, &format!("{token}x"), &asking).await.0, 401);
    let other = TestCustomer::of(&simulator);
    assert_eq!(ask(&program, &token, &other.body()).await.0, 404);
    simulator.faults().always(
        marketplace_simulator::Matcher::iam(),
        marketplace_simulator::Fault::status(403),
    );
    let new = TestCustomer::of(&simulator);
    let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
    new.store(&store).await;
    assert_eq!(ask(&program, &token, &new.body()).await.0, 503);
    let (status, lines) = program.terminate().await;
    assert_eq!(status.code(), Some(0));
    let ends = request_lines(&lines).into_iter().map(|line| {
        let end = line
            .get("outcome")
            .or_else(|| line.get("errorCode"))
            .unwrap();
        (
            end.as_str().unwrap(),
            line["accountId"].as_str().unwrap_or_default(),
        )
    });
    let account = customer.id().as_str();
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [
            ("service-account-created", account),
            ("link-given", account),
            ("redirect-invalid", account),
            ("not-authenticated", ""),
            ("account-unknown", other.id().as_str()),
            ("iam-permission-missing", new.id().as_str()),
        ]
    );
    let log = Value::from(lines).to_string();
    let missing = format!("iam.serviceAccounts.create is missing on the project {PROJECT}");
    assert!(log.contains(&missing), "{log}");
    let email = link["service_account"].as_str().unwrap();
    for secret in [
        &token,
        customer.user().as_str(),
        CALLER,
        email,
        "evil.example",
    ] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
