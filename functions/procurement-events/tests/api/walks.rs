//! One bad item does not keep the others from being compared.

use function_tests::log::Log;
use jiff::SignedDuration;
use marketplace::EntitlementState as State;
use serde_json::json;
use store::{Approval, Cursor, Store};

use crate::environment::{AUDIENCE, SCHEDULER};
use crate::function::{CANCELLED, REQUESTED, TOPIC, TestFunction, in_all, soon};
use crate::results::{alerts, types, warned};

impl TestFunction {
    async fn fails_to_reconcile(&self) {
        let token = self.simulator.identity_token(SCHEDULER, AUDIENCE);
        let answer = self.post("/reconcile", Some(&token), Vec::new());
        let (status, problem) = answer.await;
        assert_eq!(status, 503, "{problem}");
    }

    /// Where the round stands.
    async fn position(&self) -> Option<Cursor> {
        let cursor = self.store.cursor("reconcile", soon()).await.unwrap();
        cursor.map(|stored| stored.record)
    }
}

pub(crate) async fn past_items_that_cannot_be_read_a_round_goes_on(store: Store) {
    let function = TestFunction::start(store).await;
    let known = function.customers(1).await.remove(0);
    let missed = function.simulator.buy_again(&known.account);
    let unfinished = function.simulator.buy();
    function.begin_sign_up(&unfinished).await;
    let without_account = json!({
        "name": function.name_of("entitlements/E-1"),
        "productExternalName": "example",
        "state": "ENTITLEMENT_ACTIVE",
    });
    let missed_order = function.described_order(&missed.entitlement, &json!({}));
    let orders = json!({ "entitlements": [without_account, missed_order] });
    function.describe("entitlements", orders);
    let without_time = json!({
        "name": function.name_of("accounts/A-1"),
        "createTime": "yesterday",
    });
    let pending = function.described_account(&unfinished.account, "PENDING");
    let accounts = json!({ "accounts": [without_time, pending] });
    function.describe("accounts", accounts);

    let round = function.round().await;
    assert_eq!(in_all(&round, "unreadable"), 2, "{round:?}");
    assert_eq!(in_all(&round, "failed"), 0, "{round:?}");
    assert!(function.is_up_to_date(&missed.entitlement).await);
    assert_eq!(function.at_google(&missed.entitlement), (State::Active, 1));
    let approval = function.approval(&unfinished.account).await;
    assert_eq!(approval, Approval::Approved);
}

pub(crate) async fn an_order_whose_plan_cannot_be_read_is_followed(store: Store) {
    let function = TestFunction::start(store).await;
    let known = function.customers(1).await.remove(0);
    let orders = [(); 2].map(|()| function.simulator.buy_again(&known.account));
    let plan = json!({ "plan": "Pro\u{0}plan" });
    for order in &orders {
        function.change_at_google(&order.entitlement, &plan);
    }
    // The list has only the second one.
    function
        .acknowledges(REQUESTED, &orders[0].entitlement)
        .await;
    let round = function.round().await;
    assert_eq!(in_all(&round, "unreadable"), 0, "{round:?}");
    for order in &orders {
        let stored = function.entitlement(&order.entitlement).await.unwrap();
        assert_eq!(stored.plan, None);
        assert_eq!(function.at_google(&order.entitlement).1, 1);
    }
}

pub(crate) async fn a_product_that_is_served_no_more_is_followed_to_its_end(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store.clone()).await;
    let orders = function.customers(2).await;
    let variables = [
        (
            "PRODUCTS",
            "other.endpoints.example-partner.cloud.goog".to_owned(),
        ),
        ("EVENTS_TOPIC", TOPIC.to_owned()),
    ];
    let simulator = function.simulator.clone();
    let without = TestFunction::beside(simulator, store, &variables).await;
    without.round().await;
    let lines = alerts(&log, "product-removed");
    assert_eq!(lines.len(), 1, "{lines:?}");
    for order in &orders {
        assert!(without.is_open(&order.account).await);
        assert!(without.is_in_force(&order.entitlement).await);
        assert_eq!(without.told(&order.account).len(), 2);
        without.simulator.cancel(&order.entitlement).unwrap();
    }
    // By an event, and by reconciliation.
    without
        .acknowledges(CANCELLED, &orders[0].entitlement)
        .await;
    assert!(without.is_in_force(&orders[1].entitlement).await);
    without.round().await;
    for order in &orders {
        assert!(without.is_up_to_date(&order.entitlement).await);
        let told = without.told(&order.account);
        assert_eq!(types(&told[2..]), ["portico.access.ended"]);
    }
}

pub(crate) async fn a_list_that_google_does_not_give_for_long_keeps_no_other_part_waiting(
    store: Store,
) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    let order = function.customers(1).await.remove(0);
    function.simulator.cancel(&order.entitlement).unwrap();
    for list in ["accounts", "entitlements"] {
        function.describe(list, json!("nothing like a list"));
    }
    for part in ["google-accounts", "google-entitlements"] {
        // It may pass, so the round stays where it is, and be it there for long.
        for _ in 0..2 {
            function.fails_to_reconcile().await;
            let mut position = function.position().await.unwrap();
            assert_eq!(position.phase, part);
            assert!(position.failing_since.is_some());
            position.failing_since = None;
            position.updated -= SignedDuration::from_hours(1);
            function.put(&position).await;
        }
        function.fails_to_reconcile().await;
        assert_eq!(warned(&log, part, "error").len(), 0);
        assert!(function.is_in_force(&order.entitlement).await);
        let mut position = function.position().await.unwrap();
        let failing_since = position.failing_since.unwrap() - SignedDuration::from_mins(10);
        position.failing_since = Some(failing_since);
        position.updated = failing_since;
        function.put(&position).await;
        function.fails_to_reconcile().await;
        assert_eq!(warned(&log, part, "error").len(), 1);
    }
    // What is stored was compared, and the round is over.
    assert!(function.is_up_to_date(&order.entitlement).await);
    assert_eq!(function.position().await, None);
    let told = function.told(&order.account);
    assert_eq!(types(&told[2..]), ["portico.access.ended"]);
    // The next round asks for the lists again.
    function.find_again();
    assert_eq!(in_all(&function.round().await, "failed"), 0);
}
