//! Customers as sign-up and the Marketplace's events leave them in the store.

use std::collections::BTreeMap;

use function_tests::visited::soon;
use jiff::{SignedDuration, Timestamp};
use marketplace::{
    EntitlementId, EntitlementState, PlanId, ProcurementAccountId, Role, UserIdentity,
};
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Entitlement, Link, Stored};

use crate::function::TestFunction;

/// Long ago.
pub(crate) fn earlier() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

/// An account in this state.
pub(crate) fn account(id: &ProcurementAccountId, approval: Approval) -> Account {
    Account {
        id: id.clone(),
        approval,
        company: Some("Example & Söhne".to_owned()),
        service_account: None,
        created: earlier(),
        updated: earlier(),
        deleted: None,
        touched: None,
    }
}

/// The link that this buyer's sign-up made.
pub(crate) fn link_of(order: &Order) -> Link {
    let profile = [("name".to_owned(), "Ada Keller".to_owned())];
    Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: BTreeMap::from(profile),
        roles: vec![Role::AccountAdmin],
        orders: Vec::new(),
        first_seen: earlier(),
        last_seen: earlier(),
    }
}

/// An order as an event stored it, in this state (without its prefix).
pub(crate) fn entitlement(function: &TestFunction, order: &Order, state: &str) -> Entitlement {
    let product = function.simulator.settings().products.first().unwrap();
    Entitlement {
        id: order.entitlement.clone(),
        account: order.account.clone(),
        product: product.id.clone(),
        plan: Some(PlanId::parse("starter-plan").unwrap()),
        offer: None,
        state: EntitlementState::from(format!("ENTITLEMENT_{state}")),
        usage_reporting_id: None,
        create_time: earlier(),
        update_time: earlier(),
        subscription_end: None,
        starts: None,
        deleted: None,
    }
}

impl TestFunction {
    /// A customer who bought and signed up: account approved, buyer linked, order in force.
    pub(crate) async fn registered(&self) -> Order {
        let order = self.simulator.buy();
        let commit = Commit::new()
            .create(account(&order.account, Approval::Approved))
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
        let Stored {
            mut record,
            version,
        } = stored.unwrap();
        change(&mut record);
        self.stored(Commit::new().replace(&record, &version)).await;
    }

    /// Stores an account otherwise than it was.
    pub(crate) async fn change_account(
        &self,
        id: &ProcurementAccountId,
        change: impl FnOnce(&mut Account),
    ) {
        let stored = self.store.account(id, soon()).await.unwrap();
        let Stored {
            mut record,
            version,
        } = stored.unwrap();
        change(&mut record);
        self.stored(Commit::new().replace(&record, &version)).await;
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
