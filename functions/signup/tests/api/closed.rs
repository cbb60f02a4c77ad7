//! Accounts that were closed, and customers who sign up for them again.

use function_tests::records::{earlier, entitlement, link};
use function_tests::visited::soon;
use jiff::{SignedDuration, Timestamp};
use marketplace_simulator::Order;
use store::{Account, Approval, Closed, ClosedBecause, Commit, EraseHold, JournalKind};

use crate::function::{Left, Setup};
use crate::other_provider::give_to;
use crate::refusals::{CLOSED, REJECTED, account, store};

/// In microseconds, which every store keeps.
fn seconds_from_now(seconds: i64) -> Timestamp {
    let then = Timestamp::now() + SignedDuration::from_secs(seconds);
    Timestamp::from_microsecond(then.as_microsecond()).unwrap()
}

/// Closed then, with everything that an operator may have said about it.
fn closed(order: &Order, approval: Approval, at: Timestamp) -> Account {
    let because = ClosedBecause::Deleted;
    Account {
        closed: Some(Closed { at, because }),
        erase_hold: Some(EraseHold {
            until: seconds_from_now(86_400),
            by: "operator@example.com".to_owned(),
        }),
        erase_asked: Some(at),
        ..account(order, approval, None)
    }
}

pub(crate) async fn a_closed_account_is_reopened_by_a_newer_token(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let before = closed(&order, Approval::None, seconds_from_now(-60));
    store(&function, &before).await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.outcome(), "signed-up");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let account = function.account(&order.account).await.unwrap();
    assert!(!account.is_closed());
    assert_eq!((account.erase_hold, account.erase_asked), (None, None));
    assert_eq!(account.company.as_deref(), Some("Before"));
    assert_eq!(account.created, earlier());
    assert!(account.opened > before.closed.map(|closed| closed.at));
}

pub(crate) async fn a_closed_account_is_not_reopened_by_an_older_token(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let before = closed(&order, Approval::None, seconds_from_now(5));
    store(&function, &before).await;
    let page = function.browser().arrive(&order).await;
    CLOSED.check(&function, &page, Some(&order));
    assert_eq!(function.account(&order.account).await, Some(before));
}

pub(crate) async fn a_rejected_account_stays_rejected_when_it_was_closed_and_erased(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let before = Account {
        erased: Some(seconds_from_now(-30)),
        ..closed(&order, Approval::Rejected, seconds_from_now(-60))
    };
    store(&function, &before).await;
    let page = function.browser().arrive(&order).await;
    REJECTED.check(&function, &page, Some(&order));
    assert_eq!(function.account(&order.account).await, Some(before));
}

pub(crate) async fn an_account_that_is_reopened_keeps_the_order_of_its_news(setup: Setup) {
    let (function, order) = setup.with_events_topic().start_with_customer().await;
    // The clock of whoever closed it was fast.
    let fast = seconds_from_now(3600);
    let before = Account {
        touched: Some(fast),
        ..closed(&order, Approval::None, seconds_from_now(-60))
    };
    store(&function, &before).await;
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let news = function.simulator.published().all();
    let sequence = news[0].json()["sequence"].clone();
    let last = format!("{:020}", fast.as_microsecond());
    assert!(sequence.as_str() > Some(last.as_str()), "{sequence}");
    let account = function.account(&order.account).await.unwrap();
    assert!(account.touched > Some(fast));
}

/// A deletion that Google announced before is older than the sign-up, and closes nothing.
pub(crate) async fn every_sign_up_says_when_it_was_and_for_which_provider(setup: Setup) {
    let function = setup.start().await;
    give_to(&function, function.simulator.settings().provider.clone()).await;
    let since = seconds_from_now(-1);
    for approval in [Approval::None, Approval::Approving, Approval::Approved] {
        let order = function.buyer();
        store(&function, &account(&order, approval, None)).await;
        let page = function.browser().arrive(&order).await;
        function.claims(&page).await;
        let account = function.account(&order.account).await.unwrap();
        assert!(account.opened > Some(since), "{account:?}");
        let provider = &function.simulator.settings().provider;
        assert_eq!(account.provider.as_ref(), Some(provider));
    }
}

pub(crate) async fn a_known_user_is_no_new_one_when_the_account_is_reopened(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let before = closed(&order, Approval::None, seconds_from_now(-60));
    store(&function, &before).await;
    // Nothing has been erased yet.
    let known = link(&order, earlier());
    function.stored(Commit::new().create(&known)).await;
    let page = function.browser().arrive(&order).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["new_user"], false);
    assert_eq!(claims["unverified_profile"]["name"], "Ada");
    let stored = function.link(&order.account, &order.user).await.unwrap();
    assert_eq!(stored.first_seen, earlier());
}

pub(crate) async fn what_stayed_in_force_is_granted_again_when_the_account_is_reopened(
    setup: Setup,
) {
    let (function, order) = setup.with_events_topic().start_with_customer().await;
    let simulator = &function.simulator;
    simulator.approve_account(&order.account).unwrap();
    simulator.approve_entitlement(&order.entitlement).unwrap();
    let bought = simulator.entitlement(&order.entitlement).unwrap();
    let changed = bought.update_time;
    let before = closed(&order, Approval::None, seconds_from_now(-60));
    store(&function, &before).await;
    let commit = Commit::new().create(entitlement(bought, changed));
    function.stored(commit).await;
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let news = function.simulator.published().all().into_iter();
    let news: Vec<_> = news.map(|message| message.json()).collect();
    let types: Vec<_> = news.iter().map(|news| news["type"].as_str()).collect();
    let expected = ["portico.account.signed-up", "portico.access.granted"];
    assert_eq!(types, expected.map(Some));
    assert_eq!(
        news[1]["data"]["entitlement"],
        order.entitlement.to_string()
    );
}

pub(crate) async fn a_sign_up_that_reopens_an_account_is_in_the_journal(setup: Setup) {
    let function = setup.start().await;
    let [reopened, new] = [function.buyer(), function.buyer()];
    let before = closed(&reopened, Approval::None, seconds_from_now(-60));
    store(&function, &before).await;
    for (order, lines) in [(&reopened, 1), (&new, 0)] {
        let page = function.browser().arrive(order).await;
        function.claims(&page).await;
        let journal = function.store.journal_of(&order.account, soon());
        let mut journal = journal.await.unwrap().records;
        journal.retain(|line| line.record.kind == JournalKind::AccountReopened);
        assert_eq!(journal.len(), lines);
        let mut because = journal.iter().map(|line| &line.record.details["because"]);
        assert!(because.all(|because| because == "signed-up"));
    }
}
