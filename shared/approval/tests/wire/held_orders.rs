//! Several orders that waited for their account: none keeps the others from their approval.

use std::time::Duration;

use approval::ApprovalError;
use jiff::Timestamp;
use marketplace::{Deadline, EntitlementState};
use procurement::ProcurementError;
use serde_json::json;
use store::{Commit, Entitlement, Store, Unruled};

use crate::fake::{Fake, FakeAnswer as Answer, soon};
use crate::{
    account, account_id, answer, approvals, calls, entitlement_id, error, ok, order, product,
};

const WAITS: &str = "ENTITLEMENT_ACTIVATION_REQUESTED";

fn held(id: &str) -> Entitlement {
    let waits = EntitlementState::ActivationRequested;
    let (id, created) = (entitlement_id(id), Timestamp::UNIX_EPOCH);
    Entitlement::new(&id, &account_id(), &product(), &waits, created)
}

/// Approves the orders that are stored as waiting, and tells which calls were made.
async fn approve(
    stored: Vec<Entitlement>,
    answers: &[Answer],
    deadline: Deadline,
) -> (Result<(), ApprovalError>, Vec<String>) {
    let fake = Fake::start().await;
    answer(&fake, answers);
    let store = Store::memory();
    let commit = stored.into_iter().fold(Commit::new(), Commit::put);
    store.commit(commit, soon()).await.unwrap();
    let approvals = approvals(&fake, store);
    let id = account_id();
    let approved = approvals.approve_held(&id, &[], deadline);
    (approved.await, calls(&fake))
}

fn kind(approved: Result<(), ApprovalError>) -> &'static str {
    match approved {
        Err(ApprovalError::AccountPending) => "account pending",
        Err(ApprovalError::Procurement(ProcurementError::NotFound(_))) => "not found",
        Err(ApprovalError::Procurement(ProcurementError::Refused(_))) => "refused",
        Err(ApprovalError::Procurement(ProcurementError::Denied(_))) => "denied",
        Err(ApprovalError::Procurement(ProcurementError::Unavailable(_))) => "unavailable",
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_order_that_cannot_be_approved_keeps_no_other_waiting() {
    let refused = [
        error(400),
        ok(&order("1", WAITS)),
        ok(&account(Some("APPROVED"))),
    ];
    for (failure, expected) in [
        (vec![error(404)], "not found"),
        (vec![error(403)], "denied"),
        (vec![error(418)], "unavailable"),
        (refused.to_vec(), "refused"),
    ] {
        let second = [error(404), ok(&json!({}))];
        let answers: Vec<_> = failure.into_iter().chain(second).collect();
        let stored = vec![held("1"), held("2"), held("3")];
        let (approved, calls) = approve(stored, &answers, soon()).await;
        // The first error is returned, not that of the second order.
        assert_eq!(kind(approved), expected);
        assert!(calls.contains(&"POST entitlements/2:approve".to_owned()));
        assert_eq!(calls.last().unwrap(), "POST entitlements/3:approve");
    }
}

#[tokio::test]
async fn that_the_account_is_pending_says_more_than_any_other_error() {
    let answers = [
        error(404),
        error(400),
        ok(&order("2", WAITS)),
        ok(&account(Some("PENDING"))),
    ];
    let stored = vec![held("1"), held("2"), held("3")];
    let (approved, calls) = approve(stored, &answers, soon()).await;
    assert_eq!(kind(approved), "account pending");
    // Google would refuse the third one too.
    assert_eq!(calls.last().unwrap(), "GET accounts/E-1234");
}

#[tokio::test]
async fn a_held_order_that_fits_no_rule_is_left_to_the_operator() {
    let unruled = Entitlement {
        unruled: Some(Unruled::ProductOnlyInOffer),
        ..held("1")
    };
    let stored = vec![unruled, held("2")];
    let (approved, calls) = approve(stored, &[ok(&json!({}))], soon()).await;
    approved.unwrap();
    assert_eq!(calls, ["POST entitlements/2:approve"]);
}

#[tokio::test]
async fn after_the_deadline_nothing_counts_as_approved() {
    let over = Deadline::after(Duration::ZERO);
    let (approved, calls) = approve(vec![held("1"), held("2")], &[], over).await;
    assert_eq!(kind(approved), "unavailable");
    assert_eq!(calls, Vec::<String>::new());
}
