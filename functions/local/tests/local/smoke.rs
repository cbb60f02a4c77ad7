//! `scripts/smoke.sh` against functions that work, and against what is none.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

use function_runtime::{MapEnv, serve};
use local::Mode;
use marketplace_simulator::{Fault, Matcher};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinHandle;

use crate::journey::Portico;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/smoke.sh");

async fn smoke(url: &str, functions: &[&str]) -> Output {
    Command::new(SCRIPT)
        .args(["--local", url])
        .args(functions)
        .output()
        .await
        .expect("the script runs")
}

/// What stands in terraform's place and answers outputs. It goes with the test.
struct Outputs(PathBuf);

impl Outputs {
    fn new(test: &str, outputs: &Value) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("smoke-{test}"));
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("outputs"), outputs.to_string()).expect("it can be written");
        let terraform = folder.join("terraform");
        let script =
            "#!/bin/sh\n[ \"$*\" = '-chdir=terraform output -json' ] && cat \"${0%/*}/outputs\"\n";
        fs::write(&terraform, script).expect("it can be written");
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&terraform, executable).expect("it is ours");
        Self(folder)
    }

    async fn smoke(&self) -> Output {
        Command::new(SCRIPT)
            .env("TERRAFORM", self.0.join("terraform"))
            .output()
            .await
            .expect("the script runs")
    }
}

impl Drop for Outputs {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn function(public_url: &str, run_url: &str, ingress: &str) -> Value {
    json!({ "deployed": true, "public_url": public_url, "run_url": run_url, "ingress": ingress })
}

/// Usage reporting at an address of its own. It ends with the test.
struct UsageReport {
    url: String,
    server: JoinHandle<()>,
}

impl UsageReport {
    async fn start(portico: &Portico) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let url = format!("http://localhost:{}", address.port());
        let env = MapEnv::new()
            .with("PUBLIC_URL", &url)
            .with("GOOGLE_ORIGIN", portico.simulator.origin())
            .with("LINK_STORE", "memory")
            .with("IDENTITY_AUDIENCE", &url)
            .with("CALLERS", "app@vendor-app.iam.gserviceaccount.com")
            .with(
                "SCHEDULER_IDENTITY",
                "scheduler@example-project.iam.gserviceaccount.com",
            )
            .with("PRODUCTS", "product.endpoints.example-partner.cloud.goog")
            .with(
                "SERVICE_NAME",
                "product.endpoints.example-partner.cloud.goog",
            )
            .with("PROCUREMENT_PROVIDER", "example-partner")
            .with("METRICS", "pro/requests:int64");
        let config = usage_report::Config::from_env(&env).expect("it is complete");
        let store = store::Store::of(&config.store);
        let handler = Arc::new(usage_report::build(config, store));
        let server = tokio::spawn(async move {
            serve(listener, handler, std::future::pending::<()>()).await;
        });
        Self { url, server }
    }
}

impl Drop for UsageReport {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Where all functions of the local Portico are.
fn origin(portico: &Portico) -> &str {
    portico.signup.strip_suffix("/signup").expect("its path")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every line says that all is well, and these are among them.
#[track_caller]
fn assert_well(output: &Output, checks: &[&str]) {
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let (lines, end) = said.split_once("\n\n").expect("a last line");
    assert_eq!(end, "Everything is as it should be.\n");
    assert!(lines.lines().all(|line| line.starts_with("ok ")), "{said}");
    for check in checks {
        assert!(
            said.contains(&format!("ok    {check}\n")),
            "{check}: {said}"
        );
    }
}

#[tokio::test]
async fn functions_that_work_pass() {
    let portico = Portico::start(Mode::Form).await;
    let functions = [
        "signup",
        "sso-login",
        "service-account-link",
        "procurement-events",
    ];
    let output = smoke(origin(&portico), &functions).await;
    let checks = [
        "signup: health: 200",
        "signup: GET: content-security-policy",
        "signup: a forged token is refused, with Google's keys at hand: 401",
        "sso-login: GET: 303",
        "sso-login: a forged token is refused, with Google's keys at hand: 401",
        "service-account-link: no token: 401",
        "service-account-link: refusal: strict-transport-security",
        "procurement-events: /events: a forged token: 401",
        "procurement-events: /reconcile: no token: 401",
    ];
    assert_well(&output, &checks);
    assert_eq!(portico.simulator.violations(), [""; 0]);
}

#[tokio::test]
async fn a_deployment_is_found_by_terraform_s_outputs() {
    let portico = Portico::start(Mode::Form).await;
    let usage = UsageReport::start(&portico).await;
    let (here, open) = (origin(&portico), "INGRESS_TRAFFIC_ALL");
    let signer = &portico.simulator.settings().hand_off_signer;
    let keys = format!(
        "{}/www.googleapis.com/service_accounts/v1/metadata/x509/{signer}",
        portico.simulator.origin()
    );
    let undeployed = json!({ "deployed": false, "public_url": here, "run_url": here });
    let outputs = json!({
        "functions": { "value": {
            "service-account-link": undeployed,
            "signup": function(here, here, open),
            "usage-report": function(&usage.url, &usage.url, open),
        } },
        "hand_off_keys_url": { "value": keys },
    });
    let output = Outputs::new("deployed", &outputs).smoke().await;
    let checks = [
        "signup: GET: 200",
        "usage-report: health: 200",
        "usage-report: /usage: no token: 401",
        "usage-report: /usage: a forged token: 401",
        "usage-report: /usage: refusal: cache-control",
        "usage-report: /report: no token: 401",
        "usage-report: /report: a forged token: 401",
        "hand-off keys: 200",
        "hand-off keys: there are certificates",
    ];
    assert_well(&output, &checks);
    let notes = text(&output.stderr);
    assert_eq!(notes, "note  service-account-link is not deployed\n");
}

#[tokio::test]
async fn a_way_around_the_load_balancer_is_found() {
    let portico = Portico::start(Mode::Form).await;
    let usage = UsageReport::start(&portico).await;
    let behind = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER";
    let outputs = json!({
        "functions": { "value": { "usage-report": function(&usage.url, &usage.url, behind) } },
        "hand_off_keys_url": { "value": format!("{}/nowhere", usage.url) },
    });
    let output = Outputs::new("around", &outputs).smoke().await;
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    let wrong: Vec<_> = said.lines().filter(|it| it.starts_with("WRONG")).collect();
    let expected = [
        "WRONG usage-report: not reached past its ingress: expected 403 or 404, got 200 ",
        "WRONG usage-report: /report: no token: expected 403 or 404, got 401 ",
        "WRONG usage-report: /report: a forged token: expected 403 or 404, got 401 ",
        "WRONG hand-off keys: expected 200, got 404 ",
        "WRONG hand-off keys: there is no certificate",
    ];
    assert_eq!(wrong, expected);
    let end = "5 not as they should be. See terraform/README.md, Troubleshooting.\n";
    assert!(said.ends_with(end), "{said}");
}

#[tokio::test]
async fn where_nothing_is_deployed_nothing_is_well() {
    let foundation = json!({
        "functions": { "value": { "signup": { "deployed": false } } },
        "hand_off_keys_url": { "value": "https://keys.example.com" },
    });
    for (test, outputs) in [("empty", json!({})), ("foundation", foundation)] {
        let output = Outputs::new(test, &outputs).smoke().await;
        assert_eq!(output.status.code(), Some(1), "{test}");
        let said = text(&output.stderr);
        let expected = "No function is deployed yet: see terraform/README.md, step 7.\n";
        assert!(said.ends_with(expected), "{said}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_found() {
    let portico = Portico::start(Mode::Form).await;
    portico
        .simulator
        .faults()
        .always(Matcher::marketplace_keys(), Fault::status(500));
    let output = smoke(origin(&portico), &["signup", "procurement-events"]).await;
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let found = "WRONG signup: a forged token is refused, with Google's keys at hand: expected 401, got 503";
    assert!(said.contains(found), "{said}");
}

#[tokio::test]
async fn what_is_no_function_fails() {
    let portico = Portico::start(Mode::Form).await;
    let output = smoke(
        &portico.marketplace,
        &["signup", "procurement-events", "checkout"],
    )
    .await;
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for found in [
        "WRONG signup: GET: expected 200, got 404",
        "WRONG procurement-events: /events: no token",
        "WRONG checkout: this script does not know what it should answer",
    ] {
        assert!(said.contains(found), "{said}");
    }
}

#[tokio::test]
async fn it_explains_itself_wherever_it_is_called_from() {
    let explains = "Asks every address of a deployment";
    for (argument, code, begins) in [
        ("--help", 0, explains),
        ("--now", 64, "unknown argument: --now"),
    ] {
        let mut script = Command::new("../scripts/smoke.sh");
        let terraform = concat!(env!("CARGO_MANIFEST_DIR"), "/../../terraform");
        let output = script.arg(argument).current_dir(terraform).output();
        let output = output.await.expect("the script runs");
        assert_eq!(output.status.code(), Some(code));
        let said = text(&output.stdout) + text(&output.stderr).as_str();
        assert!(said.starts_with(begins), "{said}");
        assert!(said.contains("--local URL FUNCTION…"), "{said}");
    }
}
