//! What Google does not find for a while.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementId, EntitlementState as State, ProcurementAccountId};
use serde_json::{Value, json};
use store::{Absence, Commit, Document, Entitlement, Store};

use crate::function::{ACTIVE, CANCELLED, RENEWED, TestFunction, soon};

impl TestFunction {
    /// Google lists nothing any more. What it is asked for it finds.
    pub(crate) fn list_nothing(&self) {
        for list in ["accounts", "entitlements"] {
            self.describe(list, json!({}));
        }
    }

    /// Google has everything again.
    pub(crate) fn find_again(&self) {
        self.simulator.faults().clear();
        for list in ["accounts", "entitlements"] {
            self.describe_no_more(list);
        }
    }

    /// Google has not found this account for so many hours.
    pub(crate) async fn lose_account(&self, id: &ProcurementAccountId, hours: i64) {
        self.lose(id.as_str());
        self.list_nothing();
        self.change_account(id, |account| account.absent = Some(absence(hours)))
            .await;
    }

    /// Google has not found this order for so many hours.
    pub(crate) async fn lose_order(&self, id: &EntitlementId, hours: i64) {
        self.lose(id.as_str());
        self.list_nothing();
        self.change_order(id, |order| order.absent = Some(absence(hours)))
            .await;
    }

    /// A round that has no count of what is stored to go by, and leaves one.
    pub(crate) async fn count_anew(&self) -> Vec<Value> {
        let forgotten = Commit::new().delete(Document::cursor("reconcile-counted"));
        self.store.commit(forgotten, soon()).await.unwrap();
        self.round().await
    }
}

/// One that began so many hours ago.
pub(crate) fn absence(hours: i64) -> Absence {
    Absence {
        since: Timestamp::now() - SignedDuration::from_hours(hours),
        accepted: None,
    }
}

pub(crate) async fn an_absence_is_no_end(store: Store) {
    let function = TestFunction::start(store).await;
    let known = function.active_customer().await;
    let told = function.notifications();
    let unknown = function.simulator.buy_again(&known.account);
    for order in [&known, &unknown] {
        function.lose(order.entitlement.as_str());
        for kind in [CANCELLED, RENEWED] {
            function.postpones(kind, &order.entitlement).await;
        }
    }
    assert_eq!(function.entitlement(&unknown.entitlement).await, None);
    let stored = function.entitlement(&known.entitlement).await.unwrap();
    assert_eq!((&stored.state, stored.deleted), (&State::Active, None));
    // After a quarter of an hour the message is acknowledged, and still nothing has ended.
    let absence = stored.absent.unwrap();
    let stored = Entitlement {
        absent: Some(Absence {
            since: absence.since - SignedDuration::from_mins(15),
            ..absence
        }),
        ..stored
    };
    function.put(&stored).await;
    function.acknowledges(CANCELLED, &known.entitlement).await;
    assert_eq!(function.events_with_outcome("absent").await.len(), 1);
    assert_eq!(function.entitlement(&known.entitlement).await, Some(stored));
    // It heals.
    function.simulator.faults().clear();
    function.acknowledges(RENEWED, &known.entitlement).await;
    let stored = function.entitlement(&known.entitlement).await.unwrap();
    assert_eq!(stored.absent, None);
    assert!(function.is_up_to_date(&known.entitlement).await);
    assert_eq!(function.notifications(), told);
}

pub(crate) async fn an_account_s_absence_is_no_end(store: Store) {
    let function = TestFunction::start(store).await;
    let id = function.active_customer().await.account;
    let told = function.notifications();
    function.lose(id.as_str());
    for _ in 0..2 {
        let status = function
            .send_account_event("ACCOUNT_CREATION_REQUESTED", &id)
            .await;
        assert_eq!(status, 503);
    }
    assert!(function.is_open(&id).await);
    assert!(function.account(&id).await.unwrap().absent.is_some());
    function.simulator.faults().clear();
    function
        .acknowledges_account_event("ACCOUNT_CREATION_REQUESTED", &id)
        .await;
    assert_eq!(function.account(&id).await.unwrap().absent, None);
    assert_eq!(function.notifications(), told);
}

pub(crate) async fn an_absence_that_was_none_is_forgotten(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.lose(order.entitlement.as_str());
    function.postpones(ACTIVE, &order.entitlement).await;
    function.simulator.faults().clear();
    function.reconcile().await;
    assert!(function.is_up_to_date(&order.entitlement).await);
    function.lose(order.entitlement.as_str());
    function.postpones(RENEWED, &order.entitlement).await;
}
