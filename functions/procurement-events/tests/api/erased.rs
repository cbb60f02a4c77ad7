//! Personal data of closed accounts.

use jiff::{SignedDuration, Timestamp};
use marketplace::{ProcurementAccountId, UserIdentity};
use marketplace_simulator::Matcher;
use serde_json::json;
use store::{Approval, Closed, Commit, EraseHold, JournalKind, Link, Rejecting, Store};

use crate::deletions::account_deleted;
use crate::function::{EventsSetup, TestFunction, soon};
use crate::personal_data::ERASED;
use crate::results::types;

fn ago(hours: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_hours(hours)
}

fn days_ago(days: i64) -> Timestamp {
    ago(24 * days)
}

pub(crate) async fn a_closed_account_is_erased_after_a_month(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(2).await;
    for order in &orders {
        function.leave_personal_data(order).await;
    }
    let (due, kept) = (&orders[0].account, &orders[1].account);
    function.closed_since(due, days_ago(31)).await;
    function.closed_since(kept, days_ago(29)).await;
    let asked = Matcher::procurement().path(due.as_str());
    let before = function.simulator.calls().count(&asked);
    function.round().await;
    // Google was asked once more.
    let after = function.simulator.calls().count(&asked);
    assert_eq!(after, before + 1);

    assert!(function.is_erased(due).await);
    assert_eq!(function.personal_data(due).await, (0, 0, 0));
    let account = function.account(due).await.unwrap();
    assert_eq!((account.company, account.closed.is_some()), (None, true));
    let receipts = function.journal(due, JournalKind::AccountErased).await;
    assert_eq!(receipts.len(), 1);
    let details = &receipts[0].details;
    for (name, value) in [
        ("links", "1"),
        ("sessions", "1"),
        ("texts", "1"),
        ("complete", "true"),
        ("because", "absent"),
        ("asked_for", "false"),
    ] {
        assert_eq!(details[name], value, "{name}");
    }
    let copies: Timestamp = details["copies_until"].parse().unwrap();
    assert!(copies > Timestamp::now());

    assert!(!function.is_erased(kept).await);
    assert_eq!(function.personal_data(kept).await, (1, 1, 1));
    let account = function.account(kept).await.unwrap();
    assert_eq!(account.company.as_deref(), Some("Example"));
    // It is done and published once.
    function.round().await;
    assert!(function.is_erased(due).await);
}

pub(crate) async fn without_a_delay_a_closed_account_is_erased_in_the_next_round(store: Store) {
    let setup = EventsSetup::over(store).with("ERASE_AFTER", "0");
    let function = setup.start().await;
    let orders = function.customers(4).await;
    let (absent, deleted) = (&orders[0].account, &orders[1].account);
    function.lose_account(absent, 25).await;
    function.count_anew().await;
    function.round().await;
    function.lose(deleted.as_str());
    let message = account_deleted(deleted, Some(Timestamp::now()));
    assert_eq!(function.deliver(&message).await, 204);
    for id in [absent, deleted] {
        assert!(function.account(id).await.unwrap().is_closed());
        assert!(!function.is_erased(id).await);
    }
    function.round().await;
    for id in [absent, deleted] {
        assert!(function.is_erased(id).await);
        let last = ["portico.account.closed", "portico.access.ended", ERASED];
        assert_eq!(types(&function.told(id)[2..]), last);
    }
}

pub(crate) async fn an_operator_holds_erasing_back_or_asks_for_it(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(3).await;
    let [kept, asked, both] = [0, 1, 2].map(|place: usize| &orders[place].account);
    function.closed_since(kept, days_ago(31)).await;
    function.closed_since(asked, ago(1)).await;
    function.closed_since(both, ago(1)).await;
    for id in [asked, both] {
        let now = Some(Timestamp::now());
        function
            .change_account(id, |account| account.erase_asked = now)
            .await;
    }
    let hold_until = async |id: &ProcurementAccountId, hours: i64| {
        let hold = EraseHold {
            until: ago(-hours),
            by: "operator@example.com".to_owned(),
        };
        function
            .change_account(id, |account| account.erase_hold = Some(hold))
            .await;
    };
    hold_until(kept, 24).await;
    hold_until(both, 24).await;
    function.round().await;
    assert!(!function.is_erased(kept).await);
    assert!(function.is_erased(asked).await);
    assert!(!function.is_erased(both).await);
    let receipts = function.journal(asked, JournalKind::AccountErased).await;
    assert_eq!(receipts[0].details["asked_for"], "true");
    // The holds have ended an hour ago.
    hold_until(kept, -1).await;
    hold_until(both, -1).await;
    function.round().await;
    for id in [kept, both] {
        assert!(function.is_erased(id).await);
        assert_eq!(function.account(id).await.unwrap().erase_hold, None);
    }
}

pub(crate) async fn google_is_asked_once_more_before_anything_is_erased(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(2).await;
    let (found, deleted) = (&orders[0].account, &orders[1].account);
    for id in [found, deleted] {
        function.closed_since(id, days_ago(31)).await;
    }
    // Google has one of them after all, and is about to delete the other one.
    function.simulator.faults().clear();
    let provider = &function.simulator.settings().provider;
    let resource = format!("accounts/{deleted}");
    let description = json!({
        "name": format!("providers/{provider}/{resource}"),
        "state": "ACCOUNT_DELETED",
    });
    function.describe(&resource, description);
    function.round().await;
    assert!(function.is_open(found).await);
    assert!(!function.is_erased(found).await);
    let last = ["portico.account.reopened", "portico.access.granted"];
    assert_eq!(types(&function.told(found)[2..]), last);
    assert!(function.is_erased(deleted).await);
}

pub(crate) async fn a_thousand_links_are_erased_in_several_commits(store: Store) {
    let function = TestFunction::start(store).await;
    let order = function.customers(2).await.remove(0);
    let id = &order.account;
    let stored = function.store.links_of(id, soon()).await.unwrap();
    let first = stored.into_iter().next().unwrap().record;
    for hundred in 0..10_u32 {
        let mut commit = Commit::new();
        for number in 0..100_u32 {
            let user = UserIdentity::parse(format!("9{hundred:010}{number:010}")).unwrap();
            commit = commit.put(Link {
                user,
                ..first.clone()
            });
        }
        function.store.commit(commit, soon()).await.unwrap();
    }
    assert_eq!(function.personal_data(id).await.0, 1_001);
    function.closed_since(id, days_ago(31)).await;
    function.round().await;
    assert!(function.is_erased(id).await);
    let receipts = function.journal(id, JournalKind::AccountErased).await;
    let erased = receipts.iter().map(|line| line.details["links"].as_str());
    let erased: Vec<u32> = erased.map(|links| links.parse().unwrap()).collect();
    assert!(erased.len() > 2, "{erased:?}");
    assert_eq!(erased.iter().sum::<u32>(), 1_001, "{erased:?}");
    let complete = receipts
        .iter()
        .filter(|line| line.details["complete"] == "true");
    assert_eq!(complete.count(), 1);
}

pub(crate) async fn what_was_rejected_stays_rejected(store: Store) {
    let function = TestFunction::start(store).await;
    function.customers(3).await;
    let orders = [(); 2].map(|()| function.simulator.buy());
    for order in &orders {
        function.begin_sign_up(order).await;
        function.simulator.reject_account(&order.account).unwrap();
    }
    function.reconcile().await;
    // One by Portico's operator, the other one at Google.
    let rejecting = Rejecting {
        since: days_ago(40),
        confirmed: Some(days_ago(40)),
        refused: None,
    };
    function
        .change_account(&orders[0].account, |account| {
            account.rejecting = Some(rejecting);
        })
        .await;
    for order in &orders {
        function.lose_account(&order.account, 25).await;
    }
    function.count_anew().await;
    function.round().await;
    for order in &orders {
        let account = function.account(&order.account).await.unwrap();
        let closed = account.closed.unwrap();
        assert_eq!(account.approval, Approval::Rejected);
        let at = days_ago(31);
        function
            .change_account(&order.account, |account| {
                account.closed = Some(Closed { at, ..closed });
            })
            .await;
    }
    function.round().await;
    for order in &orders {
        assert!(function.is_erased(&order.account).await);
        assert_eq!(function.approval(&order.account).await, Approval::Rejected);
    }
    function.find_again();
    function.reconcile().await;
    for order in &orders {
        let account = function.account(&order.account).await.unwrap();
        assert!(!account.is_closed());
        assert_eq!(account.approval, Approval::Rejected);
        assert_eq!(function.at_google(&order.entitlement).1, 0);
    }
}

/// The address is the vendor's own, and no personal data. If the customer comes back, Portico may enable again what it
/// has disabled itself, and nothing else.
pub(crate) async fn which_service_account_was_disabled_is_known_after_erasing(store: Store) {
    let function = TestFunction::start(store).await;
    let id = function.customers(2).await.remove(0).account;
    let email = function.give_service_account(&id).await;
    function.closed_since(&id, days_ago(31)).await;
    function.round().await;
    function.round().await;
    assert!(function.is_erased(&id).await);
    let account = function.account(&id).await.unwrap();
    let kept = account.service_account.unwrap();
    assert_eq!((kept.email, kept.disabled.is_some()), (email.clone(), true));
    assert_eq!(function.times_disabled(&email), 1);
}
