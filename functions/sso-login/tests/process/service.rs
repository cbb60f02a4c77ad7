//! The program serves customers, and what it logs of them.

use std::collections::BTreeMap;
use std::time::Duration;

use function_tests::customer_program::Customer;
use function_tests::emulator;
use function_tests::program::Environment;
use jiff::Timestamp;
use marketplace::{Deadline, Role};
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Link};

use crate::program::PROGRAM;

/// Stores what sign-up leaves of the customer who bought this, in the program's store.
pub(crate) async fn register(order: &Order, environment: &Environment) {
    let earlier = Timestamp::from_second(1_700_000_000).unwrap();
    let account = Account {
        id: order.account.clone(),
        approval: Approval::Approved,
        company: None,
        service_account: None,
        created: earlier,
        updated: earlier,
        deleted: None,
        touched: None,
    };
    let link = Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: BTreeMap::new(),
        roles: vec![Role::AccountAdmin],
        orders: Vec::new(),
        first_seen: earlier,
        last_seen: earlier,
    };
    let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
    let soon = Deadline::after(Duration::from_secs(20));
    let commit = Commit::new().create(&account).create(&link);
    store.commit(commit, soon).await.unwrap();
}

async fn registered() -> Customer {
    let customer = Customer::who_bought().await;
    register(&customer.order, &customer.environment).await;
    customer
}

#[tokio::test]
async fn a_customer_is_known_after_a_restart() {
    let customer = registered().await;
    let claims = PROGRAM.knows_its_customer_after_a_restart(&customer).await;
    assert_eq!(claims["purpose"], "login");
}

#[tokio::test]
async fn the_log_is_json_with_the_trace_and_without_secrets() {
    PROGRAM
        .logs_its_trace_and_no_secret(&registered().await)
        .await;
}
