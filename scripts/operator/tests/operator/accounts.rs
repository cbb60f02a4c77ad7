//! Decisions about sign-ups.

use http::Method;
use marketplace::ApprovalState;
use marketplace_simulator::{Fault, Matcher};
use store::Approval;

use crate::deployment::{Deployment, assert_has};

#[tokio::test]
async fn an_approved_sign_up_is_approved_at_google_and_in_the_store() {
    let deployment = Deployment::open().await;
    let order = deployment.simulator.buy();
    let company = "Example \u{1b}[2J Ltd";
    deployment.sign_up(&order.account, Some(company)).await;
    let id = order.account.as_str();
    let next = format!("approve entitlement {}", order.entitlement);
    let says = [
        "PENDING at Google",
        "Example \u{fffd}[2J Ltd",
        "now: APPROVED",
        &next,
    ];
    let approve = ["approve", "account", id, "--yes"];
    deployment.done_with(&approve, &says).await;
    deployment.expect_account(&order.account, &ApprovalState::Approved);
    let stored = deployment.stored(&order.account).await.unwrap();
    assert_eq!(stored.approval, Approval::Approved);
    assert_eq!(stored.company.as_deref(), Some(company));

    let again = deployment.done(&approve[..3]).await;
    assert_eq!(again, format!("Account {id} is approved already.\n"));
    assert_eq!(deployment.times_approved(&order.account), 1);
    deployment.expect_no_violations();
}

#[tokio::test]
async fn a_rejected_sign_up_stays_rejected_until_it_is_approved() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no contract", "--yes"];
    let says = ["for the reason: no contract", "now: REJECTED"];
    deployment.done_with(&reject, &says).await;
    let at_google = deployment.simulator.account(&account).unwrap();
    let approval = at_google.approvals.first().unwrap();
    assert_eq!(approval.reason.as_deref(), Some("no contract"));
    deployment.expect_stored(&account, Approval::Rejected).await;
    let again = deployment.done(&reject).await;
    assert_eq!(again, format!("Account {id} is rejected already.\n"));

    deployment.done(&["approve", "account", id, "--yes"]).await;
    deployment.expect_stored(&account, Approval::Approved).await;
    deployment.expect_account(&account, &ApprovalState::Approved);
    deployment.expect_no_violations();
}

#[tokio::test]
async fn a_customer_who_signs_up_after_the_rejection_meets_it() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no", "--yes"];
    let says = ["for which nobody has signed up yet"];
    deployment.done_with(&reject, &says).await;
    deployment.expect_stored(&account, Approval::Rejected).await;
}

#[tokio::test]
async fn a_decision_that_google_has_already_is_stored_where_that_is_missing() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    deployment.simulator.reject_account(&account).unwrap();
    let reject = ["reject", "account", account.as_str(), "--reason", "no"];
    deployment.done(&reject).await;
    deployment.expect_stored(&account, Approval::Rejected).await;
}

#[tokio::test]
async fn what_google_had_decided_already_is_recorded_in_nobody_s_name() {
    let (deployment, approved) = Deployment::with_sign_up(None).await;
    deployment.simulator.approve_account(&approved).unwrap();
    let approve = ["approve", "account", approved.as_str(), "--yes"];
    let says = ["is approved already"];
    deployment.done_with(&approve, &says).await;
    let rejected = deployment.simulator.create_account();
    deployment.sign_up(&rejected, None).await;
    deployment.simulator.reject_account(&rejected).unwrap();
    let reject = ["reject", "account", rejected.as_str(), "--reason", "no"];
    let reject = [&reject[..], &["--yes"]].concat();
    let says = ["is rejected already"];
    deployment.done_with(&reject, &says).await;
    assert_eq!(deployment.journal().await, "Nothing is recorded.\n");
}

#[tokio::test]
async fn an_approved_sign_up_cannot_be_rejected_and_the_store_follows_google() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    deployment.put(&account, Approval::Approved, None).await;
    deployment.simulator.approve_account(&account).unwrap();
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no", "--yes"];
    deployment
        .refused_with(&reject, "FAILED_PRECONDITION")
        .await;
    deployment.expect_stored(&account, Approval::Approved).await;
}

#[tokio::test]
async fn without_a_terminal_and_without_yes_nothing_is_done() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    for arguments in [
        &["approve", "account", account.as_str()][..],
        &["reject", "account", account.as_str(), "--reason", "no"][..],
    ] {
        let complained = deployment.run(arguments).await.failed(64);
        assert_has(&complained, &["add --yes"]);
    }
    deployment.expect_account(&account, &ApprovalState::Pending);
    deployment
        .expect_stored(&account, Approval::Approving)
        .await;
}

#[tokio::test]
async fn at_a_terminal_it_asks_and_only_yes_is_yes() {
    let (deployment, account) = Deployment::with_sign_up(Some("A\nGo on? [y/N] y")).await;
    let approve = ["approve", "account", account.as_str()];
    for typed in ["n\n", "\n", "yess\n"] {
        let (code, read) = deployment.typing(typed, &approve).await;
        assert_eq!(code, Some(1), "{read}");
        assert_has(&read, &["(unverified company: A Go on?", "\nGo on? [y/N] "]);
        assert_has(&read, &["operator: nothing was done"]);
    }
    deployment.expect_account(&account, &ApprovalState::Pending);
    let (code, read) = deployment.typing("y\n", &approve).await;
    assert_eq!(code, Some(0), "{read}");
    assert!(read.contains("now: APPROVED"), "{read}");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_for() {
    let (deployment, account) = Deployment::with_sign_up(None).await;
    let call = Matcher::procurement().method(Method::POST);
    let faults = deployment.simulator.faults();
    faults.next(call, Fault::cut().after_effect());
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment.done(&approve).await;
    assert_eq!(deployment.times_approved(&account), 1);
    deployment.expect_stored(&account, Approval::Approved).await;
}

#[tokio::test]
async fn a_call_that_failed_leaves_the_intent_for_the_next_visit() {
    let deployment = Deployment::open().await;
    let account = deployment.simulator.create_account();
    deployment.put(&account, Approval::Rejected, None).await;
    deployment.simulator.reject_account(&account).unwrap();
    let call = Matcher::procurement().method(Method::POST);
    let faults = deployment.simulator.faults();
    faults.always(call, Fault::status(403));
    let approve = ["approve", "account", account.as_str(), "--yes"];
    deployment
        .refused_with(&approve, "link the service account")
        .await;
    deployment
        .expect_stored(&account, Approval::Approving)
        .await;
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    let deployment = Deployment::open().await;
    let approve = ["approve", "account", "nobody", "--yes"];
    deployment.refused_with(&approve, "compare the id").await;
}
