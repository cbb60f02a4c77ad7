//! The present state, published again.

use marketplace::{ProcurementAccountId, ProviderId};
use serde_json::json;
use store::{Account, Approval, Closed, ClosedBecause, Meter};

use crate::deployment::{ACTOR, Deployment, assert_has, soon};
use crate::ledger_rows::{ago, hours, meter};

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
async fn all_accounts_of_the_provider_are_announced_and_no_others() {
    let deployment = with_accounts().await;
    let says = ["all 3 accounts", "The state of 3 accounts is on its way"];
    deployment.done_with(&["announce", "--yes"], &says).await;
    let mut news = deployment.news().await;
    news.sort();
    let state = "portico.account.state";
    assert_eq!(news, ["portico.account.deleted", state, state]);
    for (account, problem) in [
        ("A-4", "belongs to another provider"),
        ("A-5", "is not stored"),
    ] {
        let announce = ["announce", account, "--yes"];
        deployment.refused_with(&announce, problem).await;
    }
}

#[tokio::test]
async fn an_account_with_something_that_cannot_be_read_does_not_stop_the_others_and_is_named() {
    let deployment = with_accounts().await;
    let fields = [("account", "A-1")];
    deployment
        .put_unreadable("entitlements", "E-1", &fields)
        .await;
    let says = [
        "The state of 2 accounts is on its way",
        "something of theirs cannot be read: A-1.",
    ];
    deployment.done_with(&["announce", "--yes"], &says).await;
    assert_eq!(deployment.news().await.len(), 2);
}

#[tokio::test]
async fn an_erased_account_is_told_to_be_erased_again() {
    let deployment = with_accounts().await;
    deployment.done(&["announce", "A-3", "--yes"]).await;
    assert_eq!(deployment.news().await, ["portico.account.deleted"]);
}

#[tokio::test]
async fn of_a_closed_account_the_state_is_announced() {
    let deployment = with_accounts().await;
    let at = ago(hours(1));
    let closed = Account {
        closed: Some(Closed {
            at,
            because: ClosedBecause::Absent,
        }),
        ..Account::new(&id("A-1"), Approval::None, at)
    };
    deployment.put_record(&closed).await;
    deployment.done(&["announce", "A-1", "--yes"]).await;
    let entries = deployment.store.outbox_batch(100, soon()).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|it| (it.record.kind.as_str(), &it.record.data["access"]))
        .collect();
    assert_eq!(told, [("portico.account.state", &json!("ended"))]);
}

#[tokio::test]
async fn an_order_that_is_stopped_is_stopped_again() {
    let deployment = with_accounts().await;
    deployment
        .put(&id("account-1"), Approval::Approved, None)
        .await;
    for (order, reason) in [("E-1", Some("BILLING_DISABLED")), ("E-2", None)] {
        deployment.keep(&deployment.entitlement(order)).await;
        let stopped = Meter {
            stopped: Some(ago(hours(9))),
            stop_reason: reason.map(str::to_owned),
            ..meter(order, ago(hours(1)))
        };
        deployment.keep(&stopped).await;
    }
    let said = deployment.done(&["announce", "account-1", "--yes"]).await;
    assert_has(&said, &["Google cannot bill order E-2", "is not repeated"]);
    assert!(!said.contains("order E-1"), "{said}");
    let mut entries = deployment.store.outbox_batch(100, soon()).await.unwrap();
    entries.sort_by(|a, b| a.record.sequence.cmp(&b.record.sequence));
    let kinds: Vec<_> = entries.iter().map(|it| it.record.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["portico.account.state", "portico.usage.stop-serving"]
    );
    let stop = &entries[1].record.data;
    assert_eq!(stop["entitlement"], "E-1");
    assert_eq!(stop["reason"], "BILLING_DISABLED");
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
