//! Absences that are not believed although they have lasted: somebody has found the resource meanwhile.

use function_tests::records::earlier;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use marketplace::ProcurementAccountId;
use marketplace_simulator::{Fault, Matcher};
use store::{Account, Approval, Commit, JournalKind, Store};

use crate::function::{ACTIVE, TestFunction, soon};

/// More closed accounts than are read at once to find one that Google has.
const CLOSED: usize = 101;

/// Reads of single accounts at Google.
fn account_reads() -> Matcher {
    Matcher::procurement()
        .method(Method::GET)
        .path("/accounts/")
}

pub(crate) async fn an_account_that_is_found_while_its_absence_is_confirmed_stays_open(
    store: Store,
) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let id = &orders[0].account;
    function.lose_account(id, 25).await;
    function.count_anew().await;
    // The other three are read to be compared, and one of them because this one is to be closed.
    let faults = function.simulator.faults();
    let held = faults.always(account_reads(), Fault::hang());
    tokio::join!(function.round(), async {
        held.arrived_times(4).await;
        function
            .change_account(id, |account| account.absent = None)
            .await;
        held.release();
    });
    assert!(function.is_open(id).await);
    assert_eq!(function.told(id).len(), 2);
    let lines = function.journal(id, JournalKind::AccountClosed).await;
    assert_eq!(lines, []);
}

pub(crate) async fn an_order_that_is_found_while_its_absence_is_confirmed_stays_in_force(
    store: Store,
) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let order = &orders[0];
    function.lose_order(&order.entitlement, 25).await;
    function.count_anew().await;
    // Each account is read to be compared, and then one because this order is to be ended.
    let faults = function.simulator.faults();
    let held = faults.nth(5, account_reads(), Fault::hang());
    tokio::join!(function.round(), async {
        held.arrived().await;
        function
            .change_order(&order.entitlement, |order| order.absent = None)
            .await;
        held.release();
    });
    assert!(function.is_in_force(&order.entitlement).await);
    assert_eq!(function.told(&order.account).len(), 2);
    let lines = function.journal(&order.account, JournalKind::OrderClosed);
    assert_eq!(lines.await, []);
}

pub(crate) async fn an_account_that_google_has_is_found_behind_many_closed_ones(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(4).await;
    let closed = (0..CLOSED).fold(Commit::new(), |commit, number| {
        // Before the ids that Google gives.
        let id = ProcurementAccountId::parse(format!("00000000-{number:04}")).unwrap();
        commit.put(Account {
            erased: Some(earlier()),
            ..Account::new(&id, Approval::None, earlier())
        })
    });
    function.store.commit(closed, soon()).await.unwrap();
    let id = &orders[0].account;
    function.lose_account(id, 25).await;
    function.count_anew().await;
    function.round().await;
    assert!(function.account(id).await.unwrap().is_closed());
}

pub(crate) async fn what_stays_unknown_is_asked_for_during_an_hour(store: Store) {
    let (function, order) = TestFunction::with_order(store).await;
    function.lose(order.entitlement.as_str());
    function.list_nothing();
    function.postpones(ACTIVE, &order.entitlement).await;
    for (minutes, left) in [(59, 1), (60, 0)] {
        let noted = function.events_with_outcome("absence-unconfirmed").await;
        let mut noted = noted.into_iter().next().unwrap();
        noted.handled = Timestamp::now() - SignedDuration::from_mins(minutes);
        function.put(&noted).await;
        function.round().await;
        let noted = function.events_with_outcome("absence-unconfirmed").await;
        assert_eq!(noted.len(), left, "{minutes}");
    }
}
