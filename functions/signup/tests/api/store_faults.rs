//! Firestore out of reach: at the start, in the middle, and between the two commits.

use std::time::Duration;

use function_tests::firestore_proxy::{FirestoreProxy, ReservedAddress};
use function_tests::records::account;
use function_tests::refused::Refused;
use function_tests::visited::soon;
use jiff::Timestamp;
use marketplace_simulator::{Fault, Matcher, Order};
use store::{Account, Approval, Commit, Entitlement};

use crate::function::{Left, Setup, TestFunction};
use crate::open_form::opened;

const UNAVAILABLE: Refused =
    Refused::new(503, "store-unavailable", "the store is not available: ").retry_after("5");

const COMPLETING: Refused = Refused::new(
    503,
    "registration-being-completed",
    "the account is recorded and not approved yet: ",
)
.retry_after("30");

fn setup_behind(gate: &FirestoreProxy) -> Setup {
    Setup::over(gate.store()).within(Duration::from_secs(8))
}

async fn ends_well(function: &TestFunction, order: &Order, token: &str) {
    function.claims(&function.browser().land(token).await).await;
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn a_store_that_is_down_at_the_start_is_a_503() {
    let closed = ReservedAddress::default();
    let setup = Setup::over(closed.store());
    let (function, order) = setup
        .within(Duration::from_secs(8))
        .start_with_customer()
        .await;
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, Some(&order));
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    let _gate = closed.open();
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    ends_well(&function, &order, &token).await;
}

#[tokio::test]
async fn a_store_that_goes_down_is_a_503() {
    let gate = FirestoreProxy::start();
    let function = setup_behind(&gate).start().await;
    let (first, order) = (function.buyer(), function.buyer());
    assert_eq!(function.browser().arrive(&first).await.status, 200);
    gate.close();
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, Some(&order));
    gate.open();
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    ends_well(&function, &order, &token).await;
}

#[tokio::test]
async fn a_store_that_goes_down_while_google_approves_is_completed_later() {
    let gate = FirestoreProxy::start();
    let (function, order) = setup_behind(&gate).start_with_customer().await;
    let token = function.buyers_token(&order);
    let approval = Matcher::procurement()
        .path("/accounts/")
        .method(http::Method::POST);
    let held = function.simulator.faults().next(approval, Fault::hang());
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.land(&token), async {
        held.arrived().await;
        gate.close();
        held.release();
    });
    COMPLETING.check(&function, &page, Some(&order));
    gate.open();
    let left = Left {
        accounts_approved: 1,
        ..Left::INTENT
    };
    assert_eq!(function.left(&order.account).await, left);
    ends_well(&function, &order, &token).await;
}

#[tokio::test]
async fn a_store_that_is_down_while_the_form_is_filled_in_loses_nothing_typed() {
    let gate = FirestoreProxy::start();
    let (function, order, browser, form) = opened(setup_behind(&gate).form()).await;
    gate.close();
    UNAVAILABLE.check(&function, &browser.get(&form.target()).await, None);
    UNAVAILABLE.check(&function, &form.submit(&browser).await, None);
    gate.open();
    // The browser sends the same form again when the page is reloaded.
    let claims = function.claims(&form.submit(&browser).await).await;
    assert_eq!(claims["unverified_profile"]["name"], "Ada Keller");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn a_hand_off_says_nothing_older_than_the_account_under_which_it_is_recorded() {
    let gate = FirestoreProxy::start();
    let function = setup_behind(&gate).start().await;
    let (simulator, order) = (&function.simulator, function.buyer());
    simulator.approve_account(&order.account).unwrap();
    simulator.approve_entitlement(&order.entitlement).unwrap();
    // Events of both have been stored.
    let bought = simulator.entitlement(&order.entitlement).unwrap();
    let account = account(&order, Approval::None, Timestamp::UNIX_EPOCH);
    let known = Commit::new().put(&account).put(entitlement(&bought));
    function.stored(known).await;
    let first_look = gate.hold("/BatchGetDocuments", "/documents/accounts/");
    let token = function.buyers_token(&order);
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.land(&token), async {
        let release = first_look.arrived().await;
        let second_look = gate.hold("/BatchGetDocuments", "/documents/accounts/");
        release.send(()).unwrap();
        let release = second_look.arrived().await;
        // What could be read beside the account has been read when Google has answered.
        let asked = Matcher::procurement().path("/entitlements");
        simulator.calls().answered(&asked, 1).await;
        simulator.cancel(&order.entitlement).unwrap();
        let cancelled = simulator.entitlement(&order.entitlement).unwrap();
        let stored = function.store.account(&order.account, soon()).await;
        let stored = stored.unwrap().unwrap();
        let touched = Account {
            touched: Some(cancelled.update_time),
            ..stored.record
        };
        let event = Commit::new().replace(&touched, &stored.version);
        let event = event.put(entitlement(&cancelled));
        function.stored(event).await;
        release.send(()).unwrap();
    });
    assert_eq!(function.claims(&page).await["access"], "ended");
}

/// What an event stores of it.
fn entitlement(it: &marketplace_simulator::Entitlement) -> Entitlement {
    let micros = |time: Timestamp| Timestamp::from_microsecond(time.as_microsecond()).unwrap();
    Entitlement {
        plan: Some(it.plan.clone()),
        update_time: micros(it.update_time),
        ..Entitlement::new(
            &it.id,
            &it.account,
            &it.product,
            &it.state,
            micros(it.create_time),
        )
    }
}
