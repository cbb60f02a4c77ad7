//! The present state, published again.

use marketplace::{ProcurementAccountId, ProviderId};
use store::{Account, Approval};

use crate::deployment::{ACTOR, Deployment, assert_has};
use crate::ledger_rows::{ago, hours};

const TOPIC: &str = "projects/example-project/topics/marketplace-changes";

fn id(text: &str) -> ProcurementAccountId {
    ProcurementAccountId::parse(text).unwrap()
}

/// A deployment that knows its topic, with two open accounts, an erased one and one of another provider.
async fn with_accounts() -> Deployment {
    let mut deployment = Deployment::open().await;
    let topic = ("EVENTS_TOPIC".to_owned(), TOPIC.to_owned());
    deployment.environment.extend([topic]);
    for account in ["A-1", "A-2"] {
        deployment.put(&id(account), Approval::Approved, None).await;
    }
    let at = ago(hours(1));
    let erased = Account {
        erased: Some(at),
        ..Account::new(&id("A-3"), Approval::None, at)
    };
    deployment.put_record(&erased).await;
    let foreign = Account {
        provider: ProviderId::parse("vendor-before").ok(),
        ..Account::new(&id("A-4"), Approval::Approved, at)
    };
    deployment.put_record(&foreign).await;
    deployment
}

#[tokio::test]
async fn one_account_is_announced() {
    let deployment = with_accounts().await;
    let says = ["account A-1 again", "with their next request"];
    deployment
        .done_with(&["announce", "A-1", "--yes"], &says)
        .await;
    assert_eq!(deployment.news().await, ["portico.account.state"]);
    let line = format!("announced  account A-1  by {ACTOR}\n");
    assert_has(&deployment.journal().await, &[&line]);
}

#[tokio::test]
async fn all_open_accounts_are_announced_and_no_others() {
    let deployment = with_accounts().await;
    let says = [
        "all 2 open accounts",
        "The state of 2 accounts is on its way",
    ];
    deployment.done_with(&["announce", "--yes"], &says).await;
    assert_eq!(deployment.news().await.len(), 2);
    for (account, problem) in [
        ("A-3", "is closed"),
        ("A-4", "belongs to another provider"),
        ("A-5", "is not stored"),
    ] {
        let announce = ["announce", account, "--yes"];
        deployment.refused_with(&announce, problem).await;
    }
}

#[tokio::test]
async fn without_a_topic_nothing_is_announced() {
    let deployment = Deployment::open().await;
    deployment.put(&id("A-1"), Approval::Approved, None).await;
    let announce = ["announce", "--yes"];
    deployment
        .refused_with(&announce, "EVENTS_TOPIC is not set")
        .await;
    assert_eq!(deployment.news().await, Vec::<String>::new());
}
