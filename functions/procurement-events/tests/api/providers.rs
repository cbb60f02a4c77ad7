//! Whose store it is.

use jiff::Timestamp;
use marketplace::{EntitlementState as State, ProductId, ProviderId};
use marketplace_simulator::{Matcher, Order, Settings};
use serde_json::json;
use store::{Account, Entitlement, Store};

use crate::environment::{AUDIENCE, SCHEDULER};
use crate::function::{EventsSetup, TestFunction, soon};

/// A function of another provider, beside a Google that has nothing of ours.
async fn of_another_provider(store: &Store) -> TestFunction {
    let settings = Settings {
        provider: ProviderId::parse("other-partner").unwrap(),
        ..Settings::default()
    };
    let setup = EventsSetup::over(store.clone());
    setup.simulated(settings).start().await
}

impl TestFunction {
    async fn refuses_to_reconcile(&self) {
        let token = self.simulator.identity_token(SCHEDULER, AUDIENCE);
        let answer = self.post("/reconcile", Some(&token), Vec::new());
        let (status, problem) = answer.await;
        assert_eq!(status, 503, "{problem}");
        let code = r#""code":"other-provider""#;
        assert!(problem.contains(code), "{problem}");
    }

    async fn owner(&self) -> Option<String> {
        let deployment = self.store.deployment(soon()).await.unwrap();
        deployment.map(|stored| stored.record.provider.to_string())
    }

    async fn accounts_of(&self, orders: &[Order]) -> Vec<Account> {
        let mut accounts = Vec::new();
        for order in orders {
            accounts.push(self.account(&order.account).await.unwrap());
        }
        accounts
    }
}

pub(crate) async fn a_store_of_another_provider_is_left_alone(store: Store) {
    let ours = TestFunction::start(store.clone()).await;
    let orders = ours.customers(3).await;
    assert_eq!(ours.owner().await.as_deref(), Some("example-partner"));
    ours.lose_account(&orders[0].account, 25).await;
    ours.count_anew().await;
    let before = ours.accounts_of(&orders).await;
    let theirs = of_another_provider(&store).await;
    for _ in 0..3 {
        theirs.refuses_to_reconcile().await;
    }
    for order in &orders {
        let message = json!({
            "eventType": "ACCOUNT_DELETED",
            "eventId": order.account,
            "account": { "id": order.account, "updateTime": Timestamp::now() },
        });
        assert_eq!(theirs.deliver(&message).await, 503);
    }
    assert_eq!(theirs.simulator.calls().count(&Matcher::procurement()), 0);
    assert_eq!(ours.accounts_of(&orders).await, before);
    assert_eq!(ours.owner().await.as_deref(), Some("example-partner"));
}

pub(crate) async fn a_store_of_nobody_is_adopted_once_an_account_is_found(store: Store) {
    let ours = TestFunction::start(store.clone()).await;
    // As an earlier version has filled it.
    let orders = [(); 3].map(|()| ours.simulator.buy());
    for order in &orders {
        ours.begin_sign_up(order).await;
    }
    let before = ours.accounts_of(&orders).await;
    let theirs = of_another_provider(&store).await;
    for _ in 0..2 {
        theirs.refuses_to_reconcile().await;
    }
    assert_eq!(ours.owner().await, None);
    assert_eq!(ours.accounts_of(&orders).await, before);
    // Two of them are really gone.
    for order in &orders[..2] {
        ours.lose(order.account.as_str());
    }
    ours.round().await;
    assert_eq!(ours.owner().await.as_deref(), Some("example-partner"));
    assert!(ours.is_open(&orders[2].account).await);
    theirs.refuses_to_reconcile().await;
}

pub(crate) async fn a_store_of_nobody_without_an_account_that_is_looked_at_is_not_adopted(
    store: Store,
) {
    let ours = TestFunction::start(store).await;
    let orders = [(); 3].map(|()| ours.simulator.buy());
    let [closed, set_aside, found] = &orders;
    // An order in force, and a closed account.
    let product = ProductId::parse("example.endpoints.example-partner.cloud.goog").unwrap();
    let (order, owner, now) = (&closed.entitlement, &closed.account, Timestamp::now());
    let live = Entitlement::new(order, owner, &product, &State::Active, now);
    ours.put(&live).await;
    ours.refuses_to_reconcile().await;
    ours.begin_sign_up(closed).await;
    ours.change_account(&closed.account, |account| account.erased = Some(now))
        .await;
    ours.refuses_to_reconcile().await;
    // An account that was found under another provider.
    ours.begin_sign_up(set_aside).await;
    ours.change_account(&set_aside.account, |account| {
        account.provider = ProviderId::parse("other-partner").ok();
    })
    .await;
    ours.refuses_to_reconcile().await;
    assert_eq!(ours.owner().await, None);
    assert_eq!(ours.simulator.calls().count(&Matcher::procurement()), 0);
    ours.begin_sign_up(found).await;
    ours.round().await;
    assert_eq!(ours.owner().await.as_deref(), Some("example-partner"));
}
