//! Everything that is stored, taken along.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use store::{Account, Approval, Commit, JournalEntry, JournalKind, ReportState};

use crate::deployment::{Deployment, Ended, assert_has, soon};
use crate::importing::{Csv, account};
use crate::ledger_rows::{ago, hours, row, used};

/// More than are read at once.
const MANY: usize = 201;

/// The kinds of lines of a customer who has used something.
const KINDS: [&str; 7] = [
    "account",
    "journal",
    "journal-text",
    "link",
    "operation",
    "order",
    "usage",
];

/// A deployment with a customer of whom there is a record of each kind, and one of whom there is only an account.
async fn with_customers() -> Deployment {
    let deployment = Deployment::with_rows(&[row(1, ReportState::Reported)]).await;
    for id in ["account-1", "account-2"] {
        deployment.put(&account(id), Approval::Approved, None).await;
    }
    deployment.keep(&used("E-1", ago(hours(3)))).await;
    deployment.keep(&used("E-2", ago(hours(3)))).await;
    let file = Csv::of("account,user,name\naccount-1,1,Ada\n");
    let import = ["import", "links", file.path(), "--yes"];
    deployment.done(&import).await;
    let line =
        JournalEntry::of_account(&account("account-1"), JournalKind::EraseHeld, ago(hours(1)));
    let commit = line.add_to(Commit::new(), Some("a lawsuit"));
    deployment
        .store
        .commit(commit, soon())
        .await
        .expect("stored");
    deployment
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON lines")
}

fn kinds(lines: &[Value]) -> BTreeSet<&str> {
    let kinds = lines.iter().map(|line| line["record"].as_str());
    kinds.map(|kind| kind.expect("a kind")).collect()
}

fn of_kind<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    let lines = lines.iter();
    lines.filter(|line| line["record"] == kind).collect()
}

#[tokio::test]
async fn everything_of_one_account_is_written_and_nothing_of_another() {
    let deployment = with_customers().await;
    let found = lines(&deployment.done(&["export", "account-1"]).await);
    assert_eq!(kinds(&found), BTreeSet::from(KINDS));
    for line in &found {
        assert!(!line.to_string().contains("account-2"), "{line}");
        assert_ne!(line["entitlement"], "E-2");
    }
    let link = of_kind(&found, "link")[0];
    assert_eq!(link["user"], "1");
    assert_eq!(link["profile"], json!({ "name": "Ada" }));
    let order = of_kind(&found, "order")[0];
    assert_eq!(order["state"], "ENTITLEMENT_ACTIVE");
    assert_eq!(order["offer"], Value::Null);
    let text = of_kind(&found, "journal-text")[0];
    assert_eq!(text["text"], "a lawsuit");
    let journal = of_kind(&found, "journal");
    assert!(journal.iter().any(|line| line["id"] == text["id"]));
    assert_eq!(of_kind(&found, "operation")[0]["value"], 1);
    assert_eq!(of_kind(&found, "usage")[0]["quantity"], 1);
}

#[tokio::test]
async fn every_member_is_in_the_readme() {
    let deployment = with_customers().await;
    let found = lines(&deployment.done(&["export"]).await);
    assert_eq!(kinds(&found), BTreeSet::from(KINDS));
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("## Moving out").expect("a section");
    let (section, _) = section.split_once("\n## ").expect("another section");
    for line in &found {
        let kind = line["record"].as_str().expect("a kind");
        let row = format!("\n| `{kind}` | ");
        let (_, row) = section.split_once(&row).expect(kind);
        let row = row.lines().next().expect("a row");
        for member in line.as_object().expect("an object").keys() {
            let is_named = member == "record" || row.contains(&format!("`{member}`"));
            assert!(is_named, "{member} of {kind}");
        }
    }
}

#[tokio::test]
async fn all_accounts_are_written() {
    let deployment = with_customers().await;
    let accounts = (0..MANY).map(|number| {
        let id = account(&format!("B-{number}"));
        Account::new(&id, Approval::Approved, ago(hours(1)))
    });
    let commit = accounts.fold(Commit::new(), Commit::create);
    deployment
        .store
        .commit(commit, soon())
        .await
        .expect("stored");
    let found = lines(&deployment.done(&["export"]).await);
    let ids = of_kind(&found, "account").into_iter();
    let ids: BTreeSet<_> = ids.map(|line| line["account"].to_string()).collect();
    assert_eq!(ids.len(), MANY + 2);
    assert_eq!(of_kind(&found, "usage").len(), 2);
}

#[tokio::test]
async fn an_export_goes_past_what_cannot_be_read_and_says_so() {
    let deployment = with_customers().await;
    let field = [("account", "account-1")];
    for (collection, id) in [
        ("accounts", "account-9"),
        ("links", "account-1:9"),
        ("entitlements", "E-9"),
    ] {
        deployment.put_unreadable(collection, id, &field).await;
    }
    let check = |ended: Ended, collections: &[&str]| {
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(kinds(&lines(&ended.said)), BTreeSet::from(KINDS));
        for collection in collections {
            let says = format!(
                "left out 1 documents, which cannot be read: look in the collection `{collection}`"
            );
            assert_has(&ended.complained, &[&says]);
        }
        let count = collections.len();
        let says = format!("the export is not complete: {count} stored documents cannot be read");
        assert_has(&ended.complained, &[&says]);
    };
    let ended = deployment.run(&["export"]).await;
    check(ended, &["accounts", "links", "entitlements"]);
    let ended = deployment.run(&["export", "account-1"]).await;
    check(ended, &["links", "entitlements"]);
}

#[tokio::test]
async fn an_account_that_cannot_be_read_is_exported_without_it() {
    let deployment = Deployment::open().await;
    let field = [("approval", "of a later version")];
    deployment.put_unreadable("accounts", "A-9", &field).await;
    let ended = deployment.run(&["export", "A-9"]).await;
    assert_eq!((ended.code, ended.said.as_str()), (Some(1), ""));
    assert_has(&ended.complained, &["`accounts`"]);
}

#[tokio::test]
async fn of_an_unknown_account_there_is_nothing_to_export() {
    let deployment = with_customers().await;
    let export = ["export", "account-3"];
    let says = "nothing is stored of account account-3";
    deployment.refused_with(&export, says).await;
}

/// A file for the import.
fn as_csv(rows: impl Iterator<Item = [String; 5]>) -> Csv {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["account", "user", "company", "name", "email"];
    writer.write_record(head).expect("written");
    for row in rows {
        writer.write_record(row).expect("written");
    }
    let written = writer.into_inner().expect("written");
    Csv::of(&String::from_utf8(written).expect("text"))
}

fn cells(link: &Value) -> [String; 5] {
    let profile = &link["profile"];
    let cells = [
        &link["account"],
        &link["user"],
        &profile["company"],
        &profile["name"],
        &profile["email"],
    ];
    cells.map(|cell| cell.as_str().unwrap_or_default().to_owned())
}

/// The links of the lines, and the accounts' companies.
fn customers(lines: &[Value]) -> Vec<Value> {
    let linked = of_kind(lines, "link").into_iter();
    let linked = linked.map(|it| json!([it["account"], it["user"], it["profile"]]));
    let accounts = of_kind(lines, "account").into_iter();
    let accounts = accounts.map(|it| json!([it["account"], it["company"]]));
    linked.chain(accounts).collect()
}

#[tokio::test]
async fn what_is_exported_is_imported_elsewhere() {
    let ids: Vec<_> = (0..MANY).map(|number| format!("A-{number}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let before = Deployment::with_accounts_from_before(&ids).await;
    let rows = ids.iter().enumerate().map(|(number, id)| {
        [
            (*id).to_owned(),
            number.to_string(),
            format!("Example, No. {number}"),
            format!("Ada \"{number}\""),
            format!("ada{number}@example.com"),
        ]
    });
    let file = as_csv(rows);
    let import = ["import", "links", file.path(), "--yes"];
    before.done(&import).await;
    let exported = lines(&before.done(&["export"]).await);
    assert_eq!(of_kind(&exported, "link").len(), MANY);

    let after = Deployment::with_accounts_from_before(&ids).await;
    let file = as_csv(of_kind(&exported, "link").into_iter().map(cells));
    let import = ["import", "links", file.path(), "--yes"];
    after.done(&import).await;
    let imported = lines(&after.done(&["export"]).await);
    assert_eq!(customers(&imported), customers(&exported));
}
