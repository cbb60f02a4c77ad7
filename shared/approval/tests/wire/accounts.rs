//! The approval `signup`, also of accounts that Google reports without it.

use approval::{ApprovalError, Fetched, SignUpVerdict};
use serde_json::json;
use store::Store;

use crate::fake::{Fake, FakeAnswer as Answer, soon};
use crate::{account, account_id, answer, approvals, calls, error, ok};

/// Approves an account that Google described like this before, and answers like this now.
async fn approve(
    before: Option<&str>,
    answers: &[Answer],
) -> (Result<SignUpVerdict, ApprovalError>, Vec<String>) {
    let fake = Fake::start().await;
    answer(&fake, answers);
    let fetched = Fetched::of_account(serde_json::from_value(account(before)).unwrap());
    let approvals = approvals(&fake, Store::memory());
    let id = account_id();
    let verdict = approvals.approve_account(&id, &fetched, soon());
    (verdict.await, calls(&fake))
}

#[tokio::test]
async fn an_approval_that_google_does_not_mention_is_tried_once() {
    let (verdict, calls) = approve(None, &[ok(&json!({}))]).await;
    assert_eq!(verdict.unwrap(), SignUpVerdict::Approved);
    assert_eq!(calls, ["POST accounts/E-1234:approve"]);
}

#[tokio::test]
async fn a_refusal_of_an_approval_that_google_does_not_mention_leaves_it_unclear() {
    for now in [None, Some("NEW")] {
        let (verdict, calls) = approve(None, &[error(400), ok(&account(now))]).await;
        assert!(matches!(verdict, Err(ApprovalError::Unclear)), "{now:?}");
        assert_eq!(
            calls,
            ["POST accounts/E-1234:approve", "GET accounts/E-1234"]
        );
    }
}

#[tokio::test]
async fn a_refusal_is_answered_by_what_google_says_then() {
    for (now, expected) in [
        ("APPROVED", SignUpVerdict::Approved),
        ("REJECTED", SignUpVerdict::Rejected),
    ] {
        for before in [None, Some("PENDING")] {
            let answers = [error(409), ok(&account(Some(now)))];
            let (verdict, _) = approve(before, &answers).await;
            assert_eq!(verdict.unwrap(), expected, "{before:?}");
        }
    }
}

#[tokio::test]
async fn an_approval_in_an_undocumented_state_is_not_tried() {
    let (verdict, calls) = approve(Some("NEW"), &[]).await;
    assert!(matches!(verdict, Err(ApprovalError::Unclear)));
    assert_eq!(calls, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_decided_is_not_decided_again() {
    for (state, expected) in [
        ("APPROVED", SignUpVerdict::Approved),
        ("REJECTED", SignUpVerdict::Rejected),
    ] {
        let (verdict, calls) = approve(Some(state), &[]).await;
        assert_eq!(verdict.unwrap(), expected);
        assert_eq!(calls, Vec::<String>::new());
    }
}
