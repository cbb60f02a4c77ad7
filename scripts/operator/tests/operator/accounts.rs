//! Decisions about sign-ups.

use http::Method;
use marketplace::ApprovalState;
use marketplace_simulator::{Fault, Matcher};
use store::Approval;

use crate::program::Office;

#[tokio::test]
async fn an_approved_sign_up_is_approved_at_google_and_in_the_store() {
    let office = Office::open().await;
    let order = office.simulator.buy();
    office
        .sign_up(&order.account, Some("Example \u{1b}[2J Ltd"))
        .await;
    let id = order.account.as_str();
    let said = office.done(&["approve", "account", id, "--yes"]).await;
    assert!(said.contains("PENDING at Google"), "{said}");
    assert!(said.contains("Example \u{fffd}[2J Ltd"), "{said}");
    assert!(said.contains("now: APPROVED"), "{said}");
    assert!(said.contains(&format!("approve entitlement {}", order.entitlement)));
    let account = office.simulator.account(&order.account).unwrap();
    assert_eq!(account.signup(), &ApprovalState::Approved);
    let stored = office.stored(&order.account).await.unwrap();
    assert_eq!(stored.approval, Approval::Approved);
    assert_eq!(stored.company.as_deref(), Some("Example \u{1b}[2J Ltd"));

    let again = office.done(&["approve", "account", id]).await;
    assert_eq!(again, format!("Account {id} is approved already.\n"));
    assert_eq!(
        office
            .simulator
            .account(&order.account)
            .unwrap()
            .times_approved,
        1
    );
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_rejected_sign_up_stays_rejected_until_it_is_approved() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.sign_up(&account, None).await;
    let id = account.as_str();
    let reject = ["reject", "account", id, "--reason", "no contract", "--yes"];
    let said = office.done(&reject).await;
    assert!(said.contains("for the reason: no contract"), "{said}");
    assert!(said.contains("now: REJECTED"), "{said}");
    let at_google = office.simulator.account(&account).unwrap();
    let approval = at_google.approvals.first().unwrap();
    assert_eq!(approval.reason.as_deref(), Some("no contract"));
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Rejected
    );
    let again = office.done(&reject).await;
    assert_eq!(again, format!("Account {id} is rejected already.\n"));

    office.done(&["approve", "account", id, "--yes"]).await;
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Approved
    );
    let at_google = office.simulator.account(&account).unwrap();
    assert_eq!(at_google.signup(), &ApprovalState::Approved);
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_customer_who_signs_up_after_the_rejection_meets_it() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    let said = office
        .done(&[
            "reject",
            "account",
            account.as_str(),
            "--reason",
            "no",
            "--yes",
        ])
        .await;
    assert!(
        said.contains("for which nobody has signed up yet"),
        "{said}"
    );
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Rejected
    );
}

#[tokio::test]
async fn a_decision_that_google_has_already_is_stored_where_that_is_missing() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.sign_up(&account, None).await;
    office.simulator.reject_account(&account).unwrap();
    let reject = ["reject", "account", account.as_str(), "--reason", "no"];
    office.done(&reject).await;
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Rejected
    );
}

#[tokio::test]
async fn an_approved_sign_up_cannot_be_rejected_and_the_store_follows_google() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.put(&account, Approval::Approved, None).await;
    office.simulator.approve_account(&account).unwrap();
    let reject = [
        "reject",
        "account",
        account.as_str(),
        "--reason",
        "no",
        "--yes",
    ];
    let complained = office.refused(&reject).await;
    assert!(complained.contains("FAILED_PRECONDITION"), "{complained}");
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Approved
    );
}

#[tokio::test]
async fn without_a_terminal_and_without_yes_nothing_is_done() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.sign_up(&account, None).await;
    for arguments in [
        &["approve", "account", account.as_str()][..],
        &["reject", "account", account.as_str(), "--reason", "no"][..],
    ] {
        let ended = office.run(arguments).await;
        assert_eq!((ended.code, ended.said.as_str()), (Some(64), ""));
        assert!(
            ended.complained.contains("add --yes"),
            "{}",
            ended.complained
        );
    }
    let at_google = office.simulator.account(&account).unwrap();
    assert_eq!(at_google.signup(), &ApprovalState::Pending);
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Approving
    );
}

#[tokio::test]
async fn at_a_terminal_it_asks_and_only_yes_is_yes() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.sign_up(&account, Some("A\nGo on? [y/N] y")).await;
    let approve = ["approve", "account", account.as_str()];
    for typed in ["n\n", "\n", "yess\n"] {
        let (code, read) = office.typing(typed, &approve).await;
        assert_eq!(code, Some(1), "{read}");
        assert!(read.contains("(unverified company: A Go on?"), "{read}");
        assert!(read.contains("\nGo on? [y/N] "), "{read}");
        assert!(read.contains("operator: nothing was done"), "{read}");
    }
    let at_google = office.simulator.account(&account).unwrap();
    assert_eq!(at_google.signup(), &ApprovalState::Pending);
    let (code, read) = office.typing("y\n", &approve).await;
    assert_eq!(code, Some(0), "{read}");
    assert!(read.contains("now: APPROVED"), "{read}");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_for() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.sign_up(&account, None).await;
    let call = Matcher::procurement().method(Method::POST);
    office
        .simulator
        .faults()
        .next(call, Fault::cut().after_effect());
    office
        .done(&["approve", "account", account.as_str(), "--yes"])
        .await;
    assert_eq!(
        office.simulator.account(&account).unwrap().times_approved,
        1
    );
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Approved
    );
}

#[tokio::test]
async fn a_call_that_failed_leaves_the_intent_for_the_next_visit() {
    let office = Office::open().await;
    let account = office.simulator.create_account();
    office.put(&account, Approval::Rejected, None).await;
    office.simulator.reject_account(&account).unwrap();
    let call = Matcher::procurement().method(Method::POST);
    office.simulator.faults().always(call, Fault::status(403));
    let complained = office
        .refused(&["approve", "account", account.as_str(), "--yes"])
        .await;
    assert!(
        complained.contains("link the service account"),
        "{complained}"
    );
    assert_eq!(
        office.stored(&account).await.unwrap().approval,
        Approval::Approving
    );
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    let office = Office::open().await;
    let complained = office
        .refused(&["approve", "account", "nobody", "--yes"])
        .await;
    assert!(complained.contains("compare the id"), "{complained}");
}
