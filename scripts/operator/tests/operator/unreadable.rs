//! Stored documents that cannot be read: lists go past them and say so, and what rests on them is not decided.

use function_tests::emulator;
use marketplace::EntitlementId;
use serde_json::{Map, json};
use store::{ReportState, UsageReport};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::cloud_project::CloudProject;
use crate::deployment::{Deployment, Ended, assert_has, run};
use crate::ledger_rows::{ago, each, held, hours, id, meter, refused, row};

impl Deployment {
    /// Stores a document that is of its collection only by its place and by these fields.
    pub(crate) async fn put_unreadable(
        &self,
        collection: &str,
        document: &str,
        fields: &[(&str, &str)],
    ) {
        let fields = fields.iter();
        let fields =
            fields.map(|(name, text)| ((*name).to_owned(), json!({ "stringValue": text })));
        let body = json!({ "fields": fields.collect::<Map<_, _>>() }).to_string();
        let project = &self.environment["GOOGLE_CLOUD_PROJECT"];
        let path =
            format!("projects/{project}/databases/(default)/documents/{collection}/{document}");
        let request = format!(
            "PATCH /v1/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer owner\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut connection = TcpStream::connect(emulator::host()).await.expect("open");
        connection
            .write_all(request.as_bytes())
            .await
            .expect("sent");
        let mut answer = BufReader::new(connection).lines();
        let status = answer.next_line().await.expect("an answer");
        assert_eq!(status.as_deref(), Some("HTTP/1.1 200 OK"));
    }
}

/// What a command says of it, although it complains.
fn read(ended: &Ended) -> serde_json::Value {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    serde_json::from_str(&ended.said).expect("JSON")
}

fn order(id: &str) -> EntitlementId {
    EntitlementId::parse(id).expect("an id")
}

#[tokio::test]
async fn usage_is_listed_past_an_unreadable_operation() {
    let deployment = Deployment::with_rows(&[held(1), held(3)]).await;
    let state = [("state", "held")];
    deployment.put_unreadable("reports", &id(2), &state).await;
    let ended = deployment.run(&["usage", "--json"]).await;
    let found = read(&ended);
    assert_eq!(each(&found["held"], "id"), [&json!(id(1)), &json!(id(3))]);
    assert_eq!(found["unreadable_operations"], 1);
    let says = "left out 1 operations of the ledger";
    assert_has(&ended.complained, &[says]);
    // An empty list is none in which all is well.
    let nothing = Deployment::open().await;
    nothing.put_unreadable("reports", &id(2), &state).await;
    let ended = nothing.run(&["usage"]).await;
    assert!(!ended.said.contains("nothing is"), "{}", ended.said);
    assert_has(&ended.complained, &[says]);
}

#[tokio::test]
async fn usage_is_listed_past_an_unreadable_entitlement() {
    let waiting = UsageReport {
        entitlement: order("E-2"),
        consumer: None,
        ..row(1, ReportState::Pending)
    };
    let deployment = Deployment::with_rows(&[waiting, refused(2)]).await;
    deployment.keep(&meter("E-1", ago(hours(50)))).await;
    let state = [("state", "ENTITLEMENT_ACTIVE")];
    deployment
        .put_unreadable("entitlements", "E-2", &state)
        .await;
    let ended = deployment.run(&["usage", "--json"]).await;
    let found = read(&ended);
    assert_eq!(each(&found["open"], "entitlement"), [&json!("E-1")]);
    let why = json!("its entitlement cannot be read");
    assert_eq!(each(&found["pending"], "reason"), [&why]);
    assert_eq!(each(&found["refused"], "id"), [&json!(id(2))]);
    assert_eq!(found["unreadable_entitlements"], 1);
    assert_has(&ended.complained, &["left out 1 stored entitlements"]);
}

#[tokio::test]
async fn usage_is_listed_past_an_unreadable_meter() {
    let deployment = Deployment::with_rows(&[]).await;
    deployment.keep(deployment.entitlement("E-2")).await;
    deployment.keep(&meter("E-2", ago(hours(50)))).await;
    let account = [("account", "account-1")];
    deployment.put_unreadable("meters", "E-1", &account).await;
    let ended = deployment.run(&["usage", "--json"]).await;
    let found = read(&ended);
    assert_eq!(found["metered"], 1);
    assert_eq!(each(&found["open"], "entitlement"), [&json!("E-2")]);
    assert_eq!(found["unreadable_meters"], json!(["E-1"]));
    assert_has(&ended.complained, &["the window of entitlement E-1"]);
}

#[tokio::test]
async fn what_can_be_read_of_what_was_refused_is_retried() {
    let deployment = Deployment::with_rows(&[refused(1)]).await;
    let state = [("state", "refused")];
    deployment.put_unreadable("reports", &id(2), &state).await;
    let retry = ["usage", "retry", "--all-refused", "--yes"];
    let says = ["1 refused operations cannot be read", "content: 1."];
    deployment.done_with(&retry, &says).await;
    let says = "1 refused operations cannot be read, and are left out.\n";
    assert_eq!(deployment.done(&retry).await, says);
}

#[tokio::test]
async fn a_csv_that_leaves_a_row_out_is_said_to_be_incomplete() {
    let rows = [1, 3].map(|number| row(number, ReportState::Reported));
    let deployment = Deployment::with_rows(&rows).await;
    let state = [("state", "reported")];
    deployment.put_unreadable("reports", &id(2), &state).await;
    let environment = deployment.environment_with("SERVICE_NAME", "vendor.example.com");
    let ended = run(&environment, &["usage", "csv"]).await;
    assert_eq!(ended.code, Some(1));
    assert_has(&ended.said, &[&id(1), &id(3)]);
    let says = ["the CSV is not complete", "1 operations of the ledger"];
    assert_has(&ended.complained, &says);
}

#[tokio::test]
async fn the_journal_goes_past_a_line_and_a_text_that_cannot_be_read() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let account = account.as_str();
    let reject = ["reject", "account", account, "--reason", "no", "--yes"];
    deployment.done(&reject).await;
    let line = [("kind", "of a later version")];
    deployment.put_unreadable("journal", "-X", &line).await;
    let text = [("account", account)];
    deployment
        .put_unreadable("journal_texts", "-X", &text)
        .await;
    let ended = deployment.run(&["journal"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_has(&ended.said, &["account-rejected"]);
    assert_has(&ended.complained, &["left out 2 lines of the journal"]);
}

#[tokio::test]
async fn the_journal_of_an_account_says_what_it_leaves_out_and_shows_the_other_texts() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let account = account.as_str();
    let reject = ["reject", "account", account, "--reason", "no", "--yes"];
    deployment.done(&reject).await;
    let of_account = [("account", account)];
    for collection in ["journal", "journal_texts"] {
        deployment
            .put_unreadable(collection, "-X", &of_account)
            .await;
    }
    for command in [&["journal", account][..], &["journal"]] {
        let ended = deployment.run(command).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_has(&ended.said, &["account-rejected", "\n  no\n"]);
        assert_has(&ended.complained, &["left out 2 lines of the journal"]);
    }
    let other = deployment.simulator.create_account();
    let said = deployment.done(&["journal", other.as_str()]).await;
    assert_eq!(said, "Nothing is recorded.\n");
}

#[tokio::test]
async fn the_doctor_finds_what_cannot_be_read_in_each_collection_it_looks_in() {
    let cloud = CloudProject::open().await;
    let deployment = &cloud.deployment;
    deployment.keep(deployment.entitlement("E-1")).await;
    let (row, account) = (id(1), [("account", "account-1")]);
    for (collection, document, fields) in [
        ("accounts", "A-9", [("approval", "of a later version")]),
        ("entitlements", "E-9", account),
        ("journal", "-X", account),
        ("journal_texts", "-X", account),
        ("reports", row.as_str(), [("state", "held")]),
        ("meters", "E-1", account),
        ("outbox", "n-1", account),
    ] {
        deployment
            .put_unreadable(collection, document, &fields)
            .await;
    }
    let found = cloud.examine(&[]).await;
    for says in [
        "1 documents of the collection accounts",
        "1 documents of the collection entitlements",
        "2 documents of the collections journal and journal_texts",
        "1 documents of the collection reports",
        "1 documents of the collection meters",
        "1 documents of the collection outbox",
    ] {
        let mut problems = found.problems.iter();
        let is_named = problems.any(|it| it.starts_with("stored records: ") && it.contains(says));
        assert!(is_named, "{says}: {found:#?}");
    }
}

#[tokio::test]
async fn lists_of_accounts_go_past_one_that_cannot_be_read() {
    let deployment = Deployment::open().await;
    let field = [("approval", "of a later version")];
    deployment.put_unreadable("accounts", "A-9", &field).await;
    for list in [&["waiting"][..], &["absences"], &["erase", "list"]] {
        let ended = deployment.run(list).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_has(&ended.complained, &["left out 1 stored"]);
    }
}
