//! Accounts of which nobody is let in.

use function_tests::environment::{APPLICATION, LISTING, SUPPORT};
use function_tests::refused::Refused;
use function_tests::stored::fingerprint;
use function_tests::wire::Answer;
use jiff::{SignedDuration, Timestamp};
use marketplace::ProviderId;
use marketplace_simulator::Order;
use store::{Account, Approval, Closed, ClosedBecause, Commit, Deployment, HandOffRecord};

use crate::customers::{account, link_of};
use crate::function::{Setup, TestFunction};

pub(crate) const REJECTED: Refused =
    Refused::new(403, "account-rejected", "the account was rejected");

/// A login of this buyer, which leaves everything as it was.
async fn refused(function: &TestFunction, order: &Order, refusal: Refused) -> Answer {
    let before = function.left(&order.account).await;
    let page = function.browser().arrive(order).await;
    refusal.check(function, &page, Some(order));
    assert_eq!(function.left(&order.account).await, before);
    function.nobody_was_handed_over();
    // Every one of these pages leads to the Marketplace and to a person.
    assert!(page.body.contains(&format!("href=\"{LISTING}\"")));
    assert!(page.body.contains(&format!("href=\"{SUPPORT}\"")));
    page
}

pub(crate) async fn the_page_of_an_unregistered_account_says_how_to_register(setup: Setup) {
    let function = setup.start().await;
    let order = function.simulator.buy();
    let unknown = Refused::new(403, "not-registered", "the account is not registered");
    let page = refused(&function, &order, unknown).await;
    assert!(page.body.contains("press the register button"));
}

pub(crate) async fn an_account_that_is_not_approved_is_under_way(setup: Setup) {
    let function = setup.start().await;
    let under_way = Refused::new(403, "approval-under-way", "the account is not approved yet");
    for approval in [Approval::None, Approval::Approving] {
        let order = function.simulator.buy();
        let account = account(&order, approval);
        function.stored(Commit::new().create(&account)).await;
        let page = refused(&function, &order, under_way).await;
        assert!(page.body.contains("is being set up with Google"));
        assert!(page.body.contains("less than an hour"));
    }
}

pub(crate) async fn a_rejected_account_is_asked_to_contact_us(setup: Setup) {
    let function = setup.start().await;
    let order = function.simulator.buy();
    let account = account(&order, Approval::Rejected);
    function.stored(Commit::new().create(&account)).await;
    let page = refused(&function, &order, REJECTED).await;
    assert!(page.body.contains("Please contact us"));
}

pub(crate) async fn the_page_of_a_closed_account_says_how_to_register_again(setup: Setup) {
    let function = setup.start().await;
    let closed = Refused::new(403, "account-deleted", "the account was closed");
    let close: fn(&mut Account, Timestamp) = |account, at| {
        let because = ClosedBecause::Absent;
        account.closed = Some(Closed { at, because });
    };
    // An earlier version closed and erased at once.
    let erase: fn(&mut Account, Timestamp) = |account, at| account.erased = Some(at);
    // Also with a token that is younger than the closing: only signing up reopens an account.
    for seconds in [-3600, 5] {
        let then = Timestamp::now() + SignedDuration::from_secs(seconds);
        for end in [close, erase] {
            let order = function.registered().await;
            let end = |account: &mut Account| end(account, then);
            function.change_account(&order.account, end).await;
            let page = refused(&function, &order, closed).await;
            assert!(page.body.contains("press the register button"));
        }
    }
}

pub(crate) async fn nobody_is_let_in_by_an_earlier_hand_off_or_link(setup: Setup) {
    let function = setup.start().await;
    let order = function.simulator.buy();
    let token = function.buyers_token(&order);
    let now = Timestamp::now();
    let replay = HandOffRecord {
        token: fingerprint(&token),
        jti: "jti-of-before".to_owned(),
        issued: now,
        expires: now + SignedDuration::from_secs(60),
        order: None,
        new_user: false,
        keep_until: now + SignedDuration::from_hours(1),
    };
    let commit = Commit::new()
        .create(account(&order, Approval::Rejected))
        .create(link_of(&order))
        .create(&replay);
    function.stored(commit).await;
    let page = function.browser().land(&token).await;
    REJECTED.check(&function, &page, Some(&order));
    function.nobody_was_handed_over();
}

pub(crate) async fn an_account_without_any_order_is_let_in(setup: Setup) {
    let function = setup.start().await;
    let order = function.simulator.buy();
    let account = account(&order, Approval::Approved);
    function.stored(Commit::new().create(&account)).await;
    let page = function.browser().arrive(&order).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["access"], "pending");
    assert_eq!(claims["aud"], APPLICATION);
}

pub(crate) async fn an_account_whose_last_order_google_moved_away_is_let_in_without_access(
    setup: Setup,
) {
    let function = setup.start().await;
    let order = function.simulator.buy();
    let account = Account {
        order_left: Some(Timestamp::now()),
        ..account(&order, Approval::Approved)
    };
    function.stored(Commit::new().create(&account)).await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(function.claims(&page).await["access"], "ended");
    // What is bought after that counts.
    let again = function.bought_again(&order, Some("ACTIVE")).await;
    let token = function.another_token(&again, 1);
    let page = function.browser().land(&token).await;
    assert_eq!(function.claims(&page).await["access"], "live");
}

pub(crate) async fn customers_are_let_in_although_the_store_belongs_to_another_provider(
    setup: Setup,
) {
    let (function, order) = setup.start_with_customer().await;
    let other = Deployment {
        provider: ProviderId::parse("other-partner").unwrap(),
        since: Timestamp::now(),
    };
    function.stored(Commit::new().put(&other)).await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(function.claims(&page).await["access"], "live");
}
