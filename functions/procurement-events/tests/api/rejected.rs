//! Rejections that Google does not show.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use marketplace::{ApprovalState, ProcurementAccountId};
use marketplace_simulator::{Fault, Matcher};
use serde_json::json;
use store::{Approval, JournalKind, Rejecting, Store};

use crate::function::{REQUESTED, SIGNED_UP, TestFunction};

fn minutes_ago(minutes: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(minutes)
}

impl TestFunction {
    /// An account that an operator rejected two days ago. Google confirmed it at this time, if it did.
    async fn rejected(&self, confirmed: Option<Timestamp>) -> ProcurementAccountId {
        let order = self.simulator.buy();
        self.begin_sign_up(&order).await;
        self.change_account(&order.account, |account| {
            account.approval = Approval::Rejected;
            account.rejecting = Some(Rejecting {
                since: minutes_ago(2 * 24 * 60),
                confirmed,
                refused: None,
            });
        })
        .await;
        order.account
    }

    /// The account is rejected here and at Google, where that was done once more.
    async fn was_rejected_again(&self, id: &ProcurementAccountId) {
        let account = self.account(id).await.unwrap();
        assert_eq!(account.approval, Approval::Rejected);
        assert!(account.rejecting.unwrap().confirmed.is_some());
        let at_google = self.simulator.account(id).unwrap();
        assert_eq!(at_google.signup(), &ApprovalState::Rejected);
        assert_eq!(at_google.times_rejected, 1);
        let kind = JournalKind::RejectionOverruled;
        assert_eq!(self.journal(id, kind).await.len(), 0);
    }

    /// Google's approval was followed.
    async fn was_overruled(&self, id: &ProcurementAccountId) {
        let account = self.account(id).await.unwrap();
        assert_eq!(account.approval, Approval::Approved);
        assert_eq!(account.rejecting, None);
        assert_eq!(self.simulator.account(id).unwrap().times_rejected, 0);
        let kind = JournalKind::RejectionOverruled;
        assert_eq!(self.journal(id, kind).await.len(), 1);
    }
}

pub(crate) async fn an_approval_on_its_way_is_rejected_again(store: Store) {
    let function = TestFunction::start(store).await;
    let unconfirmed = function.rejected(None).await;
    let confirmed = function.rejected(Some(minutes_ago(5))).await;
    // The approvals of both arrive at Google: one is seen by an event, the other one by a round.
    let resource = format!("accounts/{unconfirmed}");
    let approved = function.described_account(&unconfirmed, "APPROVED");
    function.describe(&resource, approved);
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &unconfirmed)
        .await;
    function.describe_no_more(&resource);
    function.was_rejected_again(&unconfirmed).await;

    let approved = function.described_account(&confirmed, "APPROVED");
    function.describe("accounts", json!({ "accounts": [approved] }));
    function.round().await;
    function.describe_no_more("accounts");
    for id in [&unconfirmed, &confirmed] {
        function.was_rejected_again(id).await;
    }
    assert_eq!(function.reconcile().await, 0);
    for id in [&unconfirmed, &confirmed] {
        function.was_rejected_again(id).await;
    }
    assert_eq!(function.changes(SIGNED_UP).await, 0);
}

pub(crate) async fn a_rejection_that_never_reached_google_is_given_to_it(store: Store) {
    let function = TestFunction::start(store).await;
    let [one, other] = [function.rejected(None).await, function.rejected(None).await];
    // Google still has both as pending.
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &one)
        .await;
    function.reconcile().await;
    for id in [&one, &other] {
        function.was_rejected_again(id).await;
    }
}

pub(crate) async fn a_later_approval_at_google_is_followed(store: Store) {
    let function = TestFunction::start(store).await;
    let by_event = function.rejected(Some(minutes_ago(11))).await;
    let by_round = function.rejected(Some(minutes_ago(24 * 60))).await;
    for id in [&by_event, &by_round] {
        function.simulator.approve_account(id).unwrap();
    }
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &by_event)
        .await;
    function.was_overruled(&by_event).await;
    function.reconcile().await;
    for id in [&by_event, &by_round] {
        function.was_overruled(id).await;
    }
}

pub(crate) async fn an_account_that_is_rejected_while_google_approves_it_gets_no_orders(
    store: Store,
) {
    let (function, order) = TestFunction::with_order(store).await;
    function.begin_sign_up(&order).await;
    let approval = Matcher::procurement().method(Method::POST);
    let held = function
        .simulator
        .faults()
        .next(approval.path("/accounts/"), Fault::hang());
    let rejecting = Rejecting {
        since: Timestamp::now(),
        confirmed: None,
        refused: None,
    };
    let sent = function.send_event(REQUESTED, &order.entitlement);
    let (status, ()) = tokio::join!(sent, async {
        held.arrived().await;
        function
            .change_account(&order.account, |account| {
                account.approval = Approval::Rejected;
                account.rejecting = Some(rejecting);
            })
            .await;
        held.release();
    });
    assert_eq!(status, 204);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.approval, Approval::Rejected);
    assert!(account.rejecting.is_some());
    assert_eq!(function.at_google(&order.entitlement).1, 0);
    assert_eq!(function.changes(SIGNED_UP).await, 0);
}

pub(crate) async fn a_refusal_confirms_no_rejection(store: Store) {
    let function = TestFunction::start(store).await;
    let id = function.rejected(None).await;
    function.simulator.approve_account(&id).unwrap();
    let rejection = Matcher::procurement().path(":reject");
    let faults = function.simulator.faults();
    faults.always(rejection, Fault::status(400));
    // The operator rejected it two days ago, and Google hears of it only now.
    let begun = Timestamp::now();
    for _ in 0..2 {
        function.round().await;
        let account = function.account(&id).await.unwrap();
        assert_eq!(account.approval, Approval::Rejected);
        let rejecting = account.rejecting.unwrap();
        assert_eq!(rejecting.confirmed, None);
        let refused = rejecting.refused.unwrap();
        assert!(refused >= begun - SignedDuration::from_secs(1), "{refused}");
    }
    function
        .change_account(&id, |account| {
            account.rejecting.as_mut().unwrap().refused = Some(minutes_ago(11));
        })
        .await;
    function.round().await;
    function.was_overruled(&id).await;
}
