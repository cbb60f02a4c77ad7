//! The ledger as CSV.

use std::process::Stdio;

use jiff::SignedDuration;
use marketplace::EntitlementId;
use metering::Quantity;
use store::{ReportState, UsageReport};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::deployment::{Deployment, Ended, Environment, assert_has, run};
use crate::ledger_rows::{held, id, refused, row};

const HEADER: &str = "time,operation_id,start,end,consumer,metric,value\r\n";

async fn csv(deployment: &Deployment, arguments: &[&str]) -> Ended {
    let mut environment = deployment.environment_with("SERVICE_NAME", "vendor.example.com");
    environment.remove("PROCUREMENT_PROVIDER");
    run(&environment, &[&["usage", "csv"], arguments].concat()).await
}

/// What a CSV has in it, without its header.
fn parsed(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes());
    let records = reader.records().map(|record| record.expect("a record"));
    let rows = records.map(|record| record.iter().map(str::to_owned).collect());
    rows.skip(1).collect()
}

fn reported(number: u32) -> UsageReport {
    UsageReport {
        updated: row(number, ReportState::Reported).end + SignedDuration::from_micros(300_000_001),
        ..row(number, ReportState::Reported)
    }
}

/// The ids of the operations in a CSV.
async fn ids(deployment: &Deployment, arguments: &[&str]) -> Vec<String> {
    let cells = parsed(&csv(deployment, arguments).await.done());
    cells.into_iter().map(|mut it| it.remove(1)).collect()
}

#[tokio::test]
async fn what_was_reported_is_written_in_google_s_columns() {
    let fraction = UsageReport {
        value: Some(Quantity::Double(0.1)),
        ..reported(2)
    };
    // Nothing that Google sends, but nothing that it promises not to send either.
    let strange = UsageReport {
        consumer: Some("=HYPERLINK(\"http://a,b\")".to_owned()),
        value: Some(Quantity::Int64(i64::MAX)),
        ..reported(3)
    };
    let rows = [
        reported(1),
        fraction,
        strange,
        refused(4),
        held(5),
        row(6, ReportState::Pending),
    ];
    let deployment = Deployment::with_rows(&rows).await;
    let said = csv(&deployment, &[]).await.done();
    let expected = [
        HEADER,
        "2026-03-01T02:05:00.000001Z,00000000-0000-5000-8000-000000000001,2026-03-01T01:00:00Z,\
         2026-03-01T02:00:00Z,project_number:111,vendor.example.com/requests,1\r\n",
        "2026-03-01T03:05:00.000001Z,00000000-0000-5000-8000-000000000002,2026-03-01T02:00:00Z,\
         2026-03-01T03:00:00Z,project_number:111,vendor.example.com/requests,0.1\r\n",
        "2026-03-01T04:05:00.000001Z,00000000-0000-5000-8000-000000000003,2026-03-01T03:00:00Z,\
         2026-03-01T04:00:00Z,\"'=HYPERLINK(\"\"http://a,b\"\")\",vendor.example.com/requests,\
         9223372036854775807\r\n",
    ];
    assert_eq!(said, expected.concat());
    let cells = parsed(&said);
    assert_eq!(cells.len(), 3);
    assert_eq!(cells[2][4], "'=HYPERLINK(\"http://a,b\")");
    let read: Vec<_> = cells.iter().map(|it| it[6].as_str()).collect();
    assert_eq!(read, ["1", "0.1", "9223372036854775807"]);
}

#[tokio::test]
async fn a_cell_shows_all_that_it_has_and_is_no_formula() {
    let of = |number, consumer: &str| UsageReport {
        consumer: Some(consumer.to_owned()),
        ..reported(number)
    };
    let rows = [
        of(1, "\u{feff}=1+1"),
        of(2, "\t\u{202e}@SUM(A1)"),
        of(3, "\r\n＝1+1"),
        of(4, "project\u{202e}_number:\u{3164}1\u{a0}\n2\u{1b}"),
    ];
    let deployment = Deployment::with_rows(&rows).await;
    let cells = parsed(&csv(&deployment, &[]).await.done());
    let consumers: Vec<_> = cells.iter().map(|it| it[4].as_str()).collect();
    assert_eq!(
        consumers,
        ["'=1+1", "'@SUM(A1)", "'＝1+1", "project_number:1 2"]
    );
}

#[tokio::test]
async fn rows_are_chosen_by_window_entitlement_and_state() {
    let other = UsageReport {
        entitlement: EntitlementId::parse("E-2").unwrap(),
        ..reported(2)
    };
    let overflow = UsageReport {
        value: None,
        consumer: None,
        ..held(5)
    };
    let rows = [reported(1), other, reported(3), refused(4), overflow];
    let deployment = Deployment::with_rows(&rows).await;
    deployment.keep(deployment.entitlement("E-2")).await;
    let (second, third) = ("2026-03-01T02:00:00Z", "2026-02-28T19:00:00-08:00");
    assert_eq!(ids(&deployment, &["--until", second]).await, [id(1)]);
    let between = ["--from", second, "--until", third];
    assert_eq!(ids(&deployment, &between).await, [id(2)]);
    assert_eq!(ids(&deployment, &["--from", third]).await, [id(3)]);
    let of_one = ["--entitlement", "E-1"];
    assert_eq!(ids(&deployment, &of_one).await, [id(1), id(3)]);
    assert_eq!(ids(&deployment, &["--state", "refused"]).await, [id(4)]);
    let pending = csv(&deployment, &["--state", "pending"]).await;
    assert_eq!(pending.said, HEADER);
    let held = csv(&deployment, &["--state", "held"]).await.said;
    let end = ",,vendor.example.com/requests,\r\n";
    assert!(held.ends_with(end), "{held}");
}

#[tokio::test]
async fn a_ledger_of_many_pages_is_written_whole() {
    let deployment = Deployment::with_rows(&[]).await;
    deployment.keep_hundreds(7, reported).await;
    let all: Vec<_> = (0..700).map(id).collect();
    assert_eq!(ids(&deployment, &[]).await, all);
}

#[tokio::test]
async fn a_reader_that_stops_is_no_problem() {
    let deployment = Deployment::with_rows(&[]).await;
    // More than a pipe holds.
    deployment.keep_hundreds(8, reported).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_operator"));
    command.args(["usage", "csv"]).envs(&deployment.environment);
    command.env("SERVICE_NAME", "vendor.example.com");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap();
    assert_eq!(first.as_deref(), Some(HEADER.trim_end()));
    drop(lines);
    let ended = child.wait_with_output().await.unwrap();
    assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
}

#[tokio::test]
async fn the_service_s_name_is_needed_for_nothing_else() {
    let deployment = Deployment::with_rows(&[]).await;
    let complained = deployment.run(&["usage", "csv"]).await.failed(64);
    let needed = "SERVICE_NAME is not set: it is needed when `operator usage csv` names metrics";
    assert_has(&complained, &[needed]);
    let ended = run(&Environment::new(), &["usage", "csv"]).await;
    assert_eq!(ended.complained.lines().count(), 3, "{}", ended.complained);
    let environment = deployment.environment_with("SERVICE_NAME", "Not a name");
    assert_eq!(run(&environment, &["usage", "csv"]).await.code, Some(64));
    assert_eq!(run(&environment, &["usage"]).await.code, Some(0));
}

#[tokio::test]
async fn a_row_of_a_product_without_a_service_is_not_named_after_another_s() {
    let deployment = Deployment::with_rows(&[reported(1)]).await;
    let product = deployment.product();
    for (products, services) in [
        (format!("{product},other"), "other=other.example.com"),
        (format!("other,{product}"), "other=vendor.example.com"),
    ] {
        let mut environment = deployment.environment_with("SERVICE_NAME", services);
        environment.insert("PRODUCTS".to_owned(), products);
        let ended = run(&environment, &["usage", "csv"]).await;
        assert_ne!(ended.code, Some(0));
        assert!(!ended.said.contains("/requests"), "{}", ended.said);
        let parts = [
            "for which SERVICE_NAME names no service",
            "the CSV is not complete",
        ];
        assert_has(&ended.complained, &parts);
    }
}

#[tokio::test]
async fn with_several_products_each_service_says_whose_it_is() {
    let deployment = Deployment::with_rows(&[]).await;
    for (services, reason) in [
        ("vendor.example.com", "must be `product=service` pairs"),
        (
            "third=third.example.com",
            "names a product that is not in PRODUCTS",
        ),
    ] {
        let mut environment = deployment.environment_with("SERVICE_NAME", services);
        environment.insert("PRODUCTS".to_owned(), "one,other".to_owned());
        let ended = run(&environment, &["usage", "csv"]).await;
        assert_eq!(ended.code, Some(64));
        assert_has(&ended.complained, &[reason]);
    }
}
