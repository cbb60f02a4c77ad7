//! Rejections: the intent, what becomes of it, and what the store says in the end.

use http::Method;
use marketplace::ApprovalState;
use marketplace_simulator::{Fault, Matcher};
use store::{Account, Approval, Closed, ClosedBecause, Rejecting};

use crate::deployment::{ACTOR, Deployment, assert_has};
use crate::ledger_rows::{ago, hours};

const TOPIC: &str = "projects/example-project/topics/marketplace-changes";

async fn rejecting(deployment: &Deployment, id: &marketplace::ProcurementAccountId) -> Rejecting {
    let stored = deployment.stored(id).await.expect("stored");
    assert_eq!(stored.approval, Approval::Rejected);
    stored.rejecting.expect("rejecting")
}

#[tokio::test]
async fn a_rejection_is_confirmed_once_google_has_it_and_approving_ends_it() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no contract", "--yes"];
    let says = ["now: REJECTED; the store says: rejected."];
    deployment.done_with(&reject, &says).await;
    assert!(rejecting(&deployment, &account).await.confirmed.is_some());
    let by = format!("account-rejected  account {id}  by {ACTOR}\n  no contract\n");
    assert_has(&deployment.journal().await, &[&by]);

    let says = ["now: APPROVED; the store says: approved."];
    let approve = ["approve", "account", id, "--yes"];
    deployment.done_with(&approve, &says).await;
    let stored = deployment.stored(&account).await.unwrap();
    assert_eq!(stored.rejecting, None);
    let by = format!("account-approved  account {id}  by {ACTOR}\n");
    assert_has(&deployment.journal().await, &[&by]);
    deployment.expect_no_violations();
}

#[tokio::test]
async fn an_approval_that_was_under_way_is_named_and_rejected_again_later() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let reject = ["reject", "account", account.as_str(), "--reason", "no"];
    let approved = async {
        deployment.simulator.approve_account(&account).unwrap();
    };
    let (code, read) = deployment.meanwhile(approved, &reject).await;
    assert_eq!(code, Some(1), "{read}");
    assert_has(
        &read,
        &["the next reconciliation rejects it at Google again"],
    );
    assert_eq!(rejecting(&deployment, &account).await.confirmed, None);
}

#[tokio::test]
async fn a_rejection_that_google_did_not_take_stays_to_be_done() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let call = Matcher::procurement().method(Method::POST);
    let faults = deployment.simulator.faults();
    faults.always(call, Fault::status(403));
    let reject = [
        "reject",
        "account",
        account.as_str(),
        "--reason",
        "no",
        "--yes",
    ];
    let ended = deployment.run(&reject).await;
    assert_eq!(ended.code, Some(1));
    assert_has(&ended.said, &["the next reconciliation rejects it"]);
    assert_eq!(rejecting(&deployment, &account).await.confirmed, None);
    deployment.expect_account(&account, &ApprovalState::Pending);
}

#[tokio::test]
async fn a_closed_account_can_be_rejected_and_not_approved() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    deployment.simulator.delete_account(&account).unwrap();
    let at = ago(hours(1));
    let because = ClosedBecause::Deleted;
    let closed = Account {
        closed: Some(Closed { at, because }),
        ..Account::new(&account, Approval::None, at)
    };
    deployment.put_record(&closed).await;
    let id = account.as_str();
    let approve = ["approve", "account", id, "--yes"];
    deployment.refused_with(&approve, "is closed since").await;

    let reject = ["reject", "account", id, "--reason", "no", "--yes"];
    let says = [
        "for the case that it is opened again",
        "Google does not have it.",
    ];
    deployment.done_with(&reject, &says).await;
    let stored = deployment.stored(&account).await.unwrap();
    assert_eq!(
        (stored.approval, stored.rejecting, stored.closed),
        (Approval::Rejected, None, closed.closed)
    );
}

#[tokio::test]
async fn the_application_hears_of_the_sign_up_from_whoever_approves_it() {
    let mut deployment = Deployment::open().await;
    let silent = deployment.simulator.create_account();
    deployment.sign_up(&silent, None).await;
    let approve = ["approve", "account", silent.as_str(), "--yes"];
    deployment.done(&approve).await;
    assert_eq!(deployment.news().await, Vec::<String>::new());

    let topic = ("EVENTS_TOPIC".to_owned(), TOPIC.to_owned());
    deployment.environment.extend([topic]);
    let account = deployment.simulator.create_account();
    deployment.sign_up(&account, None).await;
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment.done(&approve).await;
    assert_eq!(deployment.news().await, ["portico.account.signed-up"]);
}

#[tokio::test]
async fn a_rejection_that_google_refuses_takes_back_no_later_one() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    deployment.simulator.approve_account(&account).unwrap();
    deployment.put(&account, Approval::Approved, None).await;
    let faults = deployment.simulator.faults();
    let call = Matcher::procurement().path(":reject");
    faults.always(call, Fault::status(400));
    // The account is read for the question, and again after the refusal.
    let read = Matcher::procurement().method(Method::GET);
    let held = faults.nth(2, read.path(account.as_str()), Fault::hang());
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no", "--yes"];
    let later = Rejecting {
        since: ago(hours(1)),
        confirmed: Some(ago(hours(1))),
        refused: None,
    };
    let (ended, ()) = tokio::join!(deployment.run(&reject), async {
        held.arrived().await;
        let stored = deployment.stored(&account).await.unwrap();
        let decided = Account {
            rejecting: Some(later),
            ..stored
        };
        deployment.put_record(&decided).await;
        held.release();
    });
    assert_eq!(ended.code, Some(1));
    assert_eq!(rejecting(&deployment, &account).await, later);
    assert!(!deployment.journal().await.contains("rejection-overruled"));
}
