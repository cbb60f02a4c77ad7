//! What the journal says of decisions that Google carries out, and what is shown if it cannot say it.

use function_tests::emulator;
use function_tests::firestore_proxy::FirestoreProxy;
use marketplace_simulator::{Fault, Matcher};
use store::{Account, Approval, Closed, ClosedBecause};

use crate::deployment::{ACTOR, Deployment, Ended, assert_has};
use crate::ledger_rows::{ago, hours};

/// The call that approves an account or an order.
fn approval() -> Matcher {
    Matcher::procurement().path(":approve")
}

#[tokio::test]
async fn an_approval_of_an_account_that_is_cut_off_while_google_is_asked_has_a_line() {
    for has_signed_up in [false, true] {
        let deployment = Deployment::open().await;
        let account = deployment.simulator.create_account();
        if has_signed_up {
            deployment.sign_up(&account, None).await;
        }
        let id = account.as_str();
        let faults = deployment.simulator.faults();
        let held = faults.always(approval(), Fault::hang());
        let approve = ["approve", "account", id, "--yes"];
        tokio::select! {
            _ = deployment.run(&approve) => panic!("Google does not answer"),
            () = held.arrived() => {}
        }
        let said = deployment.done(&["journal", id]).await;
        assert_has(&said, &["account-approved", id, "outcome=asked", ACTOR]);
    }
}

#[tokio::test]
async fn an_approval_of_an_account_that_google_refused_is_not_recorded() {
    for (has_signed_up, status) in [(false, 403), (true, 403), (false, 400), (true, 400)] {
        let deployment = Deployment::open().await;
        let account = deployment.simulator.create_account();
        if has_signed_up {
            deployment.sign_up(&account, None).await;
        }
        let faults = deployment.simulator.faults();
        faults.always(approval(), Fault::status(status));
        let approve = ["approve", "account", account.as_str(), "--yes"];
        assert_eq!(deployment.run(&approve).await.code, Some(1));
        assert_eq!(deployment.journal().await, "Nothing is recorded.\n");
    }
}

#[tokio::test]
async fn who_ended_a_rejection_is_recorded_although_google_refused_the_approval() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    deployment.put(&account, Approval::Rejected, None).await;
    deployment.simulator.reject_account(&account).unwrap();
    let faults = deployment.simulator.faults();
    faults.always(approval(), Fault::status(403));
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment.refused_with(&approve, "failed:").await;
    deployment
        .expect_stored(&account, Approval::Approving)
        .await;
    let says = ["account-approved", "outcome=asked", ACTOR];
    assert_has(&deployment.journal().await, &says);
}

#[tokio::test]
async fn an_approval_of_an_account_whose_answer_was_lost_is_recorded_once_it_is_seen() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let faults = deployment.simulator.faults();
    faults.next(approval(), Fault::cut().after_effect());
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment.done(&approve).await;
    let line = format!("account-approved  account {account}  by {ACTOR}\n");
    assert_has(&deployment.journal().await, &[&line]);
}

#[tokio::test]
async fn a_rejection_that_google_did_not_take_stays_stored_and_says_so() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let faults = deployment.simulator.faults();
    let call = Matcher::procurement().path(":reject");
    faults.always(call, Fault::status(403));
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no", "--yes"];
    assert_eq!(deployment.run(&reject).await.code, Some(1));
    deployment.expect_stored(&account, Approval::Rejected).await;
    let says = ["account-rejected", "outcome=asked", ACTOR, "\n  no\n"];
    assert_has(&deployment.journal().await, &says);
}

#[tokio::test]
async fn a_rejection_of_an_account_that_google_does_not_have_asks_nobody() {
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
    let reject = ["reject", "account", id, "--reason", "no", "--yes"];
    deployment.done(&reject).await;
    let line = format!("account-rejected  account {id}  by {ACTOR}\n  no\n");
    assert_has(&deployment.journal().await, &[&line]);
}

/// Behind a gate through which nothing can be written from the moment on when Google is asked.
async fn without_a_store(deployment: &mut Deployment, call: Matcher, command: &[&str]) -> Ended {
    let gate = FirestoreProxy::start();
    let host = ("FIRESTORE_EMULATOR_HOST".to_owned(), gate.host());
    deployment.environment.extend([host]);
    let faults = deployment.simulator.faults();
    let held = faults.next(call, Fault::hang());
    let (ended, ()) = tokio::join!(deployment.run(command), async {
        held.arrived().await;
        gate.refuse("/Commit");
        held.release();
    });
    let host = ("FIRESTORE_EMULATOR_HOST".to_owned(), emulator::host());
    deployment.environment.extend([host]);
    ended
}

#[tokio::test]
async fn what_google_says_of_an_order_is_shown_although_the_journal_cannot_be_written() {
    let mut deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    deployment
        .simulator
        .approve_account(&order.account)
        .unwrap();
    let id = order.entitlement.as_str();
    let approve = ["approve", "entitlement", id, "--yes"];
    let ended = without_a_store(&mut deployment, approval(), &approve).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let says = ["now: ENTITLEMENT_ACTIVE", "could not be written"];
    assert_has(&ended.said, &says);
    assert_has(&ended.complained, &["another request changed a document"]);
    let says = ["order-approved", "outcome=asked"];
    assert_has(&deployment.journal().await, &says);
}

#[tokio::test]
async fn what_google_says_of_an_account_is_shown_although_nothing_can_be_stored() {
    let (mut deployment, account) = Deployment::with_sign_up(None).await;
    let approve = ["approve", "account", account.as_str(), "--yes"];
    let ended = without_a_store(&mut deployment, approval(), &approve).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let says = ["now: APPROVED", "could not be written"];
    assert_has(&ended.said, &says);
    assert_has(&deployment.journal().await, &["outcome=asked"]);
}
