//! Customers as sign-up and the Marketplace's events leave them in the store.

use function_tests::records::{self, earlier};
use function_tests::visited::soon;
use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementId, EntitlementState, PlanId, Role, UserIdentity};
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Entitlement, Link};

use crate::function::TestFunction;

/// The account of this order's customer, in this state.
pub(crate) fn account(order: &Order, approval: Approval) -> Account {
    records::account(order, approval, earlier())
}

/// The link that this buyer's sign-up made.
pub(crate) fn link_of(order: &Order) -> Link {
    Link {
        profile: [("name".to_owned(), "Ada Keller".to_owned())].into(),
        roles: vec![Role::AccountAdmin],
        ..records::link(order, earlier())
    }
}

/// An order as an event stored it, in this state (without its prefix).
pub(crate) fn entitlement(function: &TestFunction, order: &Order, state: &str) -> Entitlement {
    let product = function.simulator.settings().products.first().unwrap();
    Entitlement {
        plan: Some(PlanId::parse("starter-plan").unwrap()),
        ..Entitlement::new(
            &order.entitlement,
            &order.account,
            &product.id,
            &EntitlementState::from(format!("ENTITLEMENT_{state}")),
            earlier(),
        )
    }
}

impl TestFunction {
    /// A customer who bought and signed up: account approved, buyer linked, order in force.
    pub(crate) async fn registered(&self) -> Order {
        let order = self.simulator.buy();
        let commit = Commit::new()
            .create(account(&order, Approval::Approved))
            .create(link_of(&order))
            .create(entitlement(self, &order, "ACTIVE"));
        self.stored(commit).await;
        order
    }

    /// A registered customer with two orders to choose from.
    pub(crate) async fn with_two_orders(&self) -> [Order; 2] {
        let order = self.registered().await;
        let other = self.bought_again(&order, Some("ACTIVE")).await;
        [order, other]
    }

    /// One more order of this customer, stored in this state; `None` leaves it unknown to the store.
    pub(crate) async fn bought_again(&self, order: &Order, state: Option<&str>) -> Order {
        let user = order.user.clone();
        let again = Order {
            user,
            ..self.simulator.buy_again(&order.account)
        };
        if let Some(state) = state {
            self.store_order(&again, state).await;
        }
        again
    }

    /// Stores an order that was not.
    pub(crate) async fn store_order(&self, order: &Order, state: &str) {
        let entitlement = entitlement(self, order, state);
        self.stored(Commit::new().create(&entitlement)).await;
    }

    /// Stores an order otherwise than it was.
    pub(crate) async fn change_order(
        &self,
        id: &EntitlementId,
        change: impl FnOnce(&mut Entitlement),
    ) {
        let stored = self.store.entitlement(id, soon()).await.unwrap();
        self.change(stored.unwrap(), change).await;
    }

    /// A colleague of this buyer, who was never here.
    pub(crate) fn colleague(&self, order: &Order, roles: Vec<Role>) -> Order {
        let user: UserIdentity = self.simulator.add_user(&order.account, roles).unwrap();
        Order {
            user,
            ..order.clone()
        }
    }

    /// Another token for the same user, `seconds` younger, so that the tokens differ.
    pub(crate) fn another_token(&self, order: &Order, seconds: i64) -> String {
        let later = Timestamp::now() + SignedDuration::from_secs(seconds);
        let claims = self.simulator.token_claims(&order.account, &order.user);
        self.simulator.sign(&claims.set("iat", later.as_second()))
    }
}
