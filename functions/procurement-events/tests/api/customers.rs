//! Customers whose orders are in force.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState as State, ProcurementAccountId};
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Entitlement, Record};

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

    /// So many new customers with an order in force each, found by reconciliation: no message about them has arrived.
    pub(crate) async fn customers(&self, count: usize) -> Vec<Order> {
        let mut orders = Vec::new();
        for _ in 0..count {
            let order = self.simulator.buy();
            self.begin_sign_up(&order).await;
            orders.push(order);
        }
        self.reconcile().await;
        for order in &orders {
            assert!(self.is_open(&order.account).await);
            assert!(self.is_in_force(&order.entitlement).await);
        }
        orders
    }

    /// Stores an account otherwise: so tests make time pass.
    pub(crate) async fn change_account(
        &self,
        id: &ProcurementAccountId,
        change: impl FnOnce(&mut Account),
    ) {
        let mut account = self.account(id).await.unwrap();
        change(&mut account);
        self.put(&account).await;
    }

    /// Stores an order otherwise.
    pub(crate) async fn change_order(
        &self,
        id: &EntitlementId,
        change: impl FnOnce(&mut Entitlement),
    ) {
        let mut order = self.entitlement(id).await.unwrap();
        change(&mut order);
        self.put(&order).await;
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

    pub(crate) async fn is_in_force(&self, id: &EntitlementId) -> bool {
        let order = self.entitlement(id).await.unwrap();
        order.state == State::Active && order.deleted.is_none()
    }
}
