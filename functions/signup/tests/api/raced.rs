//! Visits during which an event or another visit changes what is stored: everything is read again.

use function_tests::records::{earlier, entitlement};
use function_tests::wire::Answer;
use jiff::{SignedDuration, Timestamp};
use marketplace::Role;
use marketplace_simulator::{Fault, Matcher, Order};
use store::{Account, Commit};

use crate::function::{Left, Setup, TestFunction};
use crate::open_form::opened;

/// The answer to a visit that is signed only after this has happened.
async fn answer_while(
    function: &TestFunction,
    visit: impl Future<Output = Answer>,
    happens: impl Future<Output = ()>,
) -> Answer {
    let faults = function.simulator.faults();
    let held = faults.next(Matcher::sign_jwt(), Fault::hang());
    let (page, ()) = tokio::join!(visit, async {
        held.arrived().await;
        happens.await;
        held.release();
    });
    page
}

/// The event of the purchase comes, as procurement events store it: the order, and a time on its account.
async fn purchase_event(function: &TestFunction, order: &Order) {
    let bought = function.simulator.entitlement(&order.entitlement).unwrap();
    let bought = entitlement(bought, earlier());
    function.stored(Commit::new().create(&bought)).await;
    touch(function, order).await;
}

async fn touch(function: &TestFunction, order: &Order) {
    let later = Timestamp::now() + SignedDuration::from_secs(1);
    let touch = |account: &mut Account| account.touched = Some(later);
    function.change_account(&order.account, touch).await;
}

async fn is_signed_up(function: &TestFunction, page: &Answer, order: &Order) {
    assert_eq!(function.claims(page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_post_is_completed_although_an_event_stores_its_order_meanwhile(setup: Setup) {
    let (function, order, browser) = setup.start_with_browser().await;
    let event = purchase_event(&function, &order);
    let page = Box::pin(answer_while(&function, browser.arrive(&order), event)).await;
    is_signed_up(&function, &page, &order).await;
}

pub(crate) async fn a_form_is_completed_although_an_event_stores_its_order_meanwhile(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    let event = purchase_event(&function, &order);
    let page = Box::pin(answer_while(&function, form.submit(&browser), event)).await;
    is_signed_up(&function, &page, &order).await;
}

pub(crate) async fn a_sign_in_is_completed_although_an_event_stores_its_order_meanwhile(
    setup: Setup,
) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let event = purchase_event(&function, &order);
    let page = Box::pin(answer_while(
        &function,
        sign_in.by(&browser, &order.user),
        event,
    ))
    .await;
    is_signed_up(&function, &page, &order).await;
}

pub(crate) async fn a_colleague_is_linked_although_the_account_changes_meanwhile(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let roles = vec![Role::ProjectEditor];
    let user = function.simulator.add_user(&order.account, roles).unwrap();
    let colleague = Order { user, ..order };
    let browser = function.browser();
    let event = touch(&function, &colleague);
    let page = Box::pin(answer_while(&function, browser.arrive(&colleague), event)).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.outcome(), "handed-over");
    let left = function.left(&colleague.account).await;
    assert_eq!(left.links, 2);
}
