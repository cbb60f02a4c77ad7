//! What Terraform knows of the functions is what they say of themselves.

use std::fs;
use std::path::{Path, PathBuf};

use function_runtime::Variable;
use function_tests::log::Log;
use local::{Options, Policy};
use reqwest::Client;
use serde_json::{Map, Value, json};

use crate::journey::{ONE_CLICK, Portico};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Every function that is deployed, with what its binary declares.
const FUNCTIONS: [(&str, &[Variable]); 5] = [
    ("procurement-events", procurement_events::VARIABLES),
    ("service-account-link", service_account_link::VARIABLES),
    ("signup", signup::VARIABLES),
    ("sso-login", sso_login::VARIABLES),
    ("usage-report", usage_report::VARIABLES),
];

/// What a filter of Terraform's looks for in a log line.
struct Sought {
    /// Such as `errorCode`.
    field: String,
    /// The values that are looked for; none if any value will do.
    texts: Vec<String>,
}

fn read(path: &str) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a name").path()).collect();
    paths.sort();
    paths
}

fn names<'a>(variables: impl Iterator<Item = &'a Variable>) -> Vec<&'static str> {
    let mut names: Vec<_> = variables.map(|variable| variable.name).collect();
    names.sort_unstable();
    names
}

/// As in Terraform's file: the names of what is deployed, in order.
fn declared(variables: &[Variable]) -> Value {
    let deployed = || variables.iter().filter(|variable| variable.deployed);
    json!({
        "plain": names(deployed().filter(|variable| !variable.secret)),
        "secret": names(deployed().filter(|variable| variable.secret)),
    })
}

/// The code of all functions, without their tests.
fn code() -> String {
    let crates = ["functions", "shared"].map(|folder| entries(&Path::new(ROOT).join(folder)));
    let deployed = crates.concat().into_iter().filter(|path| {
        !path.ends_with("local") && !path.ends_with("marketplace-simulator") && path.is_dir()
    });
    deployed.map(|path| code_below(&path.join("src"))).collect()
}

fn code_below(folder: &Path) -> String {
    let read = |path: PathBuf| {
        if path.is_dir() {
            return code_below(&path);
        }
        let text = fs::read_to_string(&path).expect("code is UTF-8");
        let code = text.split("#[cfg(test)]").next();
        code.unwrap_or_default().to_owned()
    };
    entries(folder).into_iter().map(read).collect()
}

/// What the filters of these files look for in the payload of log lines.
fn sought(hcl: &str) -> Vec<Sought> {
    let read = |after: &str| {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric());
        let (field, condition) = after.split_at(end.expect("a filter ends"));
        let condition = condition.lines().next().unwrap_or_default();
        let condition = condition.split(" AND ").next().unwrap_or_default();
        let texts = condition.split("\\\"").skip(1).step_by(2);
        Sought {
            field: field.to_owned(),
            texts: texts.map(ToOwned::to_owned).collect(),
        }
    };
    hcl.split("jsonPayload.").skip(1).map(read).collect()
}

/// `error_code` of `errorCode`, which is how the log's writer makes the one of the other.
fn in_code(field: &str) -> String {
    let written = |c: char| {
        if c.is_ascii_uppercase() {
            return format!("_{}", c.to_ascii_lowercase());
        }
        c.to_string()
    };
    field.chars().map(written).collect()
}

#[test]
fn the_variables_that_each_function_declares_as_deployed_are_those_that_terraform_sets() {
    let declared: Map<_, _> = FUNCTIONS
        .into_iter()
        .map(|(name, variables)| (name.to_owned(), declared(variables)))
        .collect();
    let expected: Value =
        serde_json::from_str(&read("terraform/modules/portico/tests/environment.json"))
            .expect("JSON");
    assert_eq!(Value::from(declared), expected);
}

#[test]
fn every_function_is_compared() {
    let folders = entries(&Path::new(ROOT).join("functions"));
    let functions = folders
        .iter()
        .filter(|path| path.join("Cargo.toml").is_file() && !path.ends_with("local"));
    let names = functions.map(|path| path.file_name().unwrap().to_str().unwrap());
    let names: Vec<_> = names.collect();
    assert_eq!(names, FUNCTIONS.map(|(name, _)| name));
}

/// What Terraform's metrics of this file look for.
fn sought_in(file: &str) -> Vec<Sought> {
    sought(&read(&format!("terraform/modules/portico/{file}")))
}

/// The line of a reconciliation that finds an order waiting for the operator.
async fn line_of_a_reconciliation() -> Value {
    let (log, _capturing) = Log::capture("procurement-events");
    let options = Options {
        policy: Policy::Manual,
        ..ONE_CLICK
    };
    let portico = Portico::start_with(options).await;
    let order = portico.simulator.buy();
    portico.simulator.delivered().await;
    let client = Client::builder().build().expect("a client");
    let token = portico.simulator.token(&order.account, &order.user);
    let signed_up = client
        .post(&portico.signup)
        .form(&[("x-gcp-marketplace-token", token)])
        .send();
    assert_eq!(signed_up.await.expect("it answers").status(), 200);
    let origin = portico.signup.strip_suffix("/signup").expect("its path");
    let scheduler = "scheduler@example-project.iam.gserviceaccount.com";
    let token = portico.simulator.identity_token(scheduler, origin);
    let reconciled = client
        .post(format!("{origin}/reconcile"))
        .bearer_auth(token)
        .send();
    assert_eq!(reconciled.await.expect("it answers").status(), 200);
    let mut lines = log.lines();
    lines.retain(|line| line["message"] == "reconciled");
    lines.pop().expect("it is logged")
}

#[tokio::test]
async fn what_metrics_take_from_the_line_of_a_reconciliation_is_on_it() {
    let line = line_of_a_reconciliation().await;
    let sought = sought_in("waiting.tf");
    let fields: Vec<_> = sought.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["waiting", "oldestWaitingS", "message"]);
    assert_eq!(sought[2].texts, ["reconciled"]);
    assert_eq!(line["waiting"], 1, "{line}");
    assert!(line["oldestWaitingS"].is_u64(), "{line}");
    for Sought { field, .. } in sought_in("reconciled.tf") {
        // While nothing waits to be published, nothing is the oldest.
        let is_said = field == "message" || field == "oldestOutboxS" || line[&field].is_u64();
        assert!(is_said, "{field}: {line}");
    }
}

#[test]
fn what_metrics_look_for_in_log_lines_is_what_functions_write() {
    let mut sought = sought_in("log_metrics.tf");
    sought.extend(sought_in("waiting.tf"));
    sought.extend(sought_in("reconciled.tf"));
    let code = code();
    let mut texts = 0;
    for Sought { field, texts: any } in &sought {
        // The message is no field of its own in the code.
        let written = format!("{} = ", in_code(field));
        assert!(field == "message" || code.contains(&written), "{field}");
        for text in any {
            let written = match text.strip_suffix('$') {
                Some(end) => format!("{end}\""),
                None => format!("\"{text}\""),
            };
            assert!(code.contains(&written), "{field} is never {text}");
            texts += 1;
        }
    }
    // Fewer would mean that this test no longer understands the filters.
    assert!(
        sought.len() >= 18 && texts >= 16,
        "{} {texts}",
        sought.len()
    );
}

#[test]
fn what_alerts_wait_for_is_an_outcome_of_a_function() {
    let alerts = read("terraform/modules/portico/alerts.tf");
    let outcomes: Vec<_> = alerts
        .split("outcome=\\\"")
        .skip(1)
        .filter_map(|after| after.split("\\\"").next())
        .collect();
    assert_eq!(outcomes, ["reconciled"]);
    let code = code();
    assert!(
        outcomes
            .iter()
            .all(|outcome| code.contains(&format!("\"{outcome}\"")))
    );
}
