//! Sign-up and purchase, in either order: the second one approves.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementState as State, PlanId, ProductId};
use marketplace_simulator::{
    Activation, Buyer, Matcher, OfferEnd, OfferTerm, PrivateOffer, Product, Settings,
};
use store::{Approval, Store};

use crate::function::{
    ACCEPTED, ACTIVE, CANCELLED, EventsSetup, REQUESTED, SIGNED_UP, TestFunction,
};

const PLAN_CHANGE_REQUESTED: &str = "ENTITLEMENT_PLAN_CHANGE_REQUESTED";

pub(crate) async fn a_purchase_before_the_sign_up_is_held(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert!(function.is_up_to_date(&order.entitlement).await);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.approval, Approval::None);
    assert!(account.touched.is_some());
    let posted = Matcher::procurement().method(http::Method::POST);
    assert_eq!(function.simulator.calls().count(&posted), 0);
    // Cancelled before anybody ever signed up: closed.
    function.simulator.cancel(&order.entitlement).unwrap();
    function.acknowledges(CANCELLED, &order.entitlement).await;
    let stored = function.entitlement(&order.entitlement).await.unwrap();
    assert_eq!(stored.state, State::Cancelled);
}

pub(crate) async fn a_purchase_after_the_sign_up_is_approved(store: Store) {
    let (function, first) = TestFunction::with_customer(store).await;
    let second = function.simulator.buy_again(&first.account);
    function.acknowledges(ACCEPTED, &second.entitlement).await;
    assert_eq!(function.at_google(&second.entitlement), (State::Active, 1));
    function.acknowledges(ACTIVE, &second.entitlement).await;
    assert!(function.is_up_to_date(&second.entitlement).await);
}

pub(crate) async fn an_unfinished_sign_up_is_finished_by_an_event(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.begin_sign_up(&order).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert_eq!(function.approval(&order.account).await, Approval::Approved);
    let at_google = function.simulator.account(&order.account).unwrap();
    assert_eq!(at_google.times_approved, 1);
    assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
}

pub(crate) async fn a_rejected_account_s_purchase_waits(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.begin_sign_up(&order).await;
    function.simulator.reject_account(&order.account).unwrap();
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert_eq!(function.approval(&order.account).await, Approval::Rejected);
    assert_eq!(function.at_google(&order.entitlement).1, 0);
}

pub(crate) async fn the_manual_policy_asks_for_patience_once(store: Store) {
    let setup = EventsSetup::over(store).with("APPROVAL_POLICY", "manual");
    let function = setup.start().await;
    let order = function.customer().await;
    for kind in [REQUESTED, ACCEPTED] {
        function.acknowledges(kind, &order.entitlement).await;
    }
    let at_google = function.simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(at_google.times_approved, 0);
    let said = at_google.message_to_user.unwrap();
    assert!(said.starts_with("We have received your order"), "{said}");
    let patched = Matcher::procurement().method(http::Method::PATCH);
    assert_eq!(function.simulator.calls().count(&patched), 1);
    // The operator decides, and that is followed.
    let simulator = &function.simulator;
    simulator.approve_entitlement(&order.entitlement).unwrap();
    function.acknowledges(ACTIVE, &order.entitlement).await;
    assert!(function.is_up_to_date(&order.entitlement).await);
}

pub(crate) async fn a_plan_change_is_approved_by_policy(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.begin_sign_up(&order).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    function.acknowledges(ACTIVE, &order.entitlement).await;
    let plan = PlanId::parse("standard-plan").unwrap();
    let (simulator, id) = (&function.simulator, &order.entitlement);
    simulator.request_plan_change(id, &plan).unwrap();
    function.acknowledges(PLAN_CHANGE_REQUESTED, id).await;
    let at_google = simulator.entitlement(id).unwrap();
    assert_eq!((at_google.state, &at_google.plan), (State::Active, &plan));
    function.acknowledges("ENTITLEMENT_PLAN_CHANGED", id).await;
    assert!(function.is_up_to_date(id).await);
    let changed = "portico.plan.changed".to_owned();
    assert!(function.notifications().contains(&changed));
}

pub(crate) async fn an_order_that_is_approved_and_not_active_yet_is_acknowledged(store: Store) {
    let settings = Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    };
    let function = EventsSetup::over(store).simulated(settings).start().await;
    let order = function.customer().await;
    for kind in [REQUESTED, ACCEPTED] {
        function.acknowledges(kind, &order.entitlement).await;
    }
    assert_eq!(
        function.at_google(&order.entitlement),
        (State::ActivationRequested, 1)
    );
    assert_eq!(function.notifications(), [SIGNED_UP]);
    function.simulator.advance(&order.entitlement).unwrap();
    function.acknowledges(ACTIVE, &order.entitlement).await;
    let expected = [SIGNED_UP, "portico.access.granted"];
    assert_eq!(function.notifications(), expected);
}

pub(crate) async fn an_operator_s_approval_at_google_is_stored(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.acknowledges(REQUESTED, &order.entitlement).await;
    function.simulator.approve_account(&order.account).unwrap();
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &order.account)
        .await;
    assert_eq!(function.approval(&order.account).await, Approval::Approved);
    assert_eq!(function.at_google(&order.entitlement).1, 1);
}

pub(crate) async fn another_product_is_acknowledged_and_not_stored(store: Store) {
    let foreign = Product {
        id: ProductId::parse("other.endpoints.example-partner.cloud.goog").unwrap(),
        ..Product::default()
    };
    let settings = Settings {
        products: vec![Product::default(), foreign.clone()],
        ..Settings::default()
    };
    let function = EventsSetup::over(store).simulated(settings).start().await;
    let own = function.customer().await;
    let buyer = Buyer::Existing(own.account.clone());
    let order = function
        .simulator
        .purchase(buyer, &foreign.id, &foreign.plans[0].id)
        .unwrap();
    function.acknowledges(REQUESTED, &order.entitlement).await;
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    function.reconcile().await;
    assert_eq!(function.entitlement(&order.entitlement).await, None);
    assert_eq!(function.at_google(&order.entitlement).1, 0);
}

pub(crate) async fn the_last_of_two_orders_ends_access(store: Store) {
    let (function, first) = TestFunction::with_customer(store).await;
    let second = function.simulator.buy_again(&first.account);
    for order in [&first, &second] {
        function.acknowledges(REQUESTED, &order.entitlement).await;
        function.acknowledges(ACTIVE, &order.entitlement).await;
    }
    for order in [&first, &second] {
        function.simulator.cancel(&order.entitlement).unwrap();
        function.acknowledges(CANCELLED, &order.entitlement).await;
    }
    let expected = [
        SIGNED_UP,
        "portico.access.granted",
        "portico.access.granted",
        "portico.order.ended",
        "portico.access.ended",
    ];
    assert_eq!(function.notifications(), expected);
    assert_eq!(function.published()[3]["data"]["access"], "live");
    assert_eq!(function.published()[4]["data"]["access"], "ended");
}

pub(crate) async fn the_manual_policy_names_the_plan_to_a_customer_who_waits_for_one(store: Store) {
    let setup = EventsSetup::over(store).with("APPROVAL_POLICY", "manual");
    let function = setup.start().await;
    let order = function.customer().await;
    let (simulator, id) = (&function.simulator, &order.entitlement);
    simulator.approve_entitlement(id).unwrap();
    function.acknowledges(ACTIVE, id).await;
    let plan = PlanId::parse("standard-plan").unwrap();
    simulator.request_plan_change(id, &plan).unwrap();
    function.acknowledges(PLAN_CHANGE_REQUESTED, id).await;
    let said = simulator.entitlement(id).unwrap().message_to_user.unwrap();
    assert!(said.contains("change your plan"), "{said}");
    assert!(!said.contains("registered"), "{said}");
}

pub(crate) async fn an_order_that_is_approved_and_begins_later_is_not_approved_again(store: Store) {
    let function = TestFunction::start(store).await;
    let product = Settings::default().products.remove(0);
    let start = Timestamp::now() + SignedDuration::from_hours(48);
    let offer = PrivateOffer {
        start: Some(start),
        term: OfferTerm::Months(12),
        at_end: OfferEnd::Cancels,
        quote: None,
    };
    let (simulator, plan) = (&function.simulator, PlanId::parse("standard-plan").unwrap());
    let order = simulator.accept_offer(Buyer::New, &product.id, &plan, offer);
    let order = order.unwrap();
    function.signed_up(&order).await;
    let id = &order.entitlement;
    function.acknowledges(REQUESTED, id).await;
    assert_eq!(function.at_google(id).1, 1);
    function.reconcile().await;
    let approvals = Matcher::procurement().path(&format!("{id}:approve"));
    assert_eq!(function.simulator.calls().count(&approvals), 1);
    assert!(function.is_up_to_date(id).await);
}
