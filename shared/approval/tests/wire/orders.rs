//! A refused order: a reason to look at the order and at its account.

use approval::ApprovalError;
use marketplace::PlanId;
use procurement::ProcurementError;
use store::Store;

use crate::fake::{Fake, FakeAnswer as Answer, soon};
use crate::{account, account_id, answer, approvals, calls, entitlement_id, error, ok, order};

const WAITS: &str = "ENTITLEMENT_ACTIVATION_REQUESTED";
const CHANGE_WAITS: &str = "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL";

async fn approve_order(answers: &[Answer]) -> (Result<(), ApprovalError>, Vec<String>) {
    let fake = Fake::start().await;
    answer(&fake, answers);
    let approvals = approvals(&fake, Store::memory());
    let (account, id) = (account_id(), entitlement_id("7a1c"));
    let approved = approvals.approve_entitlement(&account, &id, soon());
    (approved.await, calls(&fake))
}

async fn approve_plan(answers: &[Answer]) -> (Result<(), ApprovalError>, Vec<String>) {
    let fake = Fake::start().await;
    answer(&fake, answers);
    let approvals = approvals(&fake, Store::memory());
    let (account, id) = (account_id(), entitlement_id("7a1c"));
    let plan = PlanId::parse("pro").unwrap();
    let approved = approvals.approve_plan_change(&account, &id, &plan, soon());
    (approved.await, calls(&fake))
}

#[tokio::test]
async fn a_refused_order_of_an_account_that_is_pending_again_begins_with_the_account() {
    for code in [400, 409, 412] {
        let pending = ok(&account(Some("PENDING")));
        let answers = [error(code), ok(&order("7a1c", WAITS)), pending.clone()];
        let (approved, calls) = approve_order(&answers).await;
        assert!(
            matches!(approved, Err(ApprovalError::AccountPending)),
            "{code}: {approved:?}"
        );
        assert_eq!(
            calls,
            [
                "POST entitlements/7a1c:approve",
                "GET entitlements/7a1c",
                "GET accounts/E-1234",
            ]
        );
        let answers = [error(code), ok(&order("7a1c", CHANGE_WAITS)), pending];
        let (approved, _) = approve_plan(&answers).await;
        assert!(
            matches!(approved, Err(ApprovalError::AccountPending)),
            "{code}: {approved:?}"
        );
    }
}

#[tokio::test]
async fn a_refused_order_of_an_approved_account_stays_refused() {
    for account in [
        ok(&account(Some("APPROVED"))),
        ok(&account(Some("REJECTED"))),
        ok(&account(Some("NEW"))),
        ok(&account(None)),
        error(404),
        error(403),
        ok(&order("7a1c", WAITS)),
    ] {
        let answers = [error(400), ok(&order("7a1c", WAITS)), account.clone()];
        let (approved, _) = approve_order(&answers).await;
        assert!(
            matches!(
                approved,
                Err(ApprovalError::Procurement(ProcurementError::Refused(_)))
            ),
            "{account:?}: {approved:?}"
        );
    }
}

#[tokio::test]
async fn while_the_account_cannot_be_read_the_reason_is_not_known() {
    let answers = [error(400), ok(&order("7a1c", WAITS)), error(418)];
    let (approved, _) = approve_order(&answers).await;
    assert!(
        matches!(
            approved,
            Err(ApprovalError::Procurement(ProcurementError::Unavailable(_)))
        ),
        "{approved:?}"
    );
}

#[tokio::test]
async fn an_order_that_no_longer_waits_is_approved_whoever_did_it() {
    let answers = [error(400), ok(&order("7a1c", "ENTITLEMENT_ACTIVE"))];
    let (approved, calls) = approve_order(&answers).await;
    approved.unwrap();
    assert_eq!(
        calls,
        ["POST entitlements/7a1c:approve", "GET entitlements/7a1c"]
    );
    let (approved, _) = approve_plan(&answers).await;
    approved.unwrap();
}

#[tokio::test]
async fn only_a_refusal_is_a_reason_to_read_the_account() {
    let answers = [error(500), ok(&order("7a1c", WAITS))];
    let (approved, calls) = approve_order(&answers).await;
    assert!(
        matches!(
            approved,
            Err(ApprovalError::Procurement(ProcurementError::Unavailable(_)))
        ),
        "{approved:?}"
    );
    assert_eq!(calls.len(), 2);
}
