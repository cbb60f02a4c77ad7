//! Logins during which the world changes, or Google is cut off.

use function_tests::wire::Answer;
use jiff::Timestamp;
use marketplace::{EntitlementState, Role};
use marketplace_simulator::{Fault, Matcher, Order};
use store::{Account, Approval, Commit, Document};

use crate::accounts::REJECTED;
use crate::function::{Setup, TestFunction};
use crate::order_list::opened;

/// More calls than a login makes.
const MANY: usize = 20;

/// A login in which this happens between reading and recording.
async fn log_in_while(
    function: &TestFunction,
    order: &Order,
    happens: impl Future<Output = ()>,
) -> Answer {
    let browser = function.browser();
    answer_while(function, browser.arrive(order), happens).await
}

/// The answer to a request that is signed only after this has happened.
async fn answer_while(
    function: &TestFunction,
    request: impl Future<Output = Answer>,
    happens: impl Future<Output = ()>,
) -> Answer {
    let faults = function.simulator.faults();
    let held = faults.next(Matcher::sign_jwt(), Fault::hang());
    let (page, ()) = tokio::join!(request, async {
        held.arrived().await;
        happens.await;
        held.release();
    });
    page
}

pub(crate) async fn an_account_rejected_during_a_login_is_not_let_in(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
    let reject = |account: &mut Account| account.approval = Approval::Rejected;
    let rejected = function.change_account(&order.account, reject);
    let page = Box::pin(log_in_while(&function, &colleague, rejected)).await;
    REJECTED.check(&function, &page, Some(&colleague));
    assert_eq!(function.link(&colleague).await, None);
}

/// As an event stores it: the order, and a time on its account.
pub(crate) async fn an_order_cancelled_during_a_login_is_not_named(setup: Setup) {
    let (function, order) = setup.with_orders().start_with_customer().await;
    let cancelled = async {
        let cancel = |stored: &mut store::Entitlement| {
            stored.state = EntitlementState::Cancelled;
        };
        function.change_order(&order.entitlement, cancel).await;
        let touch = |account: &mut Account| account.touched = Some(Timestamp::now());
        function.change_account(&order.account, touch).await;
    };
    let page = Box::pin(log_in_while(&function, &order, cancelled)).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims.get("order"), None);
    assert_eq!(claims["access"], "ended");
}

/// As every event leaves its account.
async fn touched(function: &TestFunction, order: &Order) {
    let touch = |account: &mut Account| account.touched = Some(Timestamp::now());
    function.change_account(&order.account, touch).await;
}

pub(crate) async fn an_order_is_opened_although_the_account_changes_meanwhile(setup: Setup) {
    let (function, [order, other], browser, list) = opened(setup).await;
    let choice = list.choose(&browser, other.entitlement.as_str());
    let page = Box::pin(answer_while(&function, choice, touched(&function, &order))).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["order"], other.entitlement.as_str());
}

pub(crate) async fn a_sign_in_is_completed_although_the_account_changes_meanwhile(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let back = sign_in.by(&browser, &order.user);
    let page = Box::pin(answer_while(&function, back, touched(&function, &order))).await;
    assert_eq!(function.claims(&page).await["verified_user"], true);
}

pub(crate) async fn a_link_erased_during_a_login_is_made_again_without_its_profile(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let erased = async {
        let link = Document::link(&order.account, &order.user);
        function.stored(Commit::new().delete(link)).await;
    };
    let page = Box::pin(log_in_while(&function, &order, erased)).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "linked");
    assert_eq!(claims.get("unverified_profile"), None);
    assert_eq!(claims["new_user"], true);
}

#[tokio::test]
async fn a_login_cut_off_at_any_call_is_completed_by_the_next_visit() {
    for n in 1..MANY {
        let (function, order) = Setup::memory().start_with_customer().await;
        let colleague = function.colleague(&order, vec![Role::AccountAdmin]);
        let token = function.buyers_token(&colleague);
        let faults = function.simulator.faults();
        let cut = faults.from_nth(n, Matcher::any(), Fault::cut());
        let page = function.browser().land(&token).await;
        assert!(matches!(page.status, 200 | 503), "{n}: {}", page.status);
        let hits = cut.hits();
        faults.clear();
        // On an instance that knows nothing of the first visit.
        let other = Setup::beside(&function).start().await;
        let claims = other.claims(&other.browser().land(&token).await).await;
        assert_eq!(claims["new_user"], true);
        assert_eq!(other.left(&order.account).await.links.len(), 2);
        if hits == 0 {
            assert!(n > 3, "a login makes more than {n} calls");
            return;
        }
    }
    panic!("a login makes fewer than {MANY} calls");
}
