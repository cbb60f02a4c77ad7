//! `scripts/smoke.sh` against functions that work, and against what is none.

use std::process::Output;

use local::Mode;
use marketplace_simulator::{Fault, Matcher};
use tokio::process::Command;

use crate::journey::Portico;

async fn smoke(url: &str) -> Output {
    Command::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/smoke.sh"
    ))
    .args(["--local", url, "signup", "procurement-events"])
    .output()
    .await
    .expect("the script runs")
}

#[tokio::test]
async fn functions_that_work_pass() {
    let portico = Portico::start(Mode::Form).await;
    let url = portico.signup.strip_suffix("/signup").expect("its path");
    let output = smoke(url).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let (checks, end) = said.split_once("\n\n").expect("a last line");
    assert_eq!(end, "Everything is as it should be.\n");
    assert!(checks.lines().all(|line| line.starts_with("ok ")), "{said}");
    for check in [
        "signup: a forged token is refused, with Google's keys at hand: 401",
        "procurement-events: /reconcile: no token: 401",
    ] {
        assert!(checks.contains(check), "{said}");
    }
    assert_eq!(portico.simulator.violations(), [""; 0]);
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_found() {
    let portico = Portico::start(Mode::Form).await;
    portico
        .simulator
        .faults()
        .always(Matcher::marketplace_keys(), Fault::status(500));
    let url = portico.signup.strip_suffix("/signup").expect("its path");
    let output = smoke(url).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let found = "WRONG signup: a forged token is refused, with Google's keys at hand: expected 401, got 503";
    assert!(said.contains(found), "{said}");
}

#[tokio::test]
async fn what_is_no_function_fails() {
    let portico = Portico::start(Mode::Form).await;
    let output = smoke(&portico.marketplace).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("WRONG signup: GET: expected 200, got 404"),
        "{said}"
    );
    assert!(
        said.contains("WRONG procurement-events: /events: no token"),
        "{said}"
    );
}
