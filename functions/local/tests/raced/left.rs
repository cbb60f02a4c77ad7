//! What is left of the customer in the end, here and at Google.

use std::collections::BTreeSet;

use function_tests::visited::{request_now, soon};
use marketplace_simulator::{Account as GoogleAccount, Entitlement as GoogleOrder};
use store::{Account, Approval};

use crate::news::{GRANTED, SIGNED_UP, news};
use crate::world::{Customer, World};

impl World {
    pub(crate) async fn account(&self) -> Account {
        let found = self.function.store.account(&self.order.account, soon());
        found.await.unwrap().expect("it is stored").record
    }

    pub(crate) fn account_at_google(&self) -> GoogleAccount {
        let found = self.function.simulator.account(&self.order.account);
        found.unwrap()
    }

    pub(crate) fn order_at_google(&self) -> GoogleOrder {
        let found = self.function.simulator.entitlement(&self.order.entitlement);
        found.unwrap()
    }

    /// Everything is approved, once, and the application knows; nobody is forgotten.
    pub(crate) async fn is_served(&self, customers: &[Customer], is_operators: bool) {
        assert_eq!(self.account().await.approval, Approval::Approved);
        assert_eq!(self.account_at_google().times_approved, 1);
        let order = self.order_at_google();
        assert!(order.state.is_live(), "{}", order.state.as_str());
        assert_eq!(order.times_approved, 1);
        let stored = self.function.store.entitlement(&order.id, soon()).await;
        let stored = stored.unwrap().expect("it is stored").record;
        assert_eq!(stored.state, order.state);
        self.is_linked(customers).await;
        self.has_no_open_session(customers).await;
        let news = news(&self.function.simulator);
        let tells = |kind: &str| news.iter().any(|told| told == kind);
        assert!(tells(GRANTED), "{news:?}");
        // Whom an operator approves before anybody came has not signed up.
        assert!(tells(SIGNED_UP) || is_operators, "{news:?}");
        assert!(news.len() <= 2, "{news:?}");
    }

    /// Every customer is linked, once. Without any it is the one who came before.
    async fn is_linked(&self, customers: &[Customer]) {
        let left = self.function.left(&self.order.account).await;
        let mut expected: BTreeSet<_> = customers.iter().map(|it| it.user.as_str()).collect();
        if expected.is_empty() {
            expected.insert(self.order.user.as_str());
        }
        assert_eq!(left.len(), expected.len());
        let left: BTreeSet<_> = left.iter().map(String::as_str).collect();
        assert_eq!(left, expected);
    }

    async fn has_no_open_session(&self, customers: &[Customer]) {
        for id in customers.iter().filter_map(|it| it.session.as_ref()) {
            let session = self.function.store.session(id, request_now()).await;
            let session = session.unwrap();
            let is_over = session.is_none_or(|session| session.record.completed.is_some());
            assert!(is_over, "a session was left open");
        }
    }
}
