//! When the personal data of closed accounts is erased.

use jiff::Timestamp;
use marketplace::{ProcurementAccountId, ProviderId};
use serde_json::Value;
use store::{Account, Approval, Closed, ClosedBecause};

use crate::deployment::{ACTOR, Deployment, assert_has};
use crate::ledger_rows::{ago, hours};

fn id() -> ProcurementAccountId {
    ProcurementAccountId::parse("A-1").unwrap()
}

/// A deployment with an account that was closed an hour ago; when that was.
async fn with_closed() -> (Deployment, Timestamp) {
    let (deployment, at) = (Deployment::open().await, ago(hours(1)));
    let because = ClosedBecause::Absent;
    let account = Account {
        closed: Some(Closed { at, because }),
        ..Account::new(&id(), Approval::None, at)
    };
    deployment.put_record(&account).await;
    (deployment, at)
}

async fn due(deployment: &Deployment) -> Value {
    let said = deployment.done(&["erase", "list", "--json"]).await;
    let found: Value = serde_json::from_str(&said).unwrap();
    found[0].clone()
}

#[tokio::test]
async fn closed_accounts_are_listed_with_their_day() {
    let (mut deployment, at) = with_closed().await;
    let found = due(&deployment).await;
    assert_eq!(
        (&found["account"], &found["because"]),
        (&"A-1".into(), &"absent".into())
    );
    let day = at + hours(30 * 24);
    assert_eq!(found["due"], day.to_string());
    let days = ("ERASE_AFTER".to_owned(), "0".to_owned());
    deployment.environment.extend([days]);
    assert_eq!(due(&deployment).await["due"], at.to_string());
    deployment.done_with(&["erase", "list"], &["A-1"]).await;
}

#[tokio::test]
async fn a_closed_account_can_be_erased_at_once() {
    let (deployment, _) = with_closed().await;
    let erase = ["erase", "now", "A-1", "--reason", "asked by mail", "--yes"];
    deployment.done_with(&erase, &["cannot be undone"]).await;
    let stored = deployment.stored(&id()).await.unwrap();
    assert!(stored.erase_asked.is_some() && stored.erased.is_none());
    let line = format!("erase-asked  account A-1  by {ACTOR}\n  asked by mail\n");
    assert_has(&deployment.journal().await, &[&line]);
}

#[tokio::test]
async fn an_open_or_erased_account_cannot_be_erased() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let erase = ["erase", "now", account.as_str(), "--reason", "no", "--yes"];
    deployment.refused_with(&erase, "is not closed").await;
    let at = ago(hours(1));
    let erased = Account {
        erased: Some(at),
        ..Account::new(&account, Approval::None, at)
    };
    deployment.put_record(&erased).await;
    deployment.refused_with(&erase, "is erased already").await;
    let unknown = ["erase", "now", "nobody", "--reason", "no", "--yes"];
    deployment.refused_with(&unknown, "is not stored").await;
}

#[tokio::test]
async fn an_account_that_was_set_aside_is_not_marked_to_be_erased() {
    let (deployment, at) = with_closed().await;
    let before = ProviderId::parse("vendor-before").unwrap();
    let because = ClosedBecause::Absent;
    let set_aside = Account {
        provider: Some(before),
        closed: Some(Closed { at, because }),
        ..Account::new(&id(), Approval::None, at)
    };
    deployment.put_record(&set_aside).await;
    let held = ["erase", "hold", "A-1", "--until", "2999-12-31"];
    for command in [&["erase", "now", "A-1"][..], &held] {
        let command = [command, &["--reason", "asked", "--yes"]].concat();
        let why = "belongs to the provider vendor-before and was set aside";
        deployment.refused_with(&command, why).await;
    }
    assert_eq!(deployment.stored(&id()).await, Some(set_aside));
    assert_eq!(deployment.journal().await, "Nothing is recorded.\n");
}

#[tokio::test]
async fn a_hold_keeps_it_until_it_ends_or_is_released() {
    let (deployment, at) = with_closed().await;
    let hold = ["erase", "hold", "A-1", "--until", "2999-12-31"];
    let hold = [&hold[..], &["--reason", "a lawsuit", "--yes"]].concat();
    let end = "3000-01-01T00:00:00Z";
    deployment.done_with(&hold, &[end]).await;
    let found = due(&deployment).await;
    assert_eq!(
        (&found["due"], &found["held_by"]),
        (&end.into(), &ACTOR.into())
    );
    let until = format!("erase-held  account A-1  until={end}  by {ACTOR}\n  a lawsuit\n");
    assert_has(&deployment.journal().await, &[&until]);
    let erase = ["erase", "now", "A-1", "--reason", "no", "--yes"];
    deployment.refused_with(&erase, "release it first").await;

    let release = ["erase", "release", "A-1", "--yes"];
    deployment.done(&release).await;
    let day = at + hours(30 * 24);
    assert_eq!(due(&deployment).await["due"], day.to_string());
    deployment.refused_with(&release, "is not on hold").await;
}

#[tokio::test]
async fn a_hold_ends_in_the_future() {
    let (deployment, _) = with_closed().await;
    let hold = ["erase", "hold", "A-1", "--until", "2001-01-01"];
    let hold = [&hold[..], &["--reason", "late", "--yes"]].concat();
    deployment.refused_with(&hold, "in the future").await;
}
