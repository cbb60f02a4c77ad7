//! What Google does not find, and an operator's word about it.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId};
use serde_json::Value;
use store::{Absence, Account, Approval, Entitlement};

use crate::deployment::{Deployment, assert_has, soon};
use crate::ledger_rows::{ago, hours};

fn id(text: &str) -> ProcurementAccountId {
    ProcurementAccountId::parse(text).unwrap()
}

fn absent_since(since: Timestamp) -> Absence {
    Absence {
        since,
        accepted: None,
    }
}

/// An account that Google does not find.
fn absent(account: &str, since: Timestamp) -> Account {
    Account {
        absent: Some(absent_since(since)),
        ..Account::new(&id(account), Approval::Approved, since)
    }
}

async fn accepted(deployment: &Deployment, account: &str) -> bool {
    let stored = deployment.stored(&id(account)).await.expect("stored");
    stored.absent.expect("absent").accepted.is_some()
}

#[tokio::test]
async fn what_is_absent_is_listed_with_the_figures() {
    let deployment = Deployment::open().await;
    let since = ago(hours(2));
    deployment.put_record(&absent("A-1", since)).await;
    for account in ["A-2", "A-3"] {
        deployment.put(&id(account), Approval::Approved, None).await;
    }
    let said = deployment.done(&["absences", "--json"]).await;
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["resources"][0]["account"], "A-1");
    assert_eq!(found["resources"][0]["since"], since.to_string());
    assert!(found["resources"][0]["confirmed_by_itself_from"].is_string());
    assert_eq!(found["stock"]["live_accounts"], 3);
    assert_eq!(found["stock"]["absent_accounts"], 1);
    assert_eq!(found["stock"]["holds_back"], false);
    let figures = "Of 3 accounts that are live, 1 are absent";
    deployment.done_with(&["absences"], &["A-1", figures]).await;
}

#[tokio::test]
async fn too_many_wait_for_an_operator_who_accepts_the_shown_ones() {
    let deployment = Deployment::open().await;
    let since = ago(hours(2));
    for account in ["A-1", "A-2"] {
        deployment.put_record(&absent(account, since)).await;
    }
    let says = ["waits for you", "too many to be believed"];
    deployment.done_with(&["absences"], &says).await;
    let accept = ["absences", "accept", "--all-shown", "--yes"];
    let says = [
        "account A-1, absent since",
        "The absence of account A-2 is accepted.",
    ];
    deployment.done_with(&accept, &says).await;
    assert!(accepted(&deployment, "A-1").await && accepted(&deployment, "A-2").await);
    assert_has(
        &deployment.journal().await,
        &["absence-accepted  account A-1"],
    );
    deployment
        .done_with(&accept, &["is accepted already"])
        .await;
}

#[tokio::test]
async fn an_order_is_accepted_by_its_id_and_alone() {
    let deployment = Deployment::open().await;
    let since = ago(hours(2));
    deployment.put_record(&absent("A-1", since)).await;
    let order = EntitlementId::parse("E-1").unwrap();
    let product = ProductId::parse("example-product").unwrap();
    let state = EntitlementState::Active;
    let record = Entitlement {
        absent: Some(absent_since(since)),
        ..Entitlement::new(&order, &id("A-1"), &product, &state, since)
    };
    deployment.put_record(&record).await;
    deployment
        .done(&["absences", "accept", "E-1", "--yes"])
        .await;
    let stored = deployment.store.entitlement(&order, soon()).await.unwrap();
    assert!(stored.unwrap().record.absent.unwrap().accepted.is_some());
    assert!(!accepted(&deployment, "A-1").await);
}

#[tokio::test]
async fn what_has_changed_since_it_was_shown_is_left_alone() {
    let deployment = Deployment::open().await;
    let (since, now) = (ago(hours(2)), ago(hours(1)));
    deployment.put_record(&absent("A-1", since)).await;
    let changed = deployment.put_record(absent("A-1", now));
    let accept = ["absences", "accept", "--all-shown"];
    let (code, read) = deployment.meanwhile(changed, &accept).await;
    assert_eq!(code, Some(1), "{read}");
    assert_has(
        &read,
        &["changed since they were shown, and were left alone: account A-1"],
    );
    assert!(!accepted(&deployment, "A-1").await);
}

#[tokio::test]
async fn what_is_not_absent_cannot_be_accepted() {
    let deployment = Deployment::open().await;
    deployment.put(&id("A-1"), Approval::Approved, None).await;
    let accept = ["absences", "accept", "A-1", "--yes"];
    let problem = "A-1 is no account or order that Google does not find";
    deployment.refused_with(&accept, problem).await;
    let accept = ["absences", "accept", "--all-shown", "--yes"];
    deployment.done_with(&accept, &["Nothing is absent."]).await;
}

#[tokio::test]
async fn without_a_confirmation_nothing_is_accepted() {
    let deployment = Deployment::open().await;
    deployment.put_record(&absent("A-1", ago(hours(2)))).await;
    let ended = deployment.run(&["absences", "accept", "A-1"]).await;
    assert_has(&ended.failed(64), &["add --yes"]);
    assert!(!accepted(&deployment, "A-1").await);
}
