//! Customers whose orders are in force.

use jiff::Timestamp;
use marketplace::{EntitlementState as State, ProcurementAccountId};
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Record};

use crate::function::{ACTIVE, REQUESTED, TestFunction, soon};

impl TestFunction {
    pub(crate) async fn put(&self, record: impl Into<Record>) {
        let commit = Commit::new().put(record);
        self.store.commit(commit, soon()).await.unwrap();
    }

    /// A customer whose order is in force.
    pub(crate) async fn active_customer(&self) -> Order {
        let order = self.customer().await;
        for kind in [REQUESTED, ACTIVE] {
            self.acknowledges(kind, &order.entitlement).await;
        }
        let stored = self.entitlement(&order.entitlement).await.unwrap();
        assert_eq!(stored.state, State::Active);
        order
    }

    /// Stores the account as a sign-up at this moment leaves it.
    pub(crate) async fn signs_up_again(&self, id: &ProcurementAccountId) {
        let account = self.account(id).await.unwrap();
        let account = Account {
            approval: Approval::Approved,
            opened: Some(Timestamp::now()),
            absent: None,
            closed: None,
            ..account
        };
        self.put(&account).await;
    }

    pub(crate) async fn is_open(&self, id: &ProcurementAccountId) -> bool {
        let account = self.account(id).await.unwrap();
        !account.is_closed() && account.approval == Approval::Approved
    }
}
