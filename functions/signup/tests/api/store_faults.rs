//! Firestore out of reach: at the start, in the middle, and between the two commits.

use std::time::Duration;

use link_store::LinkStore;
use marketplace_simulator::{Fault, Matcher, Order};

use crate::emulator;
use crate::function::{Left, TestFunction};
use crate::open_form::OpenForm;
use crate::refused::Refused;
use crate::setup::Setup;
use crate::tunnel::{Closed, Tunnel};

const UNAVAILABLE: Refused = Refused {
    status: 503,
    code: "store-unavailable",
    retry_after: Some("5"),
    error: "sign up: record the sign-up: ",
};

const COMPLETING: Refused = Refused {
    status: 503,
    code: "registration-being-completed",
    retry_after: Some("30"),
    error: "sign up: finish the approval: ",
};

fn store_at(address: std::net::SocketAddr) -> LinkStore {
    emulator::store(&emulator::new_project(), &address.to_string())
}

fn setup_behind(tunnel: &Tunnel) -> Setup {
    Setup::over(store_at(tunnel.address)).within(Duration::from_secs(8))
}

async fn ends_well(function: &TestFunction, order: &Order, token: &str) {
    let page = function.browser().land(token).await;
    function.claims(&page).await;
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

#[tokio::test]
async fn a_store_that_is_down_at_the_start_is_a_503() {
    let closed = Closed::new();
    let setup = Setup::over(store_at(closed.address()));
    let function = setup.within(Duration::from_secs(8)).start().await;
    let order = function.buyer();
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, Some(&order));
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    let _tunnel = closed.open();
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    ends_well(&function, &order, &token).await;
}

#[tokio::test]
async fn a_store_that_goes_down_is_a_503() {
    let tunnel = Closed::new().open();
    let function = setup_behind(&tunnel).start().await;
    let (first, order) = (function.buyer(), function.buyer());
    assert_eq!(function.browser().sign_up(&first).await.status, 200);
    tunnel.close();
    let token = function.buyers_token(&order);
    let page = function.browser().land(&token).await;
    UNAVAILABLE.check(&function, &page, Some(&order));
    tunnel.open();
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    ends_well(&function, &order, &token).await;
}

#[tokio::test]
async fn a_store_that_goes_down_while_google_approves_is_completed_later() {
    let tunnel = Closed::new().open();
    let function = setup_behind(&tunnel).start().await;
    let order = function.buyer();
    let token = function.buyers_token(&order);
    let approval = Matcher::procurement()
        .path("/accounts/")
        .method(http::Method::POST);
    let held = function.simulator.faults().next(approval, Fault::hang());
    let browser = function.browser();
    let (page, ()) = tokio::join!(browser.land(&token), async {
        held.arrived().await;
        tunnel.close();
        held.release();
    });
    COMPLETING.check(&function, &page, Some(&order));
    tunnel.open();
    let left = Left {
        accounts_approved: 1,
        ..Left::INTENT
    };
    assert_eq!(function.left(&order.account).await, left);
    ends_well(&function, &order, &token).await;
}

#[tokio::test]
async fn a_store_that_is_down_while_the_form_is_filled_in_loses_nothing_typed() {
    let tunnel = Closed::new().open();
    let function = setup_behind(&tunnel).form().start().await;
    let order = function.buyer();
    let browser = function.browser();
    let form = OpenForm::opened_by(&browser, &order).await;
    tunnel.close();
    UNAVAILABLE.check(&function, &browser.get(&form.target()).await, None);
    UNAVAILABLE.check(&function, &form.submit(&browser).await, None);
    tunnel.open();
    // The browser sends the same form again when the page is reloaded.
    let page = form.submit(&browser).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["unverified_profile"]["name"], "Ada Keller");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}
