//! The program serves customers, and what it logs of them.

use function_tests::customers_program::ProgramsCustomer;
use function_tests::program::Environment;
use function_tests::visited::soon;
use function_tests::{emulator, records};
use jiff::Timestamp;
use marketplace_simulator::Order;
use store::{Approval, Commit};

use crate::program::PROGRAM;

/// Stores the buyer of this order as sign-up leaves it in the program's store.
pub(crate) async fn register(order: &Order, environment: &Environment) {
    let earlier = Timestamp::from_second(1_700_000_000).unwrap();
    let account = records::account(order, Approval::Approved, earlier);
    let link = records::link(order, earlier);
    let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
    let commit = Commit::new().create(&account).create(&link);
    store.commit(commit, soon()).await.unwrap();
}

/// A customer who bought and signed up.
async fn customer() -> ProgramsCustomer {
    let customer = ProgramsCustomer::start().await;
    register(&customer.order, &customer.environment).await;
    customer
}

#[tokio::test]
async fn a_customer_is_known_after_a_restart() {
    let customer = customer().await;
    let claims = customer.is_known_after_a_restart(PROGRAM, "/login").await;
    assert_eq!(claims["purpose"], "login");
}

#[tokio::test]
async fn the_log_is_json_with_the_trace_and_without_secrets() {
    let customer = customer().await;
    let logged = customer.is_logged_without_secrets(PROGRAM, "/login", "handed-over");
    logged.await;
}
