//! Users whom another integration has linked.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use marketplace::{ProcurementAccountId, ProviderId, UserIdentity};
use store::{Account, Approval, Closed, ClosedBecause, Link};

use crate::deployment::{ACTOR, Deployment, assert_has, soon};
use crate::ledger_rows::{ago, hours};

/// A file that is removed with it.
pub(crate) struct Csv(PathBuf);

impl Csv {
    pub(crate) fn of(content: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("portico-links-{}-{number}.csv", process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, content).expect("written");
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().expect("text")
    }
}

impl Drop for Csv {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.0);
    }
}

pub(crate) fn account(text: &str) -> ProcurementAccountId {
    ProcurementAccountId::parse(text).expect("an id")
}

fn user(text: &str) -> UserIdentity {
    UserIdentity::parse(text).expect("an id")
}

fn profile(details: &[(&str, &str)]) -> BTreeMap<String, String> {
    let details = details.iter();
    let details = details.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    details.collect()
}

impl Deployment {
    /// A deployment with these approved accounts, as reconciliation brings them in.
    pub(crate) async fn with_accounts_from_before(ids: &[&str]) -> Self {
        let deployment = Self::open().await;
        for id in ids {
            deployment.put(&account(id), Approval::Approved, None).await;
        }
        deployment
    }

    /// What the command says of a file, which must be imported.
    async fn imports(&self, content: &str) -> String {
        let file = Csv::of(content);
        let import = ["import", "links", file.path(), "--yes"];
        self.done(&import).await
    }

    /// What it complains of a file, of which nothing may be imported.
    async fn refuses(&self, content: &str, reason: &str) -> String {
        let file = Csv::of(content);
        let import = ["import", "links", file.path(), "--yes"];
        self.refused_with(&import, reason).await
    }

    pub(crate) async fn linked(&self, id: &str) -> Vec<Link> {
        let links = self.store.links_of(&account(id), soon()).await;
        let links = links.expect("read").into_iter();
        links.map(|stored| stored.record).collect()
    }
}

const FILE: &str = "account,user,company,name,email\n\
                    A-1,1,Example Ltd,Ada,ada@example.com\n\
                    A-1,2,Example Ltd,Bob,\n\
                    A-2,1,Other Ltd,Ada,ada@example.com\n";

#[tokio::test]
async fn users_are_linked_to_their_accounts() {
    let deployment = Deployment::with_accounts_from_before(&["A-1", "A-3"]).await;
    let known = Some("Known Ltd");
    deployment
        .put(&account("A-2"), Approval::Approved, known)
        .await;
    let said = deployment.imports(FILE).await;
    let says = ["This links 3 users to 2 accounts.", "3 users were linked."];
    assert_has(&said, &says);
    let links = deployment.linked("A-1").await;
    let users: Vec<_> = links.iter().map(|link| link.user.as_str()).collect();
    assert_eq!(users, ["1", "2"]);
    let details = [
        ("company", "Example Ltd"),
        ("name", "Ada"),
        ("email", "ada@example.com"),
    ];
    assert_eq!(links[0].profile, profile(&details));
    let details = [("company", "Example Ltd"), ("name", "Bob")];
    assert_eq!(links[1].profile, profile(&details));
    assert!(links[0].roles.is_empty() && links[0].orders.is_empty());
    for (id, company) in [("A-1", Some("Example Ltd")), ("A-2", known), ("A-3", None)] {
        let stored = deployment.stored(&account(id)).await.unwrap();
        assert_eq!(stored.company.as_deref(), company);
        assert_eq!(stored.approval, Approval::Approved);
    }
    let line = format!("links-imported  account A-1  links=2  by {ACTOR}\n");
    assert_has(&deployment.journal().await, &[&line]);
    // Once more.
    let said = deployment.imports(FILE).await;
    assert_eq!(said, "3 users are linked already.\n");
    assert_eq!(deployment.linked("A-1").await, links);
}

#[tokio::test]
async fn what_a_spreadsheet_writes_is_imported() {
    let deployment = Deployment::with_accounts_from_before(&["A-1"]).await;
    let file = "\u{feff}Account,User,Name\r\nA-1,1,\"Keller, Ada\"\r\n,,\r\n\r\n";
    deployment.imports(file).await;
    let links = deployment.linked("A-1").await;
    assert_eq!(links[0].profile, profile(&[("name", "Keller, Ada")]));
}

#[tokio::test]
async fn one_bad_line_and_nothing_is_imported_and_all_are_named() {
    let deployment = Deployment::with_accounts_from_before(&["A-1"]).await;
    let at = ago(hours(1));
    let because = ClosedBecause::Deleted;
    let closed = Account {
        closed: Some(Closed { at, because }),
        ..Account::new(&account("A-2"), Approval::Approved, at)
    };
    let set_aside = Account {
        provider: ProviderId::parse("vendor-before").ok(),
        ..Account::new(&account("A-3"), Approval::Approved, at)
    };
    deployment.put_record(&closed).await;
    deployment.put_record(&set_aside).await;
    let file = "account,user,company,name,email\n\
                A-1,1,Example Ltd,Ada,ada@example.com\n\
                A-2,1,,,\n\
                A-3,1,,,\n\
                A-4,1,,,\n\
                A-1,1,,,\n\
                A-1,2,,,ada\n\
                A-1,3,=HYPERLINK(\"x\"),,\n\
                A-1,1.08438E+20,,,\n\
                A-1,4\n";
    let complained = deployment
        .refuses(file, "no line of the file was imported")
        .await;
    let problems = [
        "  line 3: account A-2 is closed\n",
        "  line 4: account A-3 belongs to another provider\n",
        "  line 5: account A-4 is not stored",
        "  line 6: names a user of account A-1 whom a line before has named\n",
        "  line 7: email is no e-mail address",
        "  line 8: company begins as a formula",
        "  line 9: user is a number that a spreadsheet has rounded",
        "  line 10: has 2 cells",
    ];
    assert_has(&complained, &problems);
    assert!(!complained.contains("line 2:"), "{complained}");
    assert_eq!(deployment.linked("A-1").await, []);
    assert_eq!(deployment.journal().await, "Nothing is recorded.\n");
}

#[tokio::test]
async fn a_file_with_other_columns_is_refused() {
    let deployment = Deployment::with_accounts_from_before(&["A-1"]).await;
    for file in ["", "A-1,1\n", "account;user\nA-1;1\n"] {
        deployment
            .refuses(file, "line 1: must name the columns")
            .await;
    }
    let said = deployment.imports("account,user\n").await;
    assert_eq!(said, "The file names no user.\n");
}

#[tokio::test]
async fn a_link_that_is_there_stays_as_it_is_and_its_line_is_named() {
    let deployment = Deployment::with_accounts_from_before(&["A-1", "A-2"]).await;
    let seen = ago(hours(1));
    let link = Link {
        account: account("A-1"),
        user: user("1"),
        profile: profile(&[("name", "Ada Lovelace")]),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: seen,
        last_seen: seen,
    };
    deployment.put_record(&link).await;
    let said = deployment.imports(FILE).await;
    let says = [
        "Line 2: this user is linked already, with other details.",
        "This links 2 users to 2 accounts.",
    ];
    assert_has(&said, &says);
    assert_eq!(deployment.linked("A-1").await[0], link);
}

#[tokio::test]
async fn an_account_that_is_closed_before_the_answer_gets_no_links() {
    let deployment = Deployment::with_accounts_from_before(&["A-1", "A-2"]).await;
    let at = ago(hours(1));
    let because = ClosedBecause::Deleted;
    let closed = Account {
        closed: Some(Closed { at, because }),
        ..Account::new(&account("A-1"), Approval::Approved, at)
    };
    let file = Csv::of(FILE);
    let import = ["import", "links", file.path()];
    let closing = deployment.put_record(&closed);
    let (code, read) = deployment.meanwhile(closing, &import).await;
    assert_eq!(code, Some(1), "{read}");
    assert_has(&read, &["account A-1 was closed meanwhile"]);
    assert_eq!(deployment.linked("A-1").await, []);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_said_to_be_so() {
    let deployment = Deployment::open().await;
    let import = ["import", "links", "/nowhere/links.csv", "--yes"];
    let complained = deployment.run(&import).await.failed(64);
    assert_has(&complained, &["the file could not be read", "No such file"]);
}
