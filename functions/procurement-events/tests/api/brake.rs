//! Many absences at once: nothing is believed before an operator has accepted it.

use function_tests::emulator;
use function_tests::log::Log;
use jiff::Timestamp;
use marketplace_simulator::{Fault, Matcher};
use serde_json::json;
use store::Store;

use crate::function::TestFunction;
use crate::results::{alerts, types};

const ALERT: &str = "absence-brake";

pub(crate) async fn many_absent_accounts_wait_for_an_operator(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    let orders = function.customers(10).await;
    for order in &orders[..4] {
        function.lose_account(&order.account, 25).await;
    }
    function.count_anew().await;
    assert_eq!(alerts(&log, ALERT).len(), 0);
    for _ in 0..2 {
        function.round().await;
    }
    let lines = alerts(&log, ALERT);
    assert_eq!(lines.len(), 8);
    for line in lines {
        assert_eq!(line["reason"], "too-many-accounts-absent", "{line}");
        assert_eq!(line["absentAccounts"], 4, "{line}");
        assert_eq!(line["accounts"], 10, "{line}");
    }
    for order in &orders {
        assert!(function.is_open(&order.account).await);
    }
    for order in &orders[..2] {
        function
            .change_account(&order.account, |account| {
                account.absent.as_mut().unwrap().accepted = Some(Timestamp::now());
            })
            .await;
    }
    for _ in 0..2 {
        function.round().await;
    }
    for (place, order) in orders.iter().enumerate() {
        assert_eq!(function.is_open(&order.account).await, place >= 2);
    }
}

pub(crate) async fn many_absent_orders_wait_for_an_operator(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    let first = function.customers(1).await.remove(0);
    let account = &first.account;
    let others = (0..9).map(|_| function.simulator.buy_again(account).entitlement);
    let orders: Vec<_> = others.chain([first.entitlement.clone()]).collect();
    function.reconcile().await;
    let before = function.told(account).len();
    for order in &orders[..4] {
        function.lose_order(order, 25).await;
    }
    function.count_anew().await;
    function.round().await;
    let lines = alerts(&log, ALERT);
    assert_eq!(lines.len(), 4);
    for line in lines {
        assert_eq!(line["reason"], "too-many-orders-absent", "{line}");
        assert_eq!(line["absentOrders"], 4, "{line}");
        assert_eq!(line["orders"], 10, "{line}");
    }
    for order in &orders {
        assert!(function.is_in_force(order).await);
    }
    for order in &orders[..2] {
        function
            .change_order(order, |order| {
                order.absent.as_mut().unwrap().accepted = Some(Timestamp::now());
            })
            .await;
    }
    for _ in 0..2 {
        function.round().await;
    }
    for (place, order) in orders.iter().enumerate() {
        assert_eq!(function.is_in_force(order).await, place >= 2);
    }
    let told = function.told(account);
    assert_eq!(types(&told[before..]), ["portico.order.ended"; 2]);
}

pub(crate) async fn of_a_single_account_an_operator_decides(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    let id = function.customers(1).await.remove(0).account;
    function.lose_account(&id, 25).await;
    function.count_anew().await;
    for _ in 0..2 {
        function.round().await;
    }
    assert!(function.is_open(&id).await);
    assert_eq!(alerts(&log, ALERT).len(), 2);
    function
        .change_account(&id, |account| {
            account.absent.as_mut().unwrap().accepted = Some(Timestamp::now());
        })
        .await;
    function.round().await;
    assert!(function.account(&id).await.unwrap().is_closed());
}

/// From now on Google finds no account and no order, and lists none.
pub(crate) fn lose_everything(function: &TestFunction) {
    for one in ["accounts/", "entitlements/"] {
        let asked = Matcher::procurement().method(http::Method::GET).path(one);
        let faults = function.simulator.faults();
        faults.always(asked, Fault::status(404));
    }
    function.list_nothing();
}

pub(crate) async fn while_google_finds_nothing_nobody_is_closed(store: Store) {
    let function = TestFunction::start(store).await;
    let orders = function.customers(5).await;
    for order in &orders {
        function.lose_account(&order.account, 25).await;
        function.lose_order(&order.entitlement, 25).await;
    }
    lose_everything(&function);
    function.count_anew().await;
    for _ in 0..3 {
        function.round().await;
    }
    for order in &orders {
        assert!(function.is_open(&order.account).await);
        assert!(function.is_in_force(&order.entitlement).await);
        assert_eq!(function.told(&order.account).len(), 2);
    }
}

pub(crate) async fn without_another_account_that_is_found_nobody_is_closed(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    let orders = function.customers(5).await;
    let id = &orders[0].account;
    function.lose_account(id, 25).await;
    function.count_anew().await;
    // By the count one of five is absent; now they all are.
    lose_everything(&function);
    function.round().await;
    assert!(function.is_open(id).await);
    let reasons = alerts(&log, ALERT);
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0]["reason"], "no-other-account-found");
}

/// Stores an account that is one only by its place.
async fn put_unreadable(function: &TestFunction, project: &str, id: &str) {
    let database = format!("projects/{project}/databases/(default)");
    let host = emulator::host();
    let address = format!("http://{host}/v1/{database}/documents/accounts/{id}");
    let body = json!({ "fields": { "approval": { "stringValue": "unknown" } } });
    let request = function.client.patch(address).bearer_auth("owner");
    let request = request.header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

pub(crate) async fn accounts_that_cannot_be_read_count_as_absent(store: Store) {
    if matches!(store, Store::Memory(_)) {
        // Nobody else writes into it.
        return;
    }
    let (log, _capturing) = Log::capture("procurement-events");
    let project = emulator::new_project();
    let store = emulator::store(&project, &emulator::host());
    let function = TestFunction::start(store).await;
    let id = function.customers(10).await.remove(0).account;
    function.lose_account(&id, 25).await;
    for unreadable in ["unreadable-1", "unreadable-2", "unreadable-3"] {
        put_unreadable(&function, &project, unreadable).await;
    }
    function.count_anew().await;
    function.round().await;
    assert!(function.is_open(&id).await);
    let lines = alerts(&log, ALERT);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["reason"], "too-many-accounts-absent");
    assert_eq!(lines[0]["absentAccounts"], 1);
    assert_eq!(lines[0]["unreadableAccounts"], 3);
}
