//! Customers as sign-up and the events leave them in the store.

use function_tests::records::{account, entitlement, link};
pub(crate) use function_tests::visited::soon;
use jiff::Timestamp;
use marketplace::{EntitlementState, ProcurementAccountId, UserIdentity};
use marketplace_simulator::Simulator;
use serde_json::{Value, json};
use store::{Account, Approval, Commit, Entitlement, Link, Store};

/// A customer of whom everything can be changed before it is stored.
#[derive(Clone)]
pub(crate) struct TestCustomer {
    pub(crate) account: Account,
    pub(crate) link: Link,
    pub(crate) entitlement: Entitlement,
}

impl TestCustomer {
    /// One who bought, signed up, was approved, and has access.
    pub(crate) fn of(simulator: &Simulator) -> Self {
        let order = simulator.buy();
        let bought = simulator.entitlement(&order.entitlement).expect("an order");
        // Long ago, so that nothing of it is new; in whole seconds, which every store keeps.
        let then = Timestamp::now().as_second() - 7 * 24 * 3_600;
        let then = Timestamp::from_second(then).expect("a time");
        Self {
            account: account(&order, Approval::Approved, then),
            link: link(&order, then),
            entitlement: Entitlement {
                state: EntitlementState::Active,
                ..entitlement(bought, then)
            },
        }
    }

    pub(crate) fn id(&self) -> &ProcurementAccountId {
        &self.account.id
    }

    pub(crate) fn user(&self) -> &UserIdentity {
        &self.link.user
    }

    pub(crate) async fn store(&self, store: &Store) {
        let commit = Commit::new().put(&self.account).put(&self.link);
        let commit = commit.put(&self.entitlement);
        store.commit(commit, soon()).await.expect("the store works");
    }

    /// The least that the application sends.
    pub(crate) fn body(&self) -> Value {
        json!({ "account": self.id(), "user": self.user() })
    }
}
