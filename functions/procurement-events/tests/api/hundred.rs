//! What Google does not find of a hundred customers.

use jiff::Timestamp;
use store::{ClosedBecause, Store};

use crate::absences::absence;
use crate::brake::lose_everything;
use crate::function::TestFunction;

const CUSTOMERS: usize = 100;

pub(crate) async fn one_of_a_hundred_that_stays_absent_is_closed_and_no_other(store: Store) {
    let function = TestFunction::start(store).await;
    let mut orders = function.customers(CUSTOMERS).await;
    let gone = orders.remove(37);
    let mut before = Vec::new();
    for order in &orders {
        before.push(function.account(&order.account).await);
    }
    // Not before it has been absent for a day.
    function.lose_account(&gone.account, 23).await;
    function.count_anew().await;
    function.round().await;
    assert!(function.is_open(&gone.account).await);
    let since = absence(25);
    function
        .change_account(&gone.account, |account| account.absent = Some(since))
        .await;
    function.round().await;
    let closed = function.account(&gone.account).await.unwrap().closed;
    let closed = closed.unwrap();
    assert_eq!(closed.because, ClosedBecause::Absent);
    assert!(closed.at <= Timestamp::now());
    function.round().await;
    for (order, before) in orders.iter().zip(before) {
        assert_eq!(function.account(&order.account).await, before);
        assert!(function.is_in_force(&order.entitlement).await);
    }
    for kind in ["portico.account.closed", "portico.access.ended"] {
        assert_eq!(function.changes(kind).await, 1, "{kind}");
    }
}

pub(crate) async fn of_a_hundred_that_are_all_absent_nobody_is_closed(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(CUSTOMERS).await;
    lose_everything(&function);
    for order in &orders {
        function
            .change_account(&order.account, |account| account.absent = Some(absence(25)))
            .await;
        function
            .change_order(&order.entitlement, |order| order.absent = Some(absence(25)))
            .await;
    }
    function.count_anew().await;
    for _ in 0..2 {
        function.round().await;
    }
    for order in &orders {
        assert!(function.is_open(&order.account).await);
        assert!(function.is_in_force(&order.entitlement).await);
    }
    for kind in ["portico.account.closed", "portico.access.ended"] {
        assert_eq!(function.changes(kind).await, 0, "{kind}");
    }
}
