//! What was bought: approved by policy, for the configured products alone.

use function_tests::records::{self, earlier};
use function_tests::visited::soon;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProductId};
use marketplace_simulator::{Activation, Buyer, Matcher, Product, Settings};
use store::{Approval, Commit, Entitlement};

use crate::function::{Left, Setup, TestFunction};

fn foreign() -> Product {
    Product {
        id: ProductId::parse("other.endpoints.example-partner.cloud.goog").unwrap(),
        ..Product::default()
    }
}

async fn access(function: &TestFunction, order: &marketplace_simulator::Order) -> String {
    // With a lifetime of its own, so that it is a new token in any second.
    let nth = function.simulator.calls().count(&Matcher::sign_jwt());
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let expires = claims.issued_at() + 300 - i64::try_from(nth).unwrap();
    let claims = claims.set("exp", expires);
    let token = function.simulator.sign(&claims);
    let page = function.browser().land(&token).await;
    let claims = function.claims(&page).await;
    claims["access"].as_str().unwrap().to_owned()
}

async fn stored_state(function: &TestFunction, id: &EntitlementId) -> Option<EntitlementState> {
    let stored = function.store.entitlement(id, soon()).await.unwrap();
    stored.map(|stored| stored.record.state)
}

pub(crate) async fn manual_policy_leaves_entitlements_to_the_operator(setup: Setup) {
    let (function, order) = setup
        .with("APPROVAL_POLICY", "manual")
        .start_with_customer()
        .await;
    assert_eq!(access(&function, &order).await, "pending");
    assert_eq!(access(&function, &order).await, "pending");
    let left = Left {
        orders_approved: 0,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&order.account).await, left);
    let approvals = Matcher::procurement().path("/entitlements/");
    assert_eq!(function.simulator.calls().count(&approvals), 0);
}

pub(crate) async fn an_entitlement_of_a_foreign_product_is_not_approved_nor_counted(setup: Setup) {
    let both = Settings {
        products: vec![Product::default(), foreign()],
        ..Settings::default()
    };
    let (function, order) = setup.simulated(both).start_with_customer().await;
    let plan = PlanId::parse("starter-plan").unwrap();
    let buyer = Buyer::Existing(order.account.clone());
    let other = function.simulator.purchase(buyer, &foreign().id, &plan);
    let other = other.unwrap().entitlement;
    function.simulator.approve_account(&order.account).unwrap();
    function.simulator.approve_entitlement(&other).unwrap();
    // The foreign one is live, the served one is not yet.
    assert_eq!(access(&function, &order).await, "pending");
    assert_eq!(stored_state(&function, &other).await, None);
    let served = function.simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(served.times_approved, 1);
    let other = Matcher::any().path(other.as_str());
    assert_eq!(function.simulator.calls().count(&other), 0);
}

pub(crate) async fn a_foreign_entitlement_that_waits_goes_on_waiting(setup: Setup) {
    let both = Settings {
        products: vec![Product::default(), foreign()],
        ..Settings::default()
    };
    let function = setup.simulated(both).start().await;
    let plan = PlanId::parse("starter-plan").unwrap();
    let order = function
        .simulator
        .purchase(Buyer::New, &foreign().id, &plan);
    let order = order.unwrap();
    assert_eq!(access(&function, &order).await, "pending");
    let left = Left {
        entitlements: 0,
        orders_approved: 0,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn an_order_of_a_plan_with_any_name_is_approved(setup: Setup) {
    let plan = PlanId::parse("Pro plan (annual)").unwrap();
    let mut settings = Settings::default();
    settings.products[0].plans[0].id = plan.clone();
    let (function, order) = setup.simulated(settings).start_with_customer().await;
    assert_eq!(access(&function, &order).await, "pending");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let stored = function.store.entitlement(&order.entitlement, soon());
    let stored = stored.await.unwrap().unwrap();
    assert_eq!(stored.record.plan, Some(plan));
}

pub(crate) async fn entitlements_of_several_pages_are_all_approved(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    for _ in 0..200 {
        function.simulator.buy_again(&order.account);
    }
    assert_eq!(access(&function, &order).await, "pending");
    let lists = Matcher::procurement().path("example-partner/entitlements");
    let calls = function.simulator.calls().matching(&lists);
    let lists = calls.iter().filter(|call| call.method == http::Method::GET);
    assert_eq!(lists.count(), 2);
    let left = Left {
        entitlements: 201,
        orders_approved: 201,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn an_entitlement_in_force_gives_live_access(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    function.simulator.approve_account(&order.account).unwrap();
    let bought = &order.entitlement;
    function.simulator.approve_entitlement(bought).unwrap();
    assert_eq!(access(&function, &order).await, "live");
    let state = stored_state(&function, bought).await;
    assert_eq!(state, Some(EntitlementState::Active));
    // Nothing waits, so nothing is approved; the operator was the one who did it.
    let approvals = Matcher::procurement().path(":approve");
    assert_eq!(function.simulator.calls().count(&approvals), 0);
}

pub(crate) async fn one_that_ended_takes_nothing_from_one_in_force(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    function.simulator.approve_account(&order.account).unwrap();
    let bought = &order.entitlement;
    function.simulator.approve_entitlement(bought).unwrap();
    let ended = function.simulator.buy_again(&order.account);
    function.simulator.cancel(&ended.entitlement).unwrap();
    assert_eq!(access(&function, &order).await, "live");
}

pub(crate) async fn entitlements_that_ended_give_no_access(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    function.simulator.cancel(&order.entitlement).unwrap();
    assert_eq!(access(&function, &order).await, "ended");
    let left = Left {
        orders_approved: 0,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&order.account).await, left);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.approval, Approval::Approved);
}

pub(crate) async fn an_activation_that_takes_its_time_is_no_failure(setup: Setup) {
    let slow = Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    };
    let (function, order) = setup.simulated(slow).start_with_customer().await;
    assert_eq!(access(&function, &order).await, "pending");
    assert_eq!(access(&function, &order).await, "pending");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn one_entitlement_that_google_refuses_does_not_hold_up_the_others(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let second = function.simulator.buy_again(&order.account);
    let ids = [&order.entitlement, &second.entitlement];
    for (refused, other) in [(ids[0], ids[1]), (ids[1], ids[0])] {
        let approval = Matcher::procurement().path(&format!("{refused}:approve"));
        let fault = marketplace_simulator::Fault::status(400);
        function.simulator.faults().always(approval, fault);
        assert_eq!(access(&function, &order).await, "pending");
        let approved = function.simulator.entitlement(other).unwrap();
        assert_eq!(approved.times_approved, 1);
        function.simulator.faults().clear();
    }
}

/// It was served when it was bought; an operator took it out of `PRODUCTS` since.
pub(crate) async fn an_order_of_a_product_that_is_not_served_any_more_gives_access(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    function.simulator.approve_account(&order.account).unwrap();
    let bought = function.simulator.entitlement(&order.entitlement).unwrap();
    let bought = Entitlement {
        product: foreign().id,
        state: EntitlementState::Active,
        ..records::entitlement(bought, earlier())
    };
    let account = records::account(&order, Approval::Approved, earlier());
    let known = Commit::new().create(&account).create(&bought);
    function.stored(known).await;
    assert_eq!(access(&function, &order).await, "live");
}
